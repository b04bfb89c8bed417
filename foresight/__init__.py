"""Forecasts from an event log: how many open cases close by a day, and what would change it; knows no database."""
