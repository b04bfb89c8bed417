"""Reads register files: workbooks, old encodings, headers, rows, comparison with known units. No database."""
