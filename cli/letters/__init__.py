"""Commands on letters, batches and books."""
