"""The work of the clock, without Prefect."""
