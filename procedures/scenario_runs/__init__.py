"""Scenario files of a procedure: reading, running in memory, and what of the procedure no scenario touches."""
