"""Supervision: status lights, late items, obstacles, workload, statistics, forecasts."""
