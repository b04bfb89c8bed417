"""What we write: letters, messages, pages, words."""
