"""Facts in the database: read in order, appended with the hash of the one before, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Connection, Select, bindparam, exists, select

from casework.as_of import NOW, AsOf, pin_of
from casework.known_folds import VIEW, Folded, folded, keep_fold, known_fold, viewed
from models.database import is_sqlite
from models.driver_sql import DriverStatement, Writes
from models.errors import NotFound
from models.tables import case_rows, facts, procedure_versions, rulings
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import CaseRow
from procedures.facts import CaseState, FactView
from procedures.legal_time.calendar import Calendars
from procedures.schema import Procedure
from procedures.state_machine.chain import fact_hash
from procedures.state_machine.fold import fold
from procedures.state_machine.replay import unknown_code
from rulebook.office_calendar import calendar_columns, calendars_by, calendars_of, office_of
from rulebook.readings import PLAIN, OfficeReadings, office_readings
from rulebook.versions import procedure_of

_TEXT = (  # saves a round trip: the version of the case is known from the same row
    select(procedure_versions.c.sha256).where(procedure_versions.c.pin == case_rows.c.procedure).scalar_subquery()
)
_RULED = exists(select(rulings.c.id)).label("ruled")  # most offices have no ruling: then none is looked for
CASE = select(case_rows, _TEXT.label("procedure_sha256"), _RULED)
_NAMES = tuple(CASE.selected_columns.keys())
_FOUND = CASE.where(case_rows.c.ref == bindparam("asked"))
_FIND, _FIND_LOCKED = DriverStatement(_FOUND), DriverStatement(_FOUND.with_for_update())  # SQLite has no such lock


def to_be_locked(dialect: str, more: Sequence[Any] = (), joined: Any = case_rows) -> Select[Any]:
    """The case by its reference `asked`, locked, with the calendars of its office and `more` columns of `joined`."""
    columns = (*CASE.selected_columns, *calendar_columns(dialect), *more)
    found = select(*columns).select_from(joined).where(case_rows.c.ref == bindparam("asked"))
    return found.with_for_update(of=case_rows)


_LOCKED = DriverStatement({dialect: to_be_locked(dialect) for dialect in ("sqlite", "postgresql")})
_FACTS = DriverStatement(select(*VIEW).where(facts.c.case_id == bindparam("asked")).order_by(facts.c.seq))
_FACT = select(facts.c.case_id, *VIEW, facts.c.hash)
_AT_ONCE = 2_000  # cases in one statement
FEW = 50  # cases of a page: their folds are kept; those of a long work would push out what officers use
_APPEND = DriverStatement(
    facts.insert().inline().values({name: bindparam(name) for name in facts.columns.keys() if name != "id"})  # noqa: SIM118
)


class LedgerCase(CaseRow):
    """A case's row with what it takes to read its version of the procedure."""

    procedure_sha256: str | None  # of the version's text; none for a version that the office does not know
    ruled: bool  # whether the office has ruled on any unclear point


@dataclass(slots=True)
class LoadedCase:
    """A case's row as it is now; its facts, version (as its office reads it) and state, as of a point in time.

    `known`: the calendars of its office, where they were read together with it; see `calendars_for`.
    """

    row: LedgerCase
    facts: list[FactView]
    procedure: Procedure
    state: CaseState
    known: Calendars | None = None


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact about to be recorded."""

    kind: str
    occurred_on: date
    recorded_at: datetime
    by: str
    role: str
    data: Mapping[str, Any]
    evidence: Sequence[str] = ()
    annuls: int | None = None


def case_row(connection: Connection, ref: str, *, lock: bool = False) -> LedgerCase:
    """The row of a case; `lock` holds it until the transaction ends. Raises NotFound."""
    row = (_FIND_LOCKED if lock else _FIND).first(connection, {"asked": ref})
    if row is None:
        raise NotFound("no_such_case", ref=ref)
    return cast(LedgerCase, dict(zip(_NAMES, row, strict=True)))


def facts_of(connection: Connection, case_id: int) -> list[FactView]:
    """All facts of a case in the order they were recorded."""
    return [viewed(row) for row in _FACTS.rows(connection, {"asked": case_id})]


def view(row: Any) -> FactView:
    """A row of the table of facts as a FactView."""
    return FactView(
        row.seq, row.kind, row.occurred_on, row.by, row.role, row.data, tuple(row.evidence), row.annuls, row.recorded_at
    )


def load_case(connection: Connection, ref: str, *, lock: bool = False, at: AsOf = NOW) -> LoadedCase:
    """The case with its facts folded, as far as they are visible at that point in time. Raises NotFound."""
    if lock and at.is_now:
        values = _LOCKED.first(connection, {"asked": ref})
        if values is None:
            raise NotFound("no_such_case", ref=ref)
        loaded, _ = loaded_by(connection, values)
        loaded.state = loaded.state.copy()
        return loaded
    row = case_row(connection, ref, lock=lock)
    if not at.is_now:
        readings = office_readings(connection, at.known_before) if row["ruled"] else PLAIN
        return _loaded(connection, row, facts_of(connection, row["id"]), readings, at)
    known = _folded_now(connection, row)
    return LoadedCase(row, list(known.facts), known.procedure, known.state.copy())


def loaded_by(connection: Connection, values: Sequence[Any]) -> tuple[LoadedCase, Sequence[Any]]:
    """The folded case by the values that `to_be_locked` selects, and what is left of them.

    Its state is shared with other readers: it is replaced, never changed.
    """
    row = cast(LedgerCase, dict(zip(_NAMES, values, strict=False)))
    edition, closing_days, *left = values[len(_NAMES) :]
    known, office = _folded_now(connection, row), office_of(row)
    calendars = None if edition is None else calendars_by(edition, closing_days, office)
    return LoadedCase(row, list(known.facts), known.procedure, known.state, calendars), left


def calendars_for(connection: Connection, loaded: LoadedCase) -> Calendars:
    """The calendars of the office of a case, which are read unless they were together with it."""
    return loaded.known or calendars_of(connection, office_of(loaded.row))


def _folded_now(connection: Connection, row: LedgerCase) -> Folded:
    readings = office_readings(connection) if row["ruled"] else PLAIN
    return folded(connection, row, _version_now(connection, row, readings))


def load_cases(connection: Connection, case_ids: Sequence[int], *, lock: bool = False) -> dict[int, LoadedCase]:
    """Cases by their ids, each folded, in two queries at most; `lock` holds them all, taken in one order."""
    found: dict[int, LoadedCase] = {}
    for start in range(0, len(case_ids), _AT_ONCE):
        found |= _load_cases(connection, case_ids[start : start + _AT_ONCE], lock)
    return found


def _load_cases(connection: Connection, case_ids: Sequence[int], lock: bool) -> dict[int, LoadedCase]:
    statement = CASE.where(case_rows.c.id.in_(case_ids)).order_by(case_rows.c.id)
    if lock and not is_sqlite(connection):
        statement = statement.with_for_update()
    rows = all_rows(LedgerCase, connection.execute(statement))
    readings = office_readings(connection) if rows and rows[0]["ruled"] else PLAIN
    versions = {row["id"]: _version_now(connection, row, readings) for row in rows}
    known = {row["id"]: known_fold(row, versions[row["id"]]) for row in rows}
    listed = _facts_by_case(connection, [number for number, fold_known in known.items() if fold_known is None])
    found: dict[int, LoadedCase] = {}
    for row in rows:
        kept, procedure = known[row["id"]], versions[row["id"]]
        if kept is not None:
            found[row["id"]] = LoadedCase(row, list(kept.facts), procedure, kept.state.copy())
            continue
        own, head = listed.get(row["id"], ([], ""))
        found[row["id"]] = LoadedCase(row, own, procedure, fold(procedure, own))
        if len(case_ids) <= FEW and head == row["head"]:
            keep_fold(row, procedure, own, found[row["id"]].state.copy())
    return found


def _facts_by_case(connection: Connection, case_ids: Sequence[int]) -> dict[int, tuple[list[FactView], str]]:
    """By case: its facts, and the hash of the last one."""
    if not case_ids:
        return {}
    found = _FACT.where(facts.c.case_id.in_(case_ids)).order_by(facts.c.case_id, facts.c.seq)
    grouped = groupby(connection.execute(found), key=lambda row: row.case_id)
    by_case = {number: list(own) for number, own in grouped}
    return {number: ([view(row) for row in own], own[-1].hash) for number, own in by_case.items()}


def _loaded(
    connection: Connection, row: LedgerCase, listed: list[FactView], readings: OfficeReadings, at: AsOf = NOW
) -> LoadedCase:
    now = _version_now(connection, row, readings)
    if at.is_now:
        return LoadedCase(row, listed, now, fold(now, listed))
    kept = at.kept(listed)
    then = readings.read(procedure_of(connection, pin_of(row, listed, kept)), office_of(row))
    state = _fold_under_version(then, kept)
    return LoadedCase(row, kept, now, fold(now, kept)) if state is None else LoadedCase(row, kept, then, state)


def _version_now(connection: Connection, row: LedgerCase, readings: OfficeReadings) -> Procedure:
    return readings.read(procedure_of(connection, row["procedure"], row["procedure_sha256"]), office_of(row))


def _fold_under_version(then: Procedure, kept: Sequence[FactView]) -> CaseState | None:
    """The fold by an older version; none when something was written down since with a code that it does not have."""
    try:
        state = fold(then, kept)
    except KeyError:
        return None
    return state if unknown_code(then, state) is None else None


def pins_of(listed: Sequence[FactView], pin: str) -> dict[int, str]:
    """The version that the case had when each fact was recorded, by the fact's number; `pin` is its version now."""
    moves = [fact for fact in listed if fact.kind == "migrated"]
    standing_then = str(moves[0].data["from"]) if moves else pin
    found = {}
    for fact in listed:
        found[fact.seq] = standing_then
        if fact.kind == "migrated":
            standing_then = str(fact.data["to"])
    return found


def append(connection: Connection, row: CaseRow, fact: NewFact, known: Sequence[FactView]) -> tuple[FactView, str]:
    """Append a fact to a case. Returns it with its hash. `known`: all facts of the case."""
    writes = Writes(connection)
    recorded = append_with(writes, row, fact, known)
    writes.send()
    return recorded


def append_with(writes: Writes, row: CaseRow, fact: NewFact, known: Sequence[FactView]) -> tuple[FactView, str]:
    """`append` together with other writes."""
    last = max((item.recorded_at for item in known if item.recorded_at is not None), default=fact.recorded_at)
    values, seen = written_fact(row, fact, last)
    writes.add(_APPEND, [values])
    return seen, values["hash"]


def written_fact(row: CaseRow, fact: NewFact, last: datetime) -> tuple[dict[str, Any], FactView]:
    """The row of a fact that is about to be appended; `last`: when the one before it was recorded."""
    seq = row["seq"] + 1
    recorded = max(fact.recorded_at, last).replace(microsecond=0)
    content: dict[str, Any] = {
        "seq": seq,
        "kind": fact.kind,
        "occurred_on": fact.occurred_on,
        "recorded_at": recorded,
        "by": fact.by,
        "role": fact.role,
        "data": dict(fact.data),
        "evidence": list(fact.evidence),
        "annuls": fact.annuls,
    }
    head = fact_hash(row["head"], case=row["ref"], **content)
    values = {"case_id": row["id"], "previous": row["head"], "hash": head, **content}
    seen = FactView(
        seq, fact.kind, fact.occurred_on, fact.by, fact.role, fact.data, tuple(fact.evidence), fact.annuls, recorded
    )
    return values, seen
