"""Cases past the legal limit and cases behind the plan by cause and responsible role; deadlines that just passed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, case, func, select

from models.tables import case_rows, deadlines, obstacles, officers
from oversight.lights import cut_offs, is_open
from oversight.workload import held_up, sum_where
from procedures.legal_time.deadlines import asked_on, lacking


@dataclass(frozen=True, slots=True)
class ObstacleCount:
    """Open cases with one kind of obstacle: all, by law and by plan; the oldest obstacle's first day."""

    code: str
    cases: int
    past_legal: int
    late: int
    since: date


@dataclass(frozen=True, slots=True)
class Awaited:
    """Cases without an obstacle whose date that passed waits for one role, by law and by plan."""

    past_legal: int
    late: int


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
    """Return open cases by kind of obstacle, most past the legal limit first; of one district or of all (None)."""
    return added(item for _, item in district_obstacles(connection, today, district=district))


def district_obstacles(
    connection: Connection, today: date, *, district: str | None = None
) -> list[tuple[str, ObstacleCount]]:
    """Return the same for each district, with its code, unordered."""
    cuts = cut_offs(today)
    found = (
        select(
            case_rows.c.district_code, obstacles.c.code, func.count(),
            sum_where(cuts.where("past_legal")), sum_where(cuts.where("late")), func.min(obstacles.c.since_on),
        )
        .join(case_rows, case_rows.c.id == obstacles.c.case_id)
        .where(obstacles.c.lifted_on.is_(None), is_open())
        .group_by(case_rows.c.district_code, obstacles.c.code)
    )  # fmt: skip
    rows = connection.execute(_scoped(found, district)).tuples()
    return [(where, ObstacleCount(*values)) for where, *values in rows]


def added(items: Iterable[ObstacleCount]) -> list[ObstacleCount]:
    """Add up counts of several districts by kind of obstacle, most past the legal limit first."""
    found: dict[str, ObstacleCount] = {}
    for item in items:
        one = found.get(item.code)
        found[item.code] = (
            item
            if one is None
            else ObstacleCount(
                item.code,
                one.cases + item.cases,
                one.past_legal + item.past_legal,
                one.late + item.late,
                min(one.since, item.since),
            )
        )
    return sorted(found.values(), key=lambda item: (-item.past_legal, -item.late, -item.cases, item.code))


def turned_late(connection: Connection, since: date, today: date, limit: int) -> list[TurnedLate]:
    """Return open deadlines that had not passed on day `since` and have today; legal limits first."""
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


def delayed_by_role(today: date) -> Subquery:
    """Select each case that is late by law or plan (`case_id`, `by_law`) with the role (`who`) its date waits for."""
    cuts, columns, row = cut_offs(today), deadlines.c, case_rows.c
    by_law = case((cuts.after_legal_limit(), 1), else_=0)
    passed = case((cuts.after_legal_limit(), row.legal_on), else_=row.target_on)
    found = select(columns.case_id, func.min(columns.who).label("who"), func.max(by_law).label("by_law"))
    found = found.join(case_rows, and_(columns.case_id == row.id, columns.ends_on == passed))
    is_past = columns.ends_on < today  # so the others say too; SQLite begins with these few by their index
    return found.where(is_to_meet(), is_past, cuts.delayed()).group_by(columns.case_id).subquery()


def legal_of_role(role: str, until: date) -> Select[tuple[int]]:
    """Select the cases with an open legal limit that ends by a day, or has passed, and that a role has to meet."""
    columns = deadlines.c
    legal = (columns.status == "open", columns.kind == "legal", columns.ends_on <= until, columns.who == role)
    return select(columns.case_id).where(*legal)


def is_to_meet() -> ColumnElement[bool]:
    """Condition: an open deadline of the office or of the law, not a `period` of another party."""
    return and_(deadlines.c.status == "open", deadlines.c.kind != "period")


def awaited(connection: Connection, today: date, *, district: str | None = None) -> dict[str, Awaited]:
    """Return late cases without an obstacle, by the role that the date which passed waits for."""
    late = delayed_by_role(today)
    by_law = func.sum(late.c.by_law)
    found = select(late.c.who, by_law, func.count() - by_law)
    found = found.join(case_rows, case_rows.c.id == late.c.case_id).where(~held_up())
    grouped = _scoped(found, district).group_by(late.c.who).order_by(by_law.desc(), func.count().desc(), late.c.who)
    return {who: Awaited(*counts) for who, *counts in connection.execute(grouped).tuples()}


def unserved(connection: Connection, *, district: str | None = None) -> list[Unserved]:
    """Return deadlines of open cases that wait for proof of service, by kind; the longest waiting first."""
    own = deadlines.c
    few = select(own.case_id, own.key, own.sum).where(own.unserved).cte("few").prefix_with("MATERIALIZED")
    found = select(few.c.key, few.c.sum).join(case_rows, case_rows.c.id == few.c.case_id).where(is_open())
    groups: dict[tuple[str, tuple[str, ...]], list[date]] = {}
    for key, total in connection.execute(_scoped(found, district)).tuples():
        groups.setdefault((key, tuple(lacking(total))), []).append(asked_on(total))
    listed = [Unserved(key, letters, len(days), min(days)) for (key, letters), days in groups.items()]
    return sorted(listed, key=lambda item: (item.since, item.key))


def _scoped(statement: Select[Any], district: str | None) -> Select[Any]:
    return statement.where(case_rows.c.district_code == district) if district else statement
