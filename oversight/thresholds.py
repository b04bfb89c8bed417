"""The thresholds for "due soon" and "upcoming"; every page and message reads these."""

from dataclasses import dataclass
from datetime import date

from procedures.legal_time.calendar import load_calendars


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Working days (AGENCY calendar) counted from today, set by the office and not by law.

    `due_soon`: a case whose nearest date is within so many days has the light "due soon".
    `upcoming`: the worklist's tab of dates within the next days, and the legal limits of the week on the home page.
    `press`: another body or person who has not answered after so many days is to be pressed, where no day was named.
    """

    due_soon: int = 10
    upcoming: int = 5
    press: int = 10


THRESHOLDS = Thresholds()


def due_soon_until(today: date) -> date:
    """Return the last day on which a date counts as due soon."""
    return load_calendars().agency.add_working_days(today, THRESHOLDS.due_soon)


def upcoming_until(today: date) -> date:
    """Return the last day of the tab of upcoming dates."""
    return load_calendars().agency.add_working_days(today, THRESHOLDS.upcoming)


def press_on(since: date, named_on: date | None = None) -> date:
    """Return the day on which to press another who is awaited `since`; the named day where there is one."""
    return named_on or load_calendars().agency.add_working_days(since, THRESHOLDS.press)


def upcoming_days() -> int:
    """Return how many working days the tab of upcoming dates covers, for its label."""
    return THRESHOLDS.upcoming
