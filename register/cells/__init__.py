"""Cells as offices fill them, turned into values: what was understood, and what is in doubt."""
