"""The office as an event log for the engine of forecasts: cases, their steps by day, and what binds them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from foresight.log import Case, EventLog, Visit
from foresight.worktime import Worked
from models.clock import HANOI
from oversight.case_histories import History, Spell
from rulebook.office_calendar import OfficeCalendars


def event_log(found: Sequence[History], today: date, towards: str | None = None) -> EventLog:
    """The log of these cases up to the end of `today`; steps are states, offices are districts.

    `found`: as `histories(connection, today)` reads them. `towards`: a fixed date of the programme
    (`conversion_done`); then the cases are those ever bound to it, from the day that bound them, and closed when they
    were released; one bound again is a case of its own (`REF#2`). Without it a case is closed when its file is, and
    `bound` says since when it has been bound to which dates. The log may be empty; times are days since its `origin`.
    """
    spells = [
        (item, number, spell)
        for item in found
        for number, spell in enumerate(item.bound.get(towards, ()) if towards else [Spell(item.opened, item.closed)], 1)
    ]
    origin = min((spell.since for _, _, spell in spells), default=today)
    cases, visits = [], []
    for item, number, spell in spells:
        one = _case(item, number, spell, origin, towards)
        cases.append(one)
        visits.extend(_visits(one.id, item.path, spell, origin))
    log = EventLog.of(origin, cases, visits)
    return log.until(log.day(today))


def end_of(day: date) -> datetime:
    """The instant at which a day is over in Viet Nam: what was recorded before it was known on that day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), HANOI)


def worked_days(connection: Connection, district: str | None = None, known_before: datetime | None = None) -> Worked:
    """The working days of a district's office (None: of the city's), for the engine's clock."""
    return OfficeCalendars(connection, known_before).of(district).agency.is_working


def _case(item: History, number: int, spell: Spell, origin: date, towards: str | None) -> Case:
    bound = {towards: spell} if towards else {name: spells[-1] for name, spells in item.bound.items()}
    return Case(
        item.ref if number == 1 else f"{item.ref}#{number}", _day(spell.since, origin),
        None if spell.until is None else _day(spell.until, origin), item.district,
        bound={name: _day(one.since, origin) for name, one in bound.items() if towards or one.until is None},
    )  # fmt: skip


def _visits(case: str, path: Iterable[tuple[str, date]], spell: Spell, origin: date) -> list[Visit]:
    """The steps from the one at which the case was when the spell began."""
    since, days, listed, at = spell.since, origin.toordinal(), [], ""
    for step, on in path:
        if on > since:
            listed.append(Visit(case, step, float(on.toordinal() - days)))
        else:
            at = step
    return [Visit(case, at, _day(since, origin)), *listed] if at else listed


def _day(on: date, origin: date) -> float:
    return float(on.toordinal() - origin.toordinal())
