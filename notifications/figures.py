"""The week in figures for managers and leaders: by officer or district, by obstacle, what got better, what flowed."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from models.tables import case_rows, deadlines, obstacles
from notifications.recipients import Person
from procedures.calendar import load_calendars

SOON_WORKING_DAYS = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """Open cases of a group."""

    district: str
    officer_id: int | None
    open: int
    past_legal: int
    late: int
    due_soon: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """Open cases held up by one kind of obstacle."""

    district: str
    code: str
    cases: int
    overdue: int
    since: date


@dataclass(frozen=True, slots=True)
class Flow:
    """Cases from a first to a last day; `opening + opened - closed == closing` always holds."""

    district: str
    opening: int
    opened: int
    closed: int
    closing: int


@dataclass(frozen=True, slots=True)
class Better:
    """What was settled from a first to a last day."""

    district: str
    lifted: int
    met: int


class Figures:
    """The figures of every district from a day up to the eve of another; a person sees those of their own office."""

    def __init__(self, connection: Connection, first: date, day: date) -> None:
        last = day - timedelta(days=1)
        self.first, self.last = first, last
        self._standings = _standings(connection, day)
        self._blocked = _blocked(connection, day)
        self._flows = _flows(connection, first, last)
        lifted, met = _lifted(connection, first, last), _met(connection, first, last)
        self._better = [Better(code, lifted.get(code, 0), met.get(code, 0)) for code in sorted({*lifted, *met})]

    def standings(self, person: Person) -> list[Standing]:
        """By officer for a district, by district for the city; the worst first."""
        if person.district is None:
            mine = _summed(self._standings, lambda item: item.district, lambda key: (key, None))
        else:
            mine = [item for item in self._standings if item.district == person.district]
        return sorted(mine, key=lambda item: (-item.past_legal, -item.late, -item.open, item.district))

    def blocked(self, person: Person) -> list[Blocked]:
        """By obstacle, those that hold up most overdue cases first."""
        groups: dict[str, list[Blocked]] = defaultdict(list)
        for item in _within(self._blocked, person):
            groups[item.code].append(item)
        summed = [
            Blocked(
                "", code, sum(item.cases for item in found), sum(item.overdue for item in found),
                min(item.since for item in found),
            )
            for code, found in groups.items()
        ]  # fmt: skip
        return sorted(summed, key=lambda item: (-item.overdue, -item.cases, item.code))

    def flows(self, person: Person) -> list[Flow]:
        return _within(self._flows, person)

    def total(self, person: Person) -> Flow:
        found = self.flows(person)
        names = ("opening", "opened", "closed", "closing")
        return Flow("", *(sum(getattr(item, name) for item in found) for name in names))

    def better(self, person: Person) -> dict[str, int]:
        found = _within(self._better, person)
        settled = {"lifted": sum(item.lifted for item in found), "met": sum(item.met for item in found)}
        return {"closed": self.total(person).closed} | settled


def _within(items: Iterable[Any], person: Person) -> list[Any]:
    return [item for item in items if person.district in (None, item.district)]


def _summed(items: Iterable[Standing], key: Callable[[Standing], str], head: Callable[[str], Any]) -> list[Standing]:
    groups: dict[str, list[Standing]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    names = ("open", "past_legal", "late", "due_soon")
    return [
        Standing(*head(code), *(sum(getattr(item, name) for item in found) for name in names))
        for code, found in groups.items()
    ]


def _standings(connection: Connection, day: date) -> list[Standing]:
    row = case_rows.c
    soon_on = load_calendars().agency.add_working_days(day, SOON_WORKING_DAYS)
    past = row.legal_on < day
    late = and_(row.target_on < day, or_(row.legal_on.is_(None), row.legal_on >= day))
    soon = row.due_on.between(day, soon_on)
    found = (
        select(row.district_code, row.officer_id, func.count(), _sum(past), _sum(late), _sum(soon))
        .where(row.closed_on.is_(None))
        .group_by(row.district_code, row.officer_id)
    )
    return [Standing(*values) for values in connection.execute(found).tuples()]


def _blocked(connection: Connection, day: date) -> list[Blocked]:
    row = case_rows.c
    found = (
        select(
            row.district_code, obstacles.c.code, func.count(), _sum(row.due_on < day), func.min(obstacles.c.since_on)
        )
        .join(case_rows, row.id == obstacles.c.case_id)
        .where(obstacles.c.lifted_on.is_(None), row.closed_on.is_(None))
        .group_by(row.district_code, obstacles.c.code)
    )
    return [Blocked(*values) for values in connection.execute(found).tuples()]


def _flows(connection: Connection, first: date, last: date) -> list[Flow]:
    row = case_rows.c
    was_open = (row.opened_on < first) & or_(row.closed_on.is_(None), row.closed_on >= first)
    opened = row.opened_on.between(first, last)
    closed = row.closed_on.between(first, last)
    closing = (row.opened_on <= last) & or_(row.closed_on.is_(None), row.closed_on > last)
    found = select(row.district_code, *(_sum(item) for item in (was_open, opened, closed, closing)))
    grouped = found.group_by(row.district_code).order_by(row.district_code)
    return [Flow(*values) for values in connection.execute(grouped).tuples()]


def _lifted(connection: Connection, first: date, last: date) -> dict[str, int]:
    found = (
        select(case_rows.c.district_code, func.count())
        .join(obstacles, obstacles.c.case_id == case_rows.c.id)
        .where(obstacles.c.lifted_on.between(first, last))
        .group_by(case_rows.c.district_code)
    )
    return dict(connection.execute(found).tuples().all())


def _met(connection: Connection, first: date, last: date) -> dict[str, int]:
    found = (
        select(case_rows.c.district_code, func.count())
        .join(deadlines, deadlines.c.case_id == case_rows.c.id)
        .where(deadlines.c.status == "met", deadlines.c.ended_on.between(first, last))
        .group_by(case_rows.c.district_code)
    )
    return dict(connection.execute(found).tuples().all())


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
