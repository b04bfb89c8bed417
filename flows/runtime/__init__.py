"""The processes of `coopcase run`: the worker, the Prefect server, the supervisor."""
