"""The latest start from which a term still ends by a day: terms counted back from their end."""

from datetime import date, timedelta

from procedures.legal_time.calendar import Calendars
from procedures.legal_time.date_computation import Kind, ends_on
from procedures.legal_time.terms import Term, add_days, add_months

ONE = timedelta(days=1)


def latest_start(
    end: date, term: Term, calendars: Calendars, *, kind: Kind = "legal", calendar: str | None = None
) -> date:
    """The latest day (worked or not) on which a forward term may start and still be over by `end`.

    A legal term whose last day is off ends on the next working day, so it has to start that much earlier. `calendar`:
    "agency" or "general", as the deadline says. `date.min` where no day is early enough.

    >>> from procedures.legal_time.calendar import load_calendars
    >>> latest_start(date(2016, 12, 30), Term.parse("5 working days"), load_calendars())
    datetime.date(2016, 12, 23)
    """
    day = _counted_back(end, term, calendars, calendar)
    while day > date.min and _over(day, term, calendars, kind, calendar) > end:
        day -= ONE
    while day < date.max and _over(day + ONE, term, calendars, kind, calendar) <= end:
        day += ONE
    return day


def _over(day: date, term: Term, calendars: Calendars, kind: Kind, calendar: str | None) -> date:
    return ends_on(day, term, calendars, kind=kind, calendar=calendar) or date.max


def _counted_back(end: date, term: Term, calendars: Calendars, calendar: str | None) -> date:
    if term.unit == "working_days":
        chosen = calendars.general if calendar == "general" else calendars.agency
        return chosen.add_working_days(end, -term.amount)
    if term.unit in ("days", "weeks"):
        return add_days(end, -term.amount * (7 if term.unit == "weeks" else 1))
    return add_months(end, -term.amount * (12 if term.unit == "years" else 1))
