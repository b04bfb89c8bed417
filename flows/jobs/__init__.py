"""The scheduled work without Prefect."""
