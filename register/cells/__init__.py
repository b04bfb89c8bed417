"""Parsers of cell values; each returns a value and, where the cell is ambiguous, the code of a doubt."""
