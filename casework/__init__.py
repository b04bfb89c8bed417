"""Acts on cases: facts, projections and the outbox, written in one transaction; lists, staff and upkeep."""
