"""Letters that are one paper for many cases of a batch, and the batches themselves."""
