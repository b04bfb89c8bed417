"""The weekly digest of each person."""
