"""The office as an event log for the engine of forecasts: cases, their steps by day, and what binds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

import numpy as np
from sqlalchemy import Connection

from foresight.log import EventLog, Floats, Ints, ends
from foresight.worktime import Worked
from models.clock import HANOI
from oversight.history_folding import History, Spell
from rulebook.office_calendar import OfficeCalendars


def event_log(
    found: Sequence[History], today: date, towards: str | None = None, paths: "Paths | None" = None
) -> EventLog:
    """The log of these cases up to the end of `today`; steps are states, offices are districts.

    `found`: as `histories(connection, today)` reads them. `towards`: a fixed date of the programme
    (`conversion_done`); then the cases are those ever bound to it, from the day that bound them, and closed when they
    were released; one bound again is a case of its own (`REF#2`). Without it a case is closed when its file is, and
    `bound` says since when it has been bound to which dates. The log may be empty; times are days since its `origin`.
    `paths`: those of `found`, where they are needed for several logs.
    """
    spells = [
        (place, number, spell[0], spell[1])
        for place, item in enumerate(found)
        for number, spell in enumerate(item.bound.get(towards, ()) if towards else [_whole(item)], 1)
    ]
    origin = min((since for _, _, since, _ in spells if since is not None), default=today.toordinal())
    owner = np.array([place for place, *_ in spells], dtype=np.int64)
    opened = _days([since for _, _, since, _ in spells], origin)
    closed = _days([until for *_, until in spells], origin)
    case, step, entered, steps = _visits(paths or Paths.of(found), owner, opened, closed, origin)
    left, following = ends(case, step, entered, closed)
    offices = sorted({found[place].district for place, *_ in spells})
    office = np.array([offices.index(found[place].district) for place, *_ in spells], dtype=np.int64)
    ids = tuple(found[at].ref if number == 1 else f"{found[at].ref}#{number}" for at, number, *_ in spells)
    bound = {towards: opened} if towards else _bound(found, origin)
    log = EventLog(
        date.fromordinal(origin), ids, opened, closed, np.full(len(ids), np.nan), tuple(offices), office, bound, steps,
        case, step, entered, left, following,
    )  # fmt: skip
    return log.until(log.day(today))


def end_of(day: date) -> datetime:
    """The instant at which a day is over in Viet Nam: what was recorded before it was known on that day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), HANOI)


def worked_days(connection: Connection, district: str | None = None, known_before: datetime | None = None) -> Worked:
    """The working days of a district's office (None: of the city's), for the engine's clock."""
    return OfficeCalendars(connection, known_before).of(district).agency.is_working


def _whole(item: History) -> Spell:
    return [item.opened, item.closed]


def _bound(found: Sequence[History], origin: int) -> dict[str, Floats]:
    """By fixed date: since when each case has been bound to it."""
    names = sorted({name for item in found for name in item.bound if item.is_bound(name)})
    return {
        name: _days([item.bound[name][-1][0] if item.is_bound(name) else None for item in found], origin)
        for name in names
    }


@dataclass(frozen=True, eq=False)
class Paths:
    """The steps of some histories one after another: a city has hundreds of thousands, so columns and not objects.

    `lengths`: how many each history has. `code`: by step the place of its name in `names`. `days`: ordinals.
    """

    names: tuple[str, ...]
    lengths: Ints
    code: Ints
    days: Floats

    @classmethod
    def of(cls, found: Sequence[History]) -> "Paths":
        numbers: dict[str, int] = {"": 0}
        lengths = np.array([len(item.days) for item in found], dtype=np.int64)
        names = chain.from_iterable(item.steps for item in found)
        code = np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
        days = np.array(list(chain.from_iterable(item.days for item in found)), dtype=np.float64)
        return cls(tuple(numbers), lengths, code, days)


def _visits(
    paths: Paths, owner: Ints, opened: Floats, closed: Floats, origin: int
) -> tuple[Ints, Ints, Floats, tuple[str, ...]]:
    """The steps of each spell from the one at which its case was when the spell began: spell, step, day, names.

    `owner`: the place of the history of each spell.
    """
    lengths, code, days = paths.lengths, paths.code, paths.days - origin
    count, first = lengths[owner], (np.cumsum(lengths) - lengths)[owner]
    case = np.repeat(np.arange(len(owner)), count)
    row = np.arange(len(case)) + np.repeat(first - np.cumsum(count) + count, count)
    before = days[row] <= opened[case]
    passed = before & np.append(before[1:] & (case[1:] == case[:-1]), np.zeros(min(len(case), 1), dtype=bool))
    entered = np.maximum(days[row], opened[case])
    kept = ~passed & ~(entered >= closed[case])
    case, step, entered = case[kept], code[row][kept], entered[kept]
    nowhere = np.setdiff1d(np.arange(len(owner)), case[entered == opened[case]])  # released on the day it began
    case, step = np.append(nowhere, case), np.append(np.zeros_like(nowhere), step)
    entered = np.append(opened[nowhere], entered)
    order = np.lexsort((entered, case))
    return case[order], *_in_order_of_first(step[order], entered[order], paths.names)


def _in_order_of_first(step: Ints, entered: Floats, names: tuple[str, ...]) -> tuple[Ints, Floats, tuple[str, ...]]:
    """Steps numbered in the order in which they appear."""
    there, first, number = np.unique(step, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return np.argsort(order)[number], entered, tuple(names[at] for at in there[order])


def _days(ordinals: Sequence[int | None], origin: int) -> Floats:
    return np.array([np.nan if on is None else on for on in ordinals], dtype=np.float64) - origin
