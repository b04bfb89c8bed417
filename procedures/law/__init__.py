"""Citations by date, and unclear points of the law with their readings."""
