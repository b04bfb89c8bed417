"""Pages of letters, batches, books and incoming documents."""
