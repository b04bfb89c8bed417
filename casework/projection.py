"""The rows that lists are read from, made from the folded state in the same commit as the facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from models.driver_sql import DriverStatement, Writes
from models.tables import case_rows, deadlines, obstacles
from models.typed_rows.case_shapes import CaseRow
from procedures.facts import CaseState, FactView
from procedures.law.rules import confidence_of
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import Derived, derive_moved, nearest, waits_for_service
from procedures.schema import Procedure

Values = dict[str, object]  # of a row that is written, by column
DATE_COLUMNS = (
    "kind", "starts_on", "ends_on", "status", "ended_on", "who", "article", "confidence", "sum", "unserved",
    "calendar",
)  # fmt: skip
CASE_COLUMNS = (  # of the row of a case, made from its facts
    "officer_id", "stage", "state", "outcome", "opened_on", "closed_on", "target_on", "legal_on", "due_on", "overlays",
    "obstacles", "irregular", "seq", "head", "touched_at",
)  # fmt: skip
_UPDATE = DriverStatement(
    update(case_rows)
    .where(case_rows.c.id == bindparam("case_id"))
    .values({name: bindparam(name) for name in CASE_COLUMNS})
)
_INSERT_OBSTACLE = DriverStatement(
    obstacles.insert()
    .inline()
    .values({name: bindparam(name) for name in ("case_id", "code", "since_on", "lifted_on", "note")})
)
_DELETE_DEADLINES = DriverStatement(delete(deadlines).where(deadlines.c.case_id == bindparam("of_case")))
_DELETE_DEADLINE = DriverStatement(
    delete(deadlines).where(deadlines.c.case_id == bindparam("of_case"), deadlines.c.key == bindparam("of_key"))
)
_DELETE_OBSTACLES = DriverStatement(delete(obstacles).where(obstacles.c.case_id == bindparam("of_case")))
_DELETE_PENDING = DriverStatement(
    delete(obstacles).where(
        obstacles.c.case_id == bindparam("of_case"),
        obstacles.c.code == bindparam("of_code"),
        obstacles.c.lifted_on.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Rows:
    """What lists are read from, of one case: its row, its deadlines by their keys, its obstacles."""

    case: Values
    deadlines: dict[str, Values]
    obstacles: list[Values]


@dataclass(frozen=True, slots=True)
class Refolded:
    """A case folded again under other rules: its row, its state and dates before, and after."""

    row: CaseRow
    before: CaseState
    after: CaseState
    dates_before: Mapping[str, Derived]
    dates_after: Mapping[str, Derived]
    head: str
    calendar: str


def _upsert(module: Any) -> Any:
    statement = module.insert(deadlines).inline()
    statement = statement.values({name: bindparam(name) for name in ("case_id", "key", *DATE_COLUMNS)})
    return statement.on_conflict_do_update(
        index_elements=["case_id", "key"], set_={name: statement.excluded[name] for name in DATE_COLUMNS}
    )


_UPSERT = DriverStatement({"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)})


def project(
    writes: Writes,
    row: CaseRow,
    procedure: Procedure,
    state: CaseState,
    head: str,
    officer_id: int | None,
    now: datetime,
    calendars: Calendars,
    was: CaseState | None = None,
) -> tuple[dict[str, Derived], dict[str, Derived]]:
    """Refresh a case's rows. Returns its deadlines before and after, without those that had ended before.

    `was`: the state before the last fact; then only what differs from it is written. None: all is written anew.
    """
    before, derived = derive_moved(procedure, was or CaseState(), state, calendars)
    if was is None:
        writes.add(_DELETE_DEADLINES, [{"of_case": row["id"]}])
    elif gone := before.keys() - derived.keys():
        writes.add(_DELETE_DEADLINE, [{"of_case": row["id"], "of_key": key} for key in sorted(gone)])
    changed = [item for key, item in derived.items() if before.get(key) != item]
    # a case that is closed has nothing open any more
    writes.add(_UPSERT, [_deadline(row["id"], item, calendars.version) for item in changed])
    _project_obstacles(writes, row, was, state)
    writes.add(_UPDATE, [_case(row, state, derived, head, officer_id, now)])
    return before, derived


@dataclass(frozen=True, slots=True)
class ChangedRows:
    """What a case folded again changes in the rows of lists: its row, deadlines that differ, the keys of those that are
    gone, and its obstacles (None: as they were)."""

    case: Values
    deadlines: list[Values]
    gone: list[str]
    obstacles: list[Values] | None


def changed_rows(item: Refolded, now: datetime) -> ChangedRows:
    """The rows that a case folded again under other rules makes otherwise; nothing is written."""
    row, before, after = item.row, item.before, item.after
    same = (before.obstacles, before.lifted) == (after.obstacles, after.lifted)
    return ChangedRows(
        _case(row, after, item.dates_after, item.head, row["officer_id"], now),
        [
            _deadline(row["id"], derived, item.calendar)
            for key, derived in item.dates_after.items()
            if item.dates_before.get(key) != derived
        ],
        sorted(item.dates_before.keys() - item.dates_after.keys()),
        None if same else _obstacles(row["id"], after),
    )


def write_obstacles(connection: Connection, of_cases: Mapping[int, Sequence[Values]]) -> None:
    """Write the obstacles of cases anew, by the cases' ids."""
    if of_cases:
        _DELETE_OBSTACLES.run_many(connection, [{"of_case": case_id} for case_id in of_cases])
        _INSERT_OBSTACLE.run_many(connection, [row for rows in of_cases.values() for row in rows])


def rows_of(
    row: CaseRow,
    state: CaseState,
    derived: Mapping[str, Derived],
    head: str,
    officer_id: int | None,
    calendar: str,
) -> Rows:
    """The rows that a folded state makes; nothing is written. When it was touched stays as the row has it."""
    return Rows(
        _case(row, state, derived, head, officer_id, row["touched_at"]),
        {key: _deadline(row["id"], item, calendar) for key, item in derived.items()},
        _obstacles(row["id"], state),
    )


def rewrite(
    connection: Connection,
    cases: Sequence[Values],
    dates: Sequence[Values],
    gone: Sequence[int],
    blocked: Sequence[Rows],
) -> None:
    """Write rows as `rows_of` makes them: cases, deadlines, deadlines to be removed by their ids, obstacles anew."""
    if cases:
        _UPDATE.run_many(connection, list(cases))
    if dates:
        _UPSERT.run_many(connection, list(dates))
    if gone:
        connection.execute(delete(deadlines).where(deadlines.c.id.in_(gone)))
    write_obstacles(connection, {int(str(item.case["case_id"])): item.obstacles for item in blocked})


def _deadline(case_id: int, item: Derived, calendar: str) -> Values:
    return {
        "case_id": case_id,
        "key": item.key,
        "kind": item.kind,
        "starts_on": item.starts_on,
        "ends_on": item.ends_on,
        "status": item.status,
        "ended_on": item.ended_on,
        "who": item.who,
        "article": item.article,
        "confidence": confidence_of(item.article, item.law_on),
        "sum": item.sum,
        "unserved": waits_for_service(item),
        "calendar": calendar,
    }


def _case(
    row: CaseRow,
    state: CaseState,
    derived: Mapping[str, Derived],
    head: str,
    officer_id: int | None,
    now: datetime,
) -> Values:
    items = list(derived.values())
    target, legal = nearest(items, legal=False), nearest(items, legal=True)
    return {
        "case_id": row["id"],
        "officer_id": officer_id,
        "stage": state.stage,
        "state": state.state,
        "outcome": state.outcome,
        "opened_on": state.opened_on,
        "closed_on": state.closed_on,
        "target_on": target,
        "legal_on": legal,
        "due_on": min((day for day in (target, legal) if day), default=None),
        "overlays": list(state.overlays),
        "obstacles": list(state.obstacles),
        "irregular": sum(not item.settled for item in state.irregularities.values()),
        "seq": state.seq,
        "head": head,
        "touched_at": now,
    }


def _project_obstacles(writes: Writes, row: CaseRow, was: CaseState | None, state: CaseState) -> None:
    """Only obstacles that were named or lifted since are written; all anew where what was lifted before changed too."""
    known = 0 if was is None else len(was.lifted)
    if was is None or state.lifted[:known] != was.lifted:
        writes.add(_DELETE_OBSTACLES, [{"of_case": row["id"]}])
        writes.add(_INSERT_OBSTACLE, _obstacles(row["id"], state))
        return
    gone = [code for code, fact in was.obstacles.items() if state.obstacles.get(code) != fact]
    writes.add(_DELETE_PENDING, [{"of_case": row["id"], "of_code": code} for code in gone])
    named = [(code, fact) for code, fact in state.obstacles.items() if was.obstacles.get(code) != fact]
    new = [_obstacle(row["id"], code, fact, None) for code, fact in named]
    new += [_obstacle(row["id"], code, fact, on) for code, fact, on in state.lifted[known:]]
    writes.add(_INSERT_OBSTACLE, new)


def _obstacles(case_id: int, state: CaseState) -> list[Values]:
    pending = [_obstacle(case_id, code, fact, None) for code, fact in state.obstacles.items()]
    return pending + [_obstacle(case_id, code, fact, on) for code, fact, on in state.lifted]


def _obstacle(case_id: int, code: str, fact: FactView, lifted_on: date | None) -> Values:
    note = str(fact.data.get("note") or fact.data.get("reason") or "")
    return {"case_id": case_id, "code": code, "since_on": fact.occurred_on, "lifted_on": lifted_on, "note": note}
