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
_COLUMNS = (
    "kind", "starts_on", "ends_on", "status", "ended_on", "who", "article", "confidence", "sum", "unserved",
    "calendar",
)  # fmt: skip
_UPDATE = DriverStatement(
    update(case_rows)
    .where(case_rows.c.id == bindparam("case_id"))
    .values(
        {
            name: bindparam(name)
            for name in (
                "officer_id", "stage", "state", "outcome", "opened_on", "closed_on", "target_on", "legal_on", "due_on",
                "overlays", "obstacles", "irregular", "seq", "head", "touched_at",
            )
        }
    )
)  # fmt: skip


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
    statement = statement.values({name: bindparam(name) for name in ("case_id", "key", *_COLUMNS)})
    return statement.on_conflict_do_update(
        index_elements=["case_id", "key"], set_={name: statement.excluded[name] for name in _COLUMNS}
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


def project_many(connection: Connection, items: Sequence[Refolded], now: datetime) -> None:
    """Refresh the rows of many cases in a handful of statements; only the deadlines that differ are written."""
    if not items:
        return
    columns = deadlines.c
    gone = [
        {"b_id": item.row["id"], "b_key": key} for item in items for key in item.dates_before.keys() - item.dates_after
    ]
    if gone:
        of_case = (columns.case_id == bindparam("b_id"), columns.key == bindparam("b_key"))
        connection.execute(delete(deadlines).where(*of_case), gone)
    changed = [
        _deadline(item.row["id"], derived, item.calendar)
        for item in items
        for key, derived in item.dates_after.items()
        if item.dates_before.get(key) != derived
    ]
    if changed:
        _UPSERT.run_many(connection, changed)
    writes = Writes(connection)
    for item in items:
        if (item.before.obstacles, item.before.lifted) != (item.after.obstacles, item.after.lifted):
            _project_obstacles(writes, item.row, None, item.after)
    rows = [_case(item.row, item.after, item.dates_after, item.head, item.row["officer_id"], now) for item in items]
    writes.add(_UPDATE, rows)
    writes.send()


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
    if blocked:
        connection.execute(delete(obstacles).where(obstacles.c.case_id.in_([item.case["case_id"] for item in blocked])))
        _INSERT_OBSTACLE.run_many(connection, [row for item in blocked for row in item.obstacles])


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
