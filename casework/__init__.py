"""What an officer does: one module per verb, guards, one door, the outbox."""
