"""Lists of cases, ordered by legal risk, read from the projections alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, or_, select, true

from casework.lights import LIGHTS, CutOffs, cut_offs
from models.errors import WrongInput
from models.tables import case_rows, deadlines, obstacles, officers, units
from register.names import fold

FAR = date(9999, 12, 31)
ROW = (
    case_rows.c.id, case_rows.c.ref, case_rows.c.unit_id, case_rows.c.unit_name, case_rows.c.district_code,
    case_rows.c.level, case_rows.c.procedure, case_rows.c.stage, case_rows.c.state, case_rows.c.outcome,
    case_rows.c.opened_on, case_rows.c.closed_on, case_rows.c.target_on, case_rows.c.legal_on, case_rows.c.due_on,
    case_rows.c.overlays, case_rows.c.obstacles, case_rows.c.seq, officers.c.login.label("officer"),
    officers.c.name.label("officer_name"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; empty means all. `officer_ids` are those whose cases are wanted."""

    district: str | None = None
    officer_ids: tuple[int, ...] = ()
    officer: str | None = None
    stage: str | None = None
    state: str | None = None
    light: str | None = None
    obstacle: str | None = None
    search: str | None = None
    late: bool = False
    unserved: bool = False  # a clock of theirs waits for proof of service
    closed: bool | None = False  # None: open and closed


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[dict[str, Any]]
    total: int


def worklist(connection: Connection, wanted: Filter, today: date, *, limit: int = 50, offset: int = 0) -> Page:
    """A page of cases with their lights, worst first. Raises WrongInput for an unknown light."""
    cuts = cut_offs(today)
    conditions = _conditions(wanted, cuts)
    rows: list[dict[str, Any]] = []
    skipped = 0
    for part, order in _parts(wanted, cuts):
        skip = max(offset - skipped, 0)
        if len(rows) < limit:
            statement = _with_officer(select(*ROW), wanted).where(*conditions, part).order_by(*order)
            found = connection.execute(statement.limit(limit - len(rows)).offset(skip)).mappings().all()
            rows += [_row(dict(row), cuts) for row in found]
        if skip:
            skipped += _count(connection, wanted, [*conditions, part])
    if offset == 0 and len(rows) < limit:
        return Page(rows, len(rows))
    return Page(rows, _count(connection, wanted, conditions))


def _count(connection: Connection, wanted: Filter, conditions: Sequence[ColumnElement[bool]]) -> int:
    return connection.scalar(_joined(select(func.count()), wanted).where(*conditions)) or 0


def matching(wanted: Filter, today: date) -> Select[tuple[int]]:
    """The ids of all cases of a filter, as a statement to build on. Raises WrongInput for an unknown light."""
    return _joined(select(case_rows.c.id), wanted).where(*_conditions(wanted, cut_offs(today)))


def light_counts(connection: Connection, wanted: Filter, today: date) -> dict[str, int]:
    """How many cases stand under each light."""
    cuts = cut_offs(today)
    light = case(*((cuts.where(name), name) for name in LIGHTS), else_="green").label("light")
    statement = _joined(select(light, func.count()), wanted).where(*_conditions(wanted, cuts)).group_by(light)
    found: dict[str, int] = dict(connection.execute(statement).tuples().all())
    return {name: found.get(name, 0) for name in LIGHTS}


def _joined(statement: Select[Any], wanted: Filter) -> Select[Any]:
    """From the cases alone, unless what is searched for stands with the unit."""
    if not wanted.search:
        return statement.select_from(case_rows)
    return statement.select_from(case_rows.join(units, units.c.id == case_rows.c.unit_id))


def _with_officer(statement: Select[Any], wanted: Filter) -> Select[Any]:
    return _joined(statement, wanted).outerjoin(officers, officers.c.id == case_rows.c.officer_id)


def _conditions(wanted: Filter, cuts: CutOffs) -> list[ColumnElement[bool]]:
    row = case_rows.c
    equal = (
        (row.district_code, wanted.district),
        (row.stage, wanted.stage),
        (row.state, wanted.state),
    )
    found = [column == value for column, value in equal if value]
    if wanted.closed is not None:
        found.append(row.closed_on.is_not(None) if wanted.closed else row.closed_on.is_(None))
    if wanted.officer:
        found.append(
            row.officer_id == select(officers.c.id).where(officers.c.login == wanted.officer).scalar_subquery()
        )
    if wanted.officer_ids:
        found.append(row.officer_id.in_(wanted.officer_ids))
    return found + _conditions_of_risk(wanted, cuts)


def _conditions_of_risk(wanted: Filter, cuts: CutOffs) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.light:
        if wanted.light not in LIGHTS:
            raise WrongInput("light", "not_an_option", value=wanted.light, options=", ".join(LIGHTS))
        found.append(cuts.where(wanted.light))
    if wanted.late:
        found.append(cuts.overdue())
    if wanted.unserved:
        waiting = select(deadlines.c.case_id).where(deadlines.c.status == "waiting")
        found.append(and_(case_rows.c.closed_on.is_(None), case_rows.c.id.in_(waiting)))
    if wanted.obstacle:
        found.append(case_rows.c.id.in_(_standing(wanted.obstacle)))
    if wanted.search:
        found.append(matches(wanted.search))
    return found


def _standing(code: str) -> Select[Any]:
    return select(obstacles.c.case_id).where(obstacles.c.code == code, obstacles.c.lifted_on.is_(None))


def matches(search: str) -> ColumnElement[bool]:
    """A name with or without accents; a number as it is written, its hyphens and dots with it."""
    typed, named = search.strip().lower(), fold(search)
    return or_(
        units.c.search.contains(named, autoescape=True) if named else false(),
        func.lower(case_rows.c.ref).contains(typed, autoescape=True),
        func.lower(units.c.certificate_number).contains(typed, autoescape=True),
        units.c.tax_code.contains(typed, autoescape=True),
    )


def _parts(wanted: Filter, cuts: CutOffs) -> list[tuple[ColumnElement[bool], tuple[Any, ...]]]:
    """The list by risk: past the legal limit, dated, without a date.

    In three parts, each in an order that an index gives, unless every row has to be read anyway.
    """
    row = case_rows.c
    past = row.legal_on < cuts.today
    if wanted.search or wanted.stage or wanted.state or wanted.obstacle or wanted.unserved:
        return [(true(), (case((past, 0), else_=1), func.coalesce(row.due_on, FAR), row.ref))]
    not_past = or_(row.legal_on.is_(None), row.legal_on >= cuts.today)
    return [
        (past, (row.due_on, row.ref)),
        (and_(not_past, row.due_on.is_not(None)), (row.due_on, row.ref)),
        (and_(not_past, row.due_on.is_(None)), (row.ref,)),
    ]


def _row(row: dict[str, Any], cuts: CutOffs) -> dict[str, Any]:
    return {**row, "light": cuts.light(row)}
