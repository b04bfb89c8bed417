"""Pages for the heads of an office."""
