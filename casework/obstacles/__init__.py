"""Obstacles of cases across the office: whom each waits for, what was tried, and when to try again."""
