"""What the clock does: Prefect flows, the resident follower and the supervisor."""
