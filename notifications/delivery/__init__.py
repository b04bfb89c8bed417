"""Delivery of messages: channels, the queue, sending."""
