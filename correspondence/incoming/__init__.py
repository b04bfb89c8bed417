"""Documents that come in, and the answers that are awaited."""
