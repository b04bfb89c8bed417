"""Procedure files: reading, checking, comparing, drawing, publishing."""
