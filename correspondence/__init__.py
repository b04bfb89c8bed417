"""The life of letters: drafted, signed, numbered, served; what comes in; many at once; the books."""
