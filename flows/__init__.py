"""What the clock does: Prefect flows, the resident worker and the supervisor."""
