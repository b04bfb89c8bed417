"""Lists of cases, ordered by legal risk, read from the projections alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    func,
    select,
    text,
    true,
)

from casework.lists.list_order import parts_in
from casework.lists.listed_case import COLUMNS, ListedCase, listed
from models.errors import WrongInput
from models.from_end import span_of
from models.id_lists import among_ids
from models.search_query import found_by
from models.shaped_sql import ShapedStatement, Shapes
from models.tables import case_rows, deadlines, obstacles, officers
from oversight.late_items import delayed_by_role, is_to_meet, legal_of_role
from oversight.lights import LIGHTS, CutOffs, cut_offs, is_open
from oversight.workload import held_up
from rulebook.versions import Versions

NO_OFFICER = "-"  # no sign-in name: the cases that no officer carries


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; empty means all. `officer_ids` are those whose cases are wanted."""

    district: str | None = None
    officer_ids: tuple[int, ...] = ()
    officer: str | None = None
    stage: str | None = None
    state: str | None = None
    states: tuple[str, ...] | None = None  # one of these
    level: str | None = None  # of the office that carries them
    light: str | None = None
    obstacle: str | None = None
    search: str | None = None
    late: bool = False
    held: bool | None = None  # whether an obstacle or overlay holds the case up; None: both
    deadlines: tuple[str, ...] = ()  # keys of dates: one of them is still to be met
    cases: tuple[int, ...] | None = None  # ids: only these
    who: str | None = None  # the role that the date which has passed waits for
    legal_of: tuple[str, date] | None = None  # a role has to meet a legal limit of theirs by a day
    unserved: bool = False  # a clock of theirs waits for proof of service
    falls: tuple[date, date] | None = None  # a date of theirs falls in these days
    closed: bool | None = False  # None: open and closed


_READ_WHOLE = (
    "search",
    "stage",
    "state",
    "states",
    "legal_of",
    "obstacle",
    "held",
    "deadlines",
    "cases",
    "who",
    "unserved",
)  # no index gives these


_BY_DATE, _BY_REF = (case_rows.c.due_on, case_rows.c.ref), (case_rows.c.ref,)  # orders that an index has
_SHAPES = Shapes[Filter](
    "district", "officer_ids", "officer", "stage", "state", "states", "level", "obstacle", "deadlines", "legal_of",
    "falls", kept={"officer": NO_OFFICER},
)  # fmt: skip
_WRITTEN_IN = ("search", "cases", "who")  # make a text of its own each time
_MOST, _SKIPPED = bindparam("most", type_=Integer()), bindparam("skipped", type_=Integer())
_TODAY: Any = bindparam("today", type_=Date())
_SOON: Any = bindparam("soon", type_=Date())
_CUTS = CutOffs(_TODAY, _SOON)


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[ListedCase]
    total: int


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """Open cases: how many have each light, and how many have a date of theirs in some days."""

    lights: Mapping[str, int]
    falling: int

    def of(self, criteria: Filter, falls: tuple[date, date]) -> int | None:
        """How many a list of these cases has by light or by days; None where they do not say it."""
        if criteria.closed is not False or (criteria.falls and (criteria.light or criteria.falls != falls)):
            return None
        if criteria.falls:
            return self.falling
        return self.lights[criteria.light] if criteria.light else sum(self.lights.values())


def worklist(
    connection: Connection, criteria: Filter, today: date, *, limit: int = 50, offset: int = 0, order: str = "",
    total: int | None = None,
) -> Page:  # fmt: skip
    """A page of cases with their lights, worst first or in an order of `list_order`.

    `total`: of all, where it is known already. Raises WrongInput for an unknown light.
    """
    cuts = cut_offs(today)
    if order:
        return _in_order(connection, criteria, order, cuts, limit, offset)
    asked, values = _statements(criteria, cuts)
    counted = total is not None and not offset  # the sizes of the parts are needed to pass some of them
    total, *sizes = [total or 0, *(limit for _ in asked.parts)] if counted else asked.counts(connection, values)
    rows: list[ListedCase] = []
    before = 0  # in the parts that were passed
    for statement, size in zip(asked.parts, sizes, strict=True):
        skip = max(offset - before, 0)
        if skip < size and len(rows) < limit:
            found = statement.rows(connection, {**values, "most": limit - len(rows), "skipped": skip})
            rows += [listed(row, cuts) for row in found]
        before += size
    return Page(rows, total)


def _in_order(
    connection: Connection, criteria: Filter, order: str, cuts: CutOffs, limit: int, offset: int
) -> Page:  # fmt: skip
    """A page in an order of `list_order`: its ids from what indexes have, and then these rows alone."""
    conditions = _conditions(criteria, cuts)
    ids: list[int] = []
    total = 0
    for part in parts_in(connection, order, Versions(connection).in_force):
        found = _joined(select(case_rows.c.id), criteria, part.joined).where(*conditions, part.where)
        count = connection.scalar(found.with_only_columns(func.count())) or 0
        span = span_of(limit - len(ids), max(offset - total, 0), count)
        page = found.order_by(*span.ordered(part.by)).limit(span.limit).offset(span.offset)
        own = connection.scalars(page).all() if span.limit else ()
        ids += reversed(own) if span.backwards else own
        total += count
    place = {number: at for at, number in enumerate(ids)}
    rows = connection.execute(_with_officer(select(*COLUMNS), criteria).where(case_rows.c.id.in_(place)))
    return Page(sorted((listed(row, cuts) for row in rows), key=lambda row: place[row.id]), total)


def how_many(connection: Connection, criteria: Filter, today: date) -> int:
    """The cases of a filter, counted. Raises WrongInput for an unknown light."""
    asked, values = _statements(criteria, cut_offs(today))
    [[found]] = asked.count.rows(connection, values)
    return int(found)


@dataclass(frozen=True, slots=True)
class _Statements:
    """The statements of a list: of each of its parts in their order; the count of all; those of each part."""

    parts: tuple[ShapedStatement, ...]
    count: ShapedStatement
    count_parts: ShapedStatement

    def counts(self, connection: Connection, values: Mapping[str, Any]) -> list[int]:
        """How many there are, and how many in each part; the last part has what the others have not."""
        [[total, *sizes]] = self.count_parts.rows(connection, values)
        return [total, *sizes, total - sum(sizes)]


def _statements(criteria: Filter, cuts: CutOffs) -> tuple[_Statements, Mapping[str, Any]]:
    """What a list is read with, and the values. Built once for a shape, unless its text has what is asked for."""
    shape, values = _SHAPES.of(criteria)
    values |= {"today": cuts.today, "soon": cuts.soon}
    plain = all(getattr(shape, name) in (None, "") for name in _WRITTEN_IN) and _SHAPES.is_short(shape)
    if plain and shape.states != ():
        return _kept_statements(shape), values
    return _built(shape, cuts, kept=False), values


@lru_cache(500)
def _kept_statements(shape: Filter) -> _Statements:
    return _built(shape, _CUTS, kept=True)


def _built(shape: Filter, cuts: CutOffs, *, kept: bool) -> _Statements:
    criteria = _SHAPES.with_parameters(shape)
    conditions, parts = _conditions(criteria, cuts), _parts(shape, cuts)
    counts = [func.count().filter(part) for part, _ in parts[:-1]]

    def of_all(*columns: ColumnElement[int]) -> ShapedStatement:
        return ShapedStatement(_joined(select(*columns), criteria).where(*conditions), kept=kept)

    pages = [_page_of([*conditions, part], columns, criteria) for part, columns in parts]
    listed_parts = tuple(ShapedStatement(page, kept=kept) for page in pages)
    return _Statements(listed_parts, of_all(func.count()), of_all(func.count(), *counts))


def _page_of(conditions: Sequence[ColumnElement[bool]], order: tuple[Any, ...], criteria: Filter) -> Select[Any]:
    """The rows of a part. What no index has in this order is ordered by what indexes have alone, and only its page is
    read."""
    statement = _with_officer(select(*COLUMNS), criteria).order_by(*order)
    if order is _BY_DATE or order is _BY_REF or criteria.falls:
        return statement.where(*conditions).limit(_MOST).offset(_SKIPPED)
    page = _joined(select(case_rows.c.id), criteria).where(*conditions).order_by(*order).limit(_MOST).offset(_SKIPPED)
    return statement.where(case_rows.c.id.in_(page.correlate(None)))


def matching(criteria: Filter, today: date) -> Select[tuple[int]]:
    """The ids of all cases of a filter, as a statement to build on. Raises WrongInput for an unknown light."""
    return _joined(select(case_rows.c.id), criteria).where(*_conditions(criteria, cut_offs(today)))


def among(statement: Select[*tuple[Any, ...]], criteria: Filter, today: date) -> Select[*tuple[Any, ...]]:
    """A statement that has the cases among its tables, for those of a filter. Raises WrongInput for an unknown
    light."""
    if criteria.falls:
        falling = _falling(*criteria.falls)
        statement = statement.join(falling, falling.c.case_id == case_rows.c.id)
    return statement.where(*_conditions(criteria, cut_offs(today)))


def open_counts(connection: Connection, criteria: Filter, falls: tuple[date, date], today: date) -> OpenCounts:
    """The open cases of a filter, counted. Raises WrongInput for an unknown light."""
    cuts = cut_offs(today)
    soon = case_rows.c.id.in_(select(deadlines.c.case_id).where(is_to_meet(), deadlines.c.ends_on.between(*falls)))
    if not criteria.search and criteria.cases is None:
        falling = select(func.count()).select_from(case_rows).where(*_conditions(criteria, cuts), soon)
        return OpenCounts(light_counts(connection, criteria, today), connection.scalar(falling) or 0)
    light = cuts.column().label("light")  # in one statement: words, and long lists of ids, are read once
    found = select(light, func.count(), func.count().filter(soon)).where(*_conditions(criteria, cuts)).group_by(light)
    rows = connection.execute(found).tuples().all()
    lights = {name: count for name, count, _ in rows}
    return OpenCounts({name: lights.get(name, 0) for name in LIGHTS}, sum(falling for *_, falling in rows))


def light_counts(connection: Connection, criteria: Filter, today: date) -> dict[str, int]:
    """How many cases have each light, by its name. Raises WrongInput for an unknown light."""
    cuts = cut_offs(today)
    light, conditions = cuts.column().label("light"), _conditions(criteria, cuts)
    grouped = _joined(select(light, func.count()), criteria).where(*conditions).group_by(light)
    if criteria.closed is not False:
        found: dict[str, int] = dict(connection.execute(grouped).tuples().all())
    else:  # green is what is left: the index of open cases has the others together
        found = dict(connection.execute(grouped.where(cuts.due())).tuples().all())
        every = connection.scalar(_joined(select(func.count()), criteria).where(*conditions)) or 0
        found |= {"green": every - sum(found.values())}
    return {name: found.get(name, 0) for name in LIGHTS}


def _joined(
    statement: Select[*tuple[Any, ...]], criteria: Filter, ordering: Subquery | None = None
) -> Select[*tuple[Any, ...]]:
    """From the cases, joined with deadlines only when the criteria need them; `ordering`: what they are ordered by."""
    source: FromClause = case_rows
    if ordering is not None:
        source = source.join(ordering, ordering.c.case_id == case_rows.c.id)
    if criteria.falls:
        falling = _falling(*criteria.falls)
        source = source.join(falling, falling.c.case_id == case_rows.c.id)
    return statement.select_from(source)


def _with_officer(statement: Select[Any], criteria: Filter) -> Select[Any]:
    return _joined(statement, criteria).outerjoin(officers, officers.c.id == case_rows.c.officer_id)


def _conditions(criteria: Filter, cuts: CutOffs) -> list[ColumnElement[bool]]:
    row = case_rows.c
    equal = (
        (row.district_code, criteria.district),
        (row.stage, criteria.stage),
        (row.state, criteria.state),
        (row.level, criteria.level),
    )
    found = [column == value for column, value in equal if _is_given(value)]
    if criteria.closed is not None:
        found.append(~is_open() if criteria.closed else is_open())
    if isinstance(criteria.officer, str) and criteria.officer == NO_OFFICER:
        found.append(row.officer_id.is_(None))
    elif _is_given(criteria.officer):
        found.append(
            row.officer_id == select(officers.c.id).where(officers.c.login == criteria.officer).scalar_subquery()
        )
    if criteria.cases is not None:
        found.append(among_ids(row.id, criteria.cases))
    if criteria.states is not None:
        found.append(row.state.in_(criteria.states))
    if criteria.officer_ids:
        found.append(row.officer_id.in_(criteria.officer_ids))
    return found + _conditions_of_risk(criteria, cuts) + _conditions_of_dates(criteria, cuts)


def _is_given(value: object) -> bool:
    """Whether there is a value, or a parameter for one, which cannot be compared here."""
    return value is not None and not (isinstance(value, str) and value == "")


def _conditions_of_risk(criteria: Filter, cuts: CutOffs) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if criteria.light:
        if criteria.light not in LIGHTS:
            raise WrongInput("light", "not_an_option", value=criteria.light, options=", ".join(LIGHTS))
        found.append(cuts.where(criteria.light))
    if criteria.late:
        found.append(cuts.delayed())
    if _is_given(criteria.obstacle):
        found.append(case_rows.c.id.in_(_standing().where(obstacles.c.code == criteria.obstacle)))
    if criteria.held is not None:
        found.append(held_up() if criteria.held else ~held_up())
    if criteria.search:
        found.append(case_rows.c.id.in_(found_by("case", criteria.search)))
    return found


def _conditions_of_dates(criteria: Filter, cuts: CutOffs) -> list[ColumnElement[bool]]:
    """Conditions on the case's own deadlines."""
    of_case, still_open = select(deadlines.c.case_id), is_open()
    found: list[ColumnElement[bool]] = []
    if criteria.unserved:
        found += [still_open, case_rows.c.id.in_(of_case.where(deadlines.c.unserved))]
    if criteria.falls:
        found.append(still_open)
    if criteria.deadlines:
        of_key = (deadlines.c.key.in_(criteria.deadlines), deadlines.c.status == "open")
        found.append(case_rows.c.id.in_(of_case.where(*of_key)))
    if criteria.legal_of:
        found.append(case_rows.c.id.in_(legal_of_role(*criteria.legal_of)))
    if criteria.who:
        late = delayed_by_role(cuts.today)
        found.append(case_rows.c.id.in_(select(late.c.case_id).where(late.c.who == criteria.who)))
    return found


def _standing() -> Select[Any]:
    return select(obstacles.c.case_id).where(obstacles.c.lifted_on.is_(None))


def _falling(first: date, last: date) -> Subquery:
    """Each case with a date, of this office or by law, in these days: and the first of them."""
    columns = deadlines.c
    falling = columns.ends_on.between(first, last)
    found = select(columns.case_id, func.min(columns.ends_on).label("falls_on")).where(is_to_meet(), falling)
    return found.group_by(columns.case_id).subquery("falling")


def _parts(criteria: Filter, cuts: CutOffs) -> list[tuple[ColumnElement[bool], tuple[Any, ...]]]:
    """The list by risk: pressed by law, dated, without a date (`CutOffs.by_risk`); what falls soon, by its day.

    In three parts, each in an order for which an index is enough, unless every row has to be read anyway.
    """
    row = case_rows.c
    if criteria.falls:
        return [(true(), (text("falling.falls_on"), row.ref))]
    if any(getattr(criteria, name) not in (None, False, ()) for name in _READ_WHOLE) or criteria.held is False:
        return [(true(), cuts.by_risk())]
    left = cuts.left_by_law()
    return [
        (cuts.pressed_by_law(), (row.legal_on, row.id)),
        (and_(left, row.due_on.is_not(None)), _BY_DATE),
        (row.due_on.is_(None), _BY_REF),
    ]
