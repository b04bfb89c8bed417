"""Pages of cases and of lists of cases."""
