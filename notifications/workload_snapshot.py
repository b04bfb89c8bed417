"""Where every office stands on a day: open cases by officer, obstacles by kind; kept from week to week."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from models.tables import case_rows, day_runs, obstacles
from notifications.recipients import Person
from procedures.legal_time.calendar import load_calendars

SOON_WORKING_DAYS = 10
LEDGER, KEPT = "weekly_reminders", "standing"  # the duty that keeps it, and where among what it came to


@dataclass(frozen=True, slots=True)
class Standing:
    """Open cases of a group; of a whole district also how many nobody has."""

    district: str
    officer_id: int | None
    open: int
    past_legal: int
    late: int
    due_soon: int
    unassigned: int = 0


@dataclass(frozen=True, slots=True)
class Blocked:
    """Open cases held up by one kind of obstacle."""

    district: str
    code: str
    cases: int
    overdue: int
    since: date


@dataclass(frozen=True, slots=True)
class Picture:
    """All offices on a day; a person sees their own."""

    every_standing: tuple[Standing, ...]
    every_blocked: tuple[Blocked, ...]

    def standings(self, person: Person) -> list[Standing]:
        """By officer for a district, by district for the city; the worst first."""
        mine = within(self.every_standing, person)
        if person.district is None:
            mine = _summed(mine, lambda item: item.district, lambda key: (key, None))
        return sorted(mine, key=lambda item: (-item.past_legal, -item.late, -item.open, item.district))

    def blocked(self, person: Person) -> list[Blocked]:
        """By obstacle, those that hold up most overdue cases first."""
        groups: dict[str, list[Blocked]] = defaultdict(list)
        for item in within(self.every_blocked, person):
            groups[item.code].append(item)
        summed = [
            Blocked(
                "", code, sum(item.cases for item in found), sum(item.overdue for item in found),
                min(item.since for item in found),
            )
            for code, found in groups.items()
        ]  # fmt: skip
        return sorted(summed, key=lambda item: (-item.overdue, -item.cases, item.code))

    def total(self, person: Person) -> Mapping[str, int]:
        """What presses an office as a whole."""
        mine = within(self.every_standing, person)
        held_up = sum(item.cases for item in within(self.every_blocked, person))
        past, late = sum(item.past_legal for item in mine), sum(item.late for item in mine)
        return {"past": past, "late": late, "blocked": held_up}

    def document(self) -> dict[str, Any]:
        blocked = [asdict(item) | {"since": item.since.isoformat()} for item in self.every_blocked]
        return {"cases": [asdict(item) for item in self.every_standing], "obstacles": blocked}


def picture(connection: Connection, day: date) -> Picture:
    return Picture(tuple(_standings(connection, day)), tuple(_blocked(connection, day)))


def kept(connection: Connection, before: date) -> Picture | None:
    """The picture of the last weekly run before a day; none where that run kept none."""
    columns = day_runs.c
    found = select(columns.counts).where(columns.name == LEDGER, columns.day < before, columns.done_at.is_not(None))
    counts = connection.scalar(found.order_by(columns.day.desc()).limit(1)) or {}
    document = counts.get(KEPT)
    if document is None:
        return None
    blocked = (Blocked(**(item | {"since": date.fromisoformat(item["since"])})) for item in document["obstacles"])
    return Picture(tuple(Standing(**item) for item in document["cases"]), tuple(blocked))


def within(items: Iterable[Any], person: Person) -> list[Any]:
    return [item for item in items if person.district in (None, item.district)]


def sum_where(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _summed(items: Iterable[Standing], key: Callable[[Standing], str], head: Callable[[str], Any]) -> list[Standing]:
    groups: dict[str, list[Standing]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    names = ("open", "past_legal", "late", "due_soon")
    listed = []
    for code, found in groups.items():
        summed = Standing(*head(code), *(sum(getattr(item, name) for item in found) for name in names))
        unassigned = sum(item.open for item in found if item.officer_id is None)
        listed.append(replace(summed, unassigned=unassigned))
    return listed


def _standings(connection: Connection, day: date) -> list[Standing]:
    row = case_rows.c
    soon_on = load_calendars().agency.add_working_days(day, SOON_WORKING_DAYS)
    past = row.legal_on < day
    late = and_(row.target_on < day, or_(row.legal_on.is_(None), row.legal_on >= day))
    soon = row.due_on.between(day, soon_on)
    found = (
        select(row.district_code, row.officer_id, func.count(), sum_where(past), sum_where(late), sum_where(soon))
        .where(row.closed_on.is_(None))
        .group_by(row.district_code, row.officer_id)
    )
    return [Standing(*values) for values in connection.execute(found).tuples()]


def _blocked(connection: Connection, day: date) -> list[Blocked]:
    row = case_rows.c
    overdue = sum_where(row.due_on < day)
    found = (
        select(row.district_code, obstacles.c.code, func.count(), overdue, func.min(obstacles.c.since_on))
        .join(case_rows, row.id == obstacles.c.case_id)
        .where(obstacles.c.lifted_on.is_(None), row.closed_on.is_(None))
        .group_by(row.district_code, obstacles.c.code)
    )
    return [Blocked(*values) for values in connection.execute(found).tuples()]
