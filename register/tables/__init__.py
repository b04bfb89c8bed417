"""Reads the tables of a sheet: every line becomes a unit or a skipped line with its reason."""
