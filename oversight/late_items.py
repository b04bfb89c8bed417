"""Where it is late, why, and who can lift it: the open cases counted by district, officer, stage and obstacle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from models.tables import case_rows, deadlines, obstacles, officers
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import lacking
from procedures.schema import Procedure, Words
from rulebook.versions import Versions

SOON_WORKING_DAYS = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """Open cases of one group: all, past the legal limit, late, due soon, held up, and both held up and overdue."""

    key: str | None
    open: int
    past_legal: int
    late: int
    due_soon: int
    blocked: int
    blocked_overdue: int

    @property
    def overdue(self) -> int:
        return self.past_legal + self.late


@dataclass(frozen=True, slots=True)
class Blocked:
    """Open cases held up by one kind of obstacle, worst first."""

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
class Milestone:
    """How many open cases still have to meet a programme date, and how many of those have an obstacle.

    `deadlines` are the keys of those that end on it; `legal` when the law sets the day, not the plan.
    """

    key: str
    label: Words
    on: date
    waiting: int
    blocked: int
    deadlines: tuple[str, ...] = ()
    legal: bool = False


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


GROUPS: Mapping[str, Any] = {
    "district": case_rows.c.district_code,
    "officer": officers.c.login,
    "stage": case_rows.c.stage,
    "state": case_rows.c.state,
}


def standings(connection: Connection, by: str, today: date, *, district: str | None = None) -> list[Standing]:
    """Counts of open cases by district, officer, stage or state; the worst group first."""
    column = GROUPS[by]
    row = case_rows.c
    past, late, soon = _lights(today)
    held = select(obstacles.c.case_id).where(obstacles.c.case_id == row.id, obstacles.c.lifted_on.is_(None)).exists()
    found = (
        select(column, func.count(), _sum(past), _sum(late), _sum(soon), _sum(held), _sum(and_(held, or_(past, late))))
        .select_from(case_rows.outerjoin(officers, officers.c.id == row.officer_id))
        .where(row.closed_on.is_(None))
        .group_by(column)
    )
    listed = [Standing(*values) for values in connection.execute(_scoped(found, district)).tuples()]
    return sorted(listed, key=lambda item: (-item.past_legal, -item.late, -item.open, item.key or ""))


def blocked(connection: Connection, today: date, *, district: str | None = None) -> list[Blocked]:
    """Open cases by standing obstacle: how many, how many of them overdue, and the oldest since when."""
    overdue = case_rows.c.due_on < today
    found = (
        select(obstacles.c.code, func.count(), _sum(overdue), func.min(obstacles.c.since_on))
        .join(case_rows, case_rows.c.id == obstacles.c.case_id)
        .where(obstacles.c.lifted_on.is_(None), case_rows.c.closed_on.is_(None))
        .group_by(obstacles.c.code)
    )
    listed = [Blocked(*values) for values in connection.execute(_scoped(found, district)).tuples()]
    return sorted(listed, key=lambda item: (-item.overdue, -item.cases, item.code))


def total(listed: Sequence[Standing]) -> Standing:
    """All groups together."""
    names = ("open", "past_legal", "late", "due_soon", "blocked", "blocked_overdue")
    return Standing(None, *(sum(getattr(item, name) for item in listed) for name in names))


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
        .where(columns.status == "open", columns.ends_on >= since, columns.ends_on < today, row.closed_on.is_(None))
        .where(columns.kind != "period")  # of what others let pass nobody here is late
        .order_by(columns.kind != "legal", columns.ends_on, row.ref, columns.key)
        .limit(limit)
    )  # fmt: skip
    return [TurnedLate(*values) for values in connection.execute(found).tuples()]


def awaited(connection: Connection, today: date, *, district: str | None = None) -> dict[str, int]:
    """Overdue cases that nothing stands in the way of, by the role that the oldest date of each waits for."""
    row, columns = case_rows.c, deadlines.c
    held = select(obstacles.c.case_id).where(obstacles.c.case_id == row.id, obstacles.c.lifted_on.is_(None)).exists()
    oldest = and_(columns.case_id == row.id, columns.ends_on == row.due_on)
    late = (row.due_on < today, row.closed_on.is_(None), columns.status == "open", columns.kind != "period", ~held)
    roles = select(func.min(columns.who).label("who")).join(case_rows, oldest).where(*late).group_by(columns.case_id)
    role = _scoped(roles, district).subquery().c.who
    found = select(role, func.count()).group_by(role).order_by(func.count().desc(), role)
    return dict(connection.execute(found).tuples().all())


def unserved(connection: Connection, *, district: str | None = None) -> list[Unserved]:
    """Deadlines of open cases that wait for proof of service, by kind; the longest waiting first."""
    found = (
        select(deadlines.c.key, deadlines.c.sum)
        .join(case_rows, case_rows.c.id == deadlines.c.case_id)
        .where(deadlines.c.status == "waiting", case_rows.c.closed_on.is_(None))
    )
    groups: dict[tuple[str, tuple[str, ...]], list[date]] = {}
    for key, total in connection.execute(_scoped(found, district)).tuples():
        groups.setdefault((key, tuple(lacking(total))), []).append(date.fromisoformat(total["asked"]))
    listed = [Unserved(key, letters, len(days), min(days)) for (key, letters), days in groups.items()]
    return sorted(listed, key=lambda item: (item.since, item.key))


def milestones(connection: Connection, today: date, *, district: str | None = None) -> list[Milestone]:
    """For each programme date still ahead: the open cases with that date open, and those with an obstacle.

    Every case by its own version: where two versions name another day, both days are listed.
    """
    versions = Versions(connection)
    fixed = {key for procedure in versions.adopted for key, kind in procedure.deadlines.items() if kind.until}
    held = select(obstacles.c.case_id).where(obstacles.c.case_id == case_rows.c.id, obstacles.c.lifted_on.is_(None))
    found = (
        select(case_rows.c.procedure, deadlines.c.key, func.count(), _sum(held.exists()))
        .join(case_rows, case_rows.c.id == deadlines.c.case_id)
        .where(deadlines.c.status == "open", deadlines.c.key.in_(fixed), case_rows.c.closed_on.is_(None))
        .group_by(case_rows.c.procedure, deadlines.c.key)
    )
    counts = {(pin, key): pair for pin, key, *pair in connection.execute(_scoped(found, district)).tuples()}
    return milestones_of(versions, counts, today)


def milestones_of(versions: Versions, counts: Mapping[tuple[str, str], Sequence[int]], today: date) -> list[Milestone]:
    """Each programme date still ahead, from (waiting, blocked) by version and deadline."""
    listed: dict[tuple[date, str], Milestone] = {}
    for pin in dict.fromkeys([versions.in_force.pin, *sorted(pin for pin, _ in counts)]):
        procedure = versions.of(pin)
        for key, kind in procedure.deadlines.items():
            if kind.until and procedure.programme[kind.until].on >= today:
                _count(listed, procedure, key, counts.get((procedure.pin, key), (0, 0)))
    return [listed[place] for place in sorted(listed)]


def _count(listed: dict[tuple[date, str], Milestone], procedure: Procedure, key: str, found: Sequence[int]) -> None:
    name = procedure.deadlines[key].until
    day = procedure.programme[name]
    known = listed.get((day.on, name), Milestone(name, day.label, day.on, 0, 0))
    listed[day.on, name] = replace(
        known,
        waiting=known.waiting + found[0],
        blocked=known.blocked + found[1],
        deadlines=tuple(sorted({*known.deadlines, key})),
        legal=known.legal or procedure.deadlines[key].kind == "legal",
    )


def _lights(today: date) -> tuple[ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]:
    row = case_rows.c
    soon_on = load_calendars().agency.add_working_days(today, SOON_WORKING_DAYS)
    past = row.legal_on < today
    not_past = or_(row.legal_on.is_(None), row.legal_on >= today)
    late = and_(row.target_on < today, not_past)
    return past, late, and_(row.due_on >= today, row.due_on <= soon_on)


def _sum(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _scoped(statement: Select[Any], district: str | None) -> Select[Any]:
    return statement.where(case_rows.c.district_code == district) if district else statement
