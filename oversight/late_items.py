"""Why cases are late and who can act: obstacles, roles, missing proof of service, fixed dates, what turned late."""

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
    """Open cases held up by one kind of obstacle: how many, of them overdue, the oldest obstacle's first day."""

    code: str
    cases: int
    overdue: int
    since: date


@dataclass(frozen=True, slots=True)
class Unserved:
    """Clocks of one kind that do not run: their letters lack proof of service. `since` the oldest of them waits."""

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
    """Open cases by the kind of obstacle in their way, most overdue cases first; of one district or of all."""
    return added(item for _, item in district_obstacles(connection, today, district=district))


def district_obstacles(
    connection: Connection, today: date, *, district: str | None = None
) -> list[tuple[str, ObstacleCount]]:
    """The same for each district apart, with its code; in no order."""
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
    """Counts of several districts by kind of obstacle, most overdue cases first."""
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
    """Open deadlines that were not late on an earlier day and are today; legal limits first."""
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
    """Each overdue case (`case_id`) with the one role (`who`) that its oldest date waits for."""
    oldest = and_(deadlines.c.case_id == case_rows.c.id, deadlines.c.ends_on == case_rows.c.due_on)
    found = select(deadlines.c.case_id, func.min(deadlines.c.who).label("who")).join(case_rows, oldest)
    return found.where(is_to_meet(), cut_offs(today).overdue()).group_by(deadlines.c.case_id).subquery()


def is_to_meet() -> ColumnElement[bool]:
    """An open date of the office or of the law; what others let pass (a period) makes nobody here late."""
    return and_(deadlines.c.status == "open", deadlines.c.kind != "period")


def awaited(connection: Connection, today: date, *, district: str | None = None) -> dict[str, int]:
    """Overdue cases that nothing stands in the way of, by the role that the oldest date of each waits for."""
    late = overdue_by_role(today)
    found = select(late.c.who, func.count()).join(case_rows, case_rows.c.id == late.c.case_id).where(~held_up())
    grouped = _scoped(found, district).group_by(late.c.who).order_by(func.count().desc(), late.c.who)
    return dict(connection.execute(grouped).tuples().all())


def unserved(connection: Connection, *, district: str | None = None) -> list[Unserved]:
    """Deadlines of open cases that wait for proof of service, by kind; the longest waiting first."""
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
