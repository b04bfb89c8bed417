"""Messages on their way out: channels, the queue, sending."""
