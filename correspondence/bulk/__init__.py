"""Many letters as one batch."""
