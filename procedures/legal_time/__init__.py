"""Calendars, terms, clocks and deadlines."""
