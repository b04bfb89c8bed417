"""Pages of what an office has settled."""
