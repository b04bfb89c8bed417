"""Lists as of a day: the tables of cases, deadlines and obstacles as of it, read by the statements of today's lists.

Every case is folded over what had happened, or was known, on the day. The rows are written into temporary tables of the
same names, which come before the permanent ones where a statement names a table. So each list and each count is defined
once, and holds for today and for any day. docs/decisions/0009-counts.md has the measurements.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, and_, or_, select, true

from casework.as_of import AsOf
from models.database import is_sqlite
from models.tables import case_rows, deadlines, facts, obstacles, officers
from oversight.lights import Dates
from procedures.facts import CaseState, FactView
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import Derived, derive_current, nearest, waits_for_service
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.readings import OfficeReadings, office_readings
from rulebook.versions import Versions

_CASE = (
    case_rows.c.id, case_rows.c.ref, case_rows.c.unit_id, case_rows.c.unit_name, case_rows.c.unit_sort,
    case_rows.c.district_code, case_rows.c.level, case_rows.c.procedure,
)  # fmt: skip
_FACT = (facts.c.case_id, facts.c.seq, facts.c.kind, facts.c.occurred_on, facts.c.data, facts.c.annuls)


@dataclass(frozen=True, slots=True)
class CaseAsOf:
    """A row of the temporary table of cases; its fields are the columns that lists read. Lists are JSON texts."""

    id: int
    ref: str
    unit_id: int
    unit_name: str
    unit_sort: str
    district_code: str
    level: str
    procedure: str
    officer_id: int | None
    stage: str
    state: str
    outcome: str | None
    opened_on: date
    closed_on: date | None
    target_on: date | None
    legal_on: date | None
    due_on: date | None
    overlays: str
    obstacles: str
    seq: int


@dataclass(frozen=True, slots=True)
class DeadlineAsOf:
    """A deadline that had not ended. The sum (JSON) is kept where proof of service is awaited: lists read no other."""

    id: int
    case_id: int
    key: str
    kind: str
    starts_on: date | None
    ends_on: date | None
    status: str
    who: str
    sum: str
    unserved: bool


@dataclass(frozen=True, slots=True)
class ObstacleAsOf:
    """An obstacle that was not lifted."""

    id: int
    case_id: int
    code: str
    since_on: date


@dataclass(slots=True)
class _Rows:
    cases: list[CaseAsOf]
    deadlines: list[DeadlineAsOf]
    obstacles: list[ObstacleAsOf]


@contextmanager
def lists_as_of(connection: Connection, at: AsOf, district: str | None = None) -> Iterator[None]:
    """Within the block, statements of this connection read cases, deadlines and obstacles as of `at`.

    `district` leaves the cases of other districts out. Now (`at.is_now`) nothing is done: they read the permanent
    tables. Facts, units, people, letters and messages are always those of today. Only to read: nothing that is written
    to one of the three tables within the block is kept.
    """
    if at.is_now:
        yield
        return
    with connection.begin_nested() as savepoint:
        _fill(connection, _rows(connection, at, district))
        yield
        savepoint.rollback()  # drops the temporary tables


def _rows(connection: Connection, at: AsOf, district: str | None) -> _Rows:
    rules, people = _Rules(connection, at), _people(connection)
    versions = _versions_then(connection, at)
    rows = _Rows([], [], [])
    for row, listed in _cases(connection, at, district):
        pin = versions.get(row["id"], row["procedure"])
        state, procedure = rules.folded(row, pin, listed)
        if state.opened_on is not None:
            _add(rows, row, state, procedure, rules.calendars.of(office_of(row)), people)
    return rows


def _add(
    rows: _Rows,
    row: Mapping[str, Any],
    state: CaseState,
    procedure: Procedure,
    calendars: Calendars,
    people: Mapping[str, int],
) -> None:
    assert state.opened_on is not None
    derived = _not_ended(procedure, state, calendars)
    dates = Dates(nearest(derived, legal=True), nearest(derived, legal=False), state.closed_on)
    rows.cases.append(
        CaseAsOf(
            row["id"], row["ref"], row["unit_id"], row["unit_name"], row["unit_sort"], row["district_code"],
            row["level"], procedure.pin, people.get(state.officer or ""), state.stage, state.state, state.outcome,
            state.opened_on, state.closed_on, dates.target_on, dates.legal_on, dates.due_on,
            _json(list(state.overlays)), _json(list(state.obstacles)), state.seq,
        )
    )  # fmt: skip
    rows.deadlines.extend(
        DeadlineAsOf(
            number, row["id"], item.key, item.kind, item.starts_on, item.ends_on, item.status,
            item.who, _json(item.sum) if waits_for_service(item) else "{}", waits_for_service(item),
        )
        for number, item in enumerate(derived, len(rows.deadlines))
    )  # fmt: skip
    rows.obstacles.extend(
        ObstacleAsOf(number, row["id"], code, fact.occurred_on)
        for number, (code, fact) in enumerate(state.obstacles.items(), len(rows.obstacles))
    )


def _fill(connection: Connection, rows: _Rows) -> None:
    """Create the temporary tables with their rows."""
    for table, kind, listed in (
        (case_rows, CaseAsOf, rows.cases),
        (deadlines, DeadlineAsOf, rows.deadlines),
        (obstacles, ObstacleAsOf, rows.obstacles),
    ):
        columns = (Column(item.name, item.type, primary_key=item.name == "id") for item in table.c)
        temporary = Table(table.name, MetaData(), *columns, prefixes=["TEMPORARY"])
        temporary.create(connection, checkfirst=False)
        read = {item.name for item in fields(kind)}
        names = [item.name for item in table.c if item.name in read]
        _copy(connection, temporary, names, map(attrgetter(*names), listed))
    for table in (deadlines, obstacles):
        connection.exec_driver_sql(f"CREATE INDEX as_of_{table.name} ON {table.name} (case_id)")
    if not is_sqlite(connection):
        _parse_anew(connection)


def _copy(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write many rows by the fastest way of the driver. `names` are columns in the order of the table."""
    if is_sqlite(connection):
        insert = str(table.insert().compile(dialect=connection.dialect, column_keys=names))
        written = [tuple(item.isoformat() if type(item) is date else item for item in row) for row in rows]
        if written:
            connection.exec_driver_sql(insert, written)
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _parse_anew(connection: Connection) -> None:
    """PostgreSQL: a statement prepared before would go on reading the permanent tables, unless the path changes.

    The path is that of the transaction; rolling back its savepoint restores it.
    """
    connection.exec_driver_sql("SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), true)")
    for table in (case_rows, deadlines, obstacles):
        connection.exec_driver_sql(f"ANALYZE pg_temp.{table.name}")


class _Rules:
    """Closing days, rulings and versions as they were known then, each read once."""

    def __init__(self, connection: Connection, at: AsOf) -> None:
        self.calendars = OfficeCalendars(connection, at.known_before)
        self._readings: OfficeReadings = office_readings(connection, at.known_before)
        self._versions = Versions(connection)
        self._read: dict[tuple[str, str | None], Procedure] = {}

    def folded(self, row: Mapping[str, Any], pin: str, listed: Sequence[FactView]) -> tuple[CaseState, Procedure]:
        then = self._procedure(pin, office_of(row))
        try:
            return fold(then, listed), then
        except KeyError:  # written down since under a newer version, with a code that the older one does not have
            now = self._procedure(row["procedure"], office_of(row))
            return fold(now, listed), now

    def _procedure(self, pin: str, office: str | None) -> Procedure:
        if (pin, office) not in self._read:
            self._read[pin, office] = self._readings.read(self._versions.of(pin), office)
        return self._read[pin, office]


def _cases(
    connection: Connection, at: AsOf, district: str | None
) -> Iterator[tuple[Mapping[str, Any], list[FactView]]]:
    """Every case with its visible facts, in two queries; those without any have not been opened yet."""
    of_district = true() if district is None else case_rows.c.district_code == district
    found = connection.execute(select(*_CASE).where(of_district)).mappings()
    rows: dict[int, Mapping[str, Any]] = {row["id"]: dict(row) for row in found}
    statement = select(*_FACT).where(_visible(at)).order_by(facts.c.case_id, facts.c.seq)
    if district is not None:
        statement = statement.join(case_rows, case_rows.c.id == facts.c.case_id).where(of_district)
    for case_id, own in groupby(connection.execute(statement).tuples(), key=itemgetter(0)):
        listed = [FactView(seq, kind, on, data=data, annuls=annuls) for _, seq, kind, on, data, annuls in own]
        if listed[0].seq == 1:  # the opening itself is visible
            yield rows[case_id], listed


def _visible(at: AsOf) -> ColumnElement[bool]:
    happened = true() if at.as_of is None else or_(facts.c.annuls.is_not(None), facts.c.occurred_on <= at.as_of)
    known = true() if at.known_before is None else facts.c.recorded_at < at.known_before
    return and_(happened, known)


def _versions_then(connection: Connection, at: AsOf) -> dict[int, str]:
    """By case: the version before its first migration that is not visible, where there is one."""
    moved = select(facts.c.case_id, facts.c.data).where(facts.c.kind == "migrated", ~_visible(at))
    rows = connection.execute(moved.order_by(facts.c.case_id, facts.c.seq.desc())).tuples()
    return {case_id: str(data["from"]) for case_id, data in rows}


def _people(connection: Connection) -> dict[str, int]:
    """The numbers of officers by their sign-in names."""
    return dict(connection.execute(select(officers.c.login, officers.c.id)).tuples().all())


def _not_ended(procedure: Procedure, state: CaseState, calendars: Calendars) -> list[Derived]:
    running = (key for key, clock in state.clocks.items() if not clock.ended)
    return [derive_current(procedure, state, key, calendars) for key in running]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else "[]"
