"""Scheduled work: Prefect flows, their jobs, the resident worker and the supervisor."""
