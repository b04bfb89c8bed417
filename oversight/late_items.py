"""Late cases by cause and responsible role: obstacles, missing proof of service, fixed dates, newly late deadlines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, select

from models.tables import case_rows, deadlines, obstacles, officers
from oversight.lights import cut_offs, is_open
from oversight.workload import held_up, sum_where
from procedures.legal_time.deadlines import lacking


@dataclass(frozen=True, slots=True)
class ObstacleCount:
    """Open cases with one kind of obstacle: how many, how many of them overdue, the oldest obstacle's first day."""

    code: str
    cases: int
    overdue: int
    since: date


@dataclass(frozen=True, slots=True)
class Unserved:
    """Deadlines of one kind that wait for proof of service. `since`: first day of the oldest."""

    key: str
    letters: tuple[str, ...]
    cases: int
    since: date


@dataclass(frozen=True, slots=True)
class TurnedLate:
    """A deadline that passed without being met."""

    ref: str
    unit: str
    district: str
    officer: str
    key: str
    legal: bool
    ended_on: date
    procedure: str


def obstacle_counts(connection: Connection, today: date, *, district: str | None = None) -> list[ObstacleCount]:
    """Return open cases by kind of obstacle, most overdue cases first; of one district or of all (None)."""
    return added(item for _, item in district_obstacles(connection, today, district=district))


def district_obstacles(
    connection: Connection, today: date, *, district: str | None = None
) -> list[tuple[str, ObstacleCount]]:
    """Return the same for each district, with its code, unordered."""
    found = (
        select(
            case_rows.c.district_code, obstacles.c.code, func.count(),
            sum_where(cut_offs(today).overdue()), func.min(obstacles.c.since_on),
        )
        .join(case_rows, case_rows.c.id == obstacles.c.case_id)
        .where(obstacles.c.lifted_on.is_(None), is_open())
        .group_by(case_rows.c.district_code, obstacles.c.code)
    )  # fmt: skip
    rows = connection.execute(_scoped(found, district)).tuples()
    return [(where, ObstacleCount(*values)) for where, *values in rows]


def added(items: Iterable[ObstacleCount]) -> list[ObstacleCount]:
    """Add up counts of several districts by kind of obstacle, most overdue cases first."""
    found: dict[str, ObstacleCount] = {}
    for item in items:
        one = found.get(item.code)
        found[item.code] = (
            item
            if one is None
            else ObstacleCount(
                item.code, one.cases + item.cases, one.overdue + item.overdue, min(one.since, item.since)
            )
        )
    return sorted(found.values(), key=lambda item: (-item.overdue, -item.cases, item.code))


def turned_late(connection: Connection, since: date, today: date, limit: int) -> list[TurnedLate]:
    """Return open deadlines that were not late on day `since` and are late today; legal limits first."""
    row, columns = case_rows.c, deadlines.c
    found = (
        select(
            row.ref, row.unit_name, row.district_code, func.coalesce(officers.c.name, ""), columns.key,
            columns.kind == "legal", columns.ends_on, row.procedure,
        )
        .select_from(deadlines.join(case_rows, row.id == columns.case_id))
        .outerjoin(officers, officers.c.id == row.officer_id)
        .where(is_to_meet(), is_open(), columns.ends_on >= since, columns.ends_on < today)
        .order_by(columns.kind != "legal", columns.ends_on, row.ref, columns.key)
        .limit(limit)
    )  # fmt: skip
    return [TurnedLate(*values) for values in connection.execute(found).tuples()]


def overdue_by_role(today: date) -> Subquery:
    """Select each overdue case (`case_id`) with the role (`who`) responsible for its oldest date."""
    oldest = and_(deadlines.c.case_id == case_rows.c.id, deadlines.c.ends_on == case_rows.c.due_on)
    found = select(deadlines.c.case_id, func.min(deadlines.c.who).label("who")).join(case_rows, oldest)
    return found.where(is_to_meet(), cut_offs(today).overdue()).group_by(deadlines.c.case_id).subquery()


def is_to_meet() -> ColumnElement[bool]:
    """Condition: an open deadline of the office or of the law, not a `period` of another party."""
    return and_(deadlines.c.status == "open", deadlines.c.kind != "period")


def awaited(connection: Connection, today: date, *, district: str | None = None) -> dict[str, int]:
    """Return overdue cases without an obstacle, by the role responsible for the oldest date of each."""
    late = overdue_by_role(today)
    found = select(late.c.who, func.count()).join(case_rows, case_rows.c.id == late.c.case_id).where(~held_up())
    grouped = _scoped(found, district).group_by(late.c.who).order_by(func.count().desc(), late.c.who)
    return dict(connection.execute(grouped).tuples().all())


def unserved(connection: Connection, *, district: str | None = None) -> list[Unserved]:
    """Return deadlines of open cases that wait for proof of service, by kind; the longest waiting first."""
    found = (
        select(deadlines.c.key, deadlines.c.sum)
        .join(case_rows, case_rows.c.id == deadlines.c.case_id)
        .where(deadlines.c.status == "waiting", is_open())
    )
    groups: dict[tuple[str, tuple[str, ...]], list[date]] = {}
    for key, total in connection.execute(_scoped(found, district)).tuples():
        groups.setdefault((key, tuple(lacking(total))), []).append(date.fromisoformat(total["asked"]))
    listed = [Unserved(key, letters, len(days), min(days)) for (key, letters), days in groups.items()]
    return sorted(listed, key=lambda item: (item.since, item.key))


def _scoped(statement: Select[Any], district: str | None) -> Select[Any]:
    return statement.where(case_rows.c.district_code == district) if district else statement
