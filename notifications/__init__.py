"""Messages: digests, reminders, notices, each written once, and their delivery."""
