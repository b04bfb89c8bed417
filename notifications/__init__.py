"""How news leaves: digests, the ladder, the sent-once ledger, channels."""
