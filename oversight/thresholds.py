"""How far ahead a date counts as close. The only place where these numbers stand; every page and message reads them."""

from dataclasses import dataclass
from datetime import date

from procedures.legal_time.calendar import load_calendars


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Working days of offices (the agency calendar), counted from today. They are the office's choice, not the law's.

    `due_soon`: a case whose nearest date falls within so many days has the light "due soon".
    `upcoming`: the worklist's tab of dates within the next days.
    """

    due_soon: int = 10
    upcoming: int = 5


THRESHOLDS = Thresholds()


def due_soon_until(today: date) -> date:
    """The last day on which a date still counts as due soon."""
    return load_calendars().agency.add_working_days(today, THRESHOLDS.due_soon)


def upcoming_until(today: date) -> date:
    """The last of the next few days, whose dates make up a week's work."""
    return load_calendars().agency.add_working_days(today, THRESHOLDS.upcoming)


def upcoming_days() -> int:
    """How many working days the tab of upcoming dates looks ahead, for its label."""
    return THRESHOLDS.upcoming
