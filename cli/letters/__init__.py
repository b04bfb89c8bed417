"""Commands for letters, batches and registers."""
