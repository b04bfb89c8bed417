"""Calendars are made anew for every file of tests: what one has kept in memory proves nothing about another."""

import pytest

from procedures.legal_time.calendar import load_calendars


@pytest.fixture(autouse=True, scope="module")
def _fresh_calendars() -> None:
    load_calendars.cache_clear()
