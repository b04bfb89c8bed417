"""Papers that people sign in ink and number in books on paper."""
