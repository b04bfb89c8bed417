"""What belongs to a case beside its facts: notes, instructions of the heads, documents that no act brought in."""
