"""One act on many cases: a line for each case, a column for each field; looked at first, then all or none."""
