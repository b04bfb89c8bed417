"""Everything that counts as history gets an entry in the office's log, in the transaction that changed it.

Triggers note which rows a transaction changed, so that no code can forget it; `log_changes` turns the notes into
entries before the commit. Facts get theirs by the trigger itself. The same triggers refuse to change what is
append-only. They are installed again after each migration, because SQLite drops them when a table is rebuilt.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Integer, Table, Text, and_, cast, func, or_, select

from models.driver_sql import driver_rows
from models.tables import change_notes, log_entries, metadata

FACT = "fact"
# What is history, with the columns left out: secrets of a person that say nothing of what was done, and what only
# serves lists. Every other table is derived, operational or personal: tests/house/test_history_log.py lists each.
LOGGED: Mapping[str, frozenset[str]] = {
    "absence": frozenset(),
    "agency": frozenset(),
    "batch_case": frozenset(),
    "batch_step": frozenset(),
    "book": frozenset(),
    "book_entry": frozenset(),
    "book_mode": frozenset(),
    "calendar_adoption": frozenset(),
    "case_note": frozenset(),
    "clearance": frozenset(),
    "closing": frozenset(),
    "commune": frozenset(),
    "council": frozenset(),
    "council_case": frozenset(),
    "council_meeting": frozenset(),
    "council_member": frozenset(),
    "council_task": frozenset(),
    "delegation": frozenset(),
    "dissolution_batch": frozenset(),
    "district": frozenset(),
    "earlier_paper": frozenset(),
    "earlier_paper_case": frozenset(),
    "evidence": frozenset(),
    "heading_word": frozenset(),
    "importrun": frozenset(),
    "incoming": frozenset(),
    "instruction": frozenset(),
    "kept_forecast": frozenset(),
    "letter": frozenset({"district_code", "answered"}),
    "letter_batch": frozenset(),
    "letter_batch_act": frozenset(),
    "letter_case": frozenset(),
    "letter_obstacle": frozenset(),
    "office_act": frozenset(),
    "officer": frozenset({"lang", "feed_token"}),
    "operation": frozenset(),
    "operation_line": frozenset(),
    "outstanding_entry": frozenset(),
    "procedure_version": frozenset(),
    "programme_plan": frozenset(),
    "ruling": frozenset(),
    "service": frozenset(),
    "signatory": frozenset(),
    "signed_paper": frozenset(),
    "signed_version": frozenset(),
    "unit": frozenset({"search", "sort_key"}),
    "unit_change": frozenset(),
}
# Never changed and never deleted.
APPEND_ONLY = (
    FACT, "log_entry", "log_leaf", "log_checkpoint", "log_time_stamp", "batch_step", "calendar_adoption", "closing",
    "council_meeting", "importrun", "kept_forecast", "letter_batch_act", "office_act", "operation", "operation_line",
    "outstanding_entry", "programme_plan", "ruling", "unit_change",
)  # fmt: skip
EMPTY: tuple[Any, ...] = (None, "", [], {}, False, 0)  # left out of a digest: a new column changes no digest
_AT_ONCE = 500
_SEPARATOR = "|"
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def key_columns(table: Table) -> list[Column[Any]]:
    """The columns that an entry's key is made of, in order."""
    if table.name == FACT:
        return [table.c.case_id, table.c.seq]
    return list(table.primary_key.columns)


def digest_of(entity: str, row: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the canonical JSON of what `shown` leaves of a row."""
    return hashlib.sha256(_canonical(shown(entity, row)).encode()).hexdigest()


def shown(entity: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as its digest covers it: as JSON, without the columns that are left out and without empty ones."""
    hidden = LOGGED[entity]
    return {name: _plain(value) for name, value in row.items() if name not in hidden and (value or value not in EMPTY)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def key_of(table: Table, row: Mapping[str, Any]) -> str:
    return _SEPARATOR.join(str(row[column.name]) for column in key_columns(table))


def begin_noting(connection: Connection) -> int:
    """The last note that is there already; those are not of the transaction that begins."""
    if connection.dialect.name != "sqlite":
        return 0
    ((last,),) = driver_rows(connection, "SELECT coalesce(max(id), 0) FROM change_note")
    return int(last)


def noted_since(connection: Connection, after: int) -> str:
    """The statement that reads the notes of this transaction. `after`: what `begin_noting` returned."""
    return _OWN[connection.dialect.name].format(after=after)


def log_changes(connection: Connection, after: int, found: Sequence[Sequence[Any]]) -> None:
    """Turn the notes of this transaction (`found` by `noted_since`) into log entries, before it is committed.

    Notes of other transactions stay: a row changed past the program keeps its note and has no entry, which `verify`
    reports.
    """
    if not found:
        return
    wanted = sorted({(entity, key) for _, entity, key in found})
    for entity, pairs in groupby(wanted, key=lambda pair: pair[0]):
        keys = [key for _, key in pairs]
        for start in range(0, len(keys), _AT_ONCE):
            _enter(connection, metadata.tables[entity], keys[start : start + _AT_ONCE])
    drop_notes(connection, after)


def drop_notes(connection: Connection, after: int) -> None:
    """Forget what this transaction changed, once it has its entries. `after`: as in `log_changes`."""
    connection.execute(change_notes.delete().where(_own_notes(connection, after)))


def enter_staged(connection: Connection, entity: str, staged: Table, after: int) -> None:
    """Enter rows of one table by entries made before the transaction; what it noted of this table is theirs.

    `staged`: their keys and digests. `after`: what `begin_noting` returned before the rows were written. Raises
    RuntimeError: other rows of the table were written meanwhile, so nothing may be committed.
    """
    entries = select(staged.c.entity, staged.c.key, staged.c.digest).where(staged.c.entity == entity)
    names = ["entity", "key", "digest"]
    connection.execute(log_entries.insert().from_select(names, entries, include_defaults=False))
    entered = connection.scalar(select(func.count()).select_from(entries.subquery()))
    of_table = (_own_notes(connection, after), change_notes.c.entity == entity)
    if connection.execute(change_notes.delete().where(*of_table)).rowcount != entered:
        raise RuntimeError(f"{entity}: entries that do not fit what was written")


def _own_notes(connection: Connection, after: int) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        return change_notes.c.id > after
    return change_notes.c.transaction == cast(func.pg_current_xact_id(), Text)


def latest_entries(connection: Connection, entity: str) -> dict[str, str]:
    """By key: the digest of the newest entry, empty where it says that the row is gone."""
    columns = log_entries.c
    newest = select(func.max(columns.id)).where(columns.entity == entity).group_by(columns.key)
    found = select(columns.key, columns.digest).where(columns.id.in_(newest))
    return dict(connection.execute(found).tuples().all())


_OWN = {
    "sqlite": "SELECT id, entity, key FROM change_note WHERE id > {after}",
    "postgresql": "SELECT id, entity, key FROM change_note WHERE transaction = pg_current_xact_id()::text",
}


def _enter(connection: Connection, table: Table, keys: Sequence[str]) -> None:
    rows = {key_of(table, row): row for row in rows_of(connection, table, keys)}
    entries = [
        {"entity": table.name, "key": key, "digest": digest_of(table.name, rows[key]) if key in rows else ""}
        for key in keys
    ]
    connection.execute(log_entries.insert(), entries)


def rows_of(connection: Connection, table: Table, keys: Iterable[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a table, or those with these keys."""
    statement, columns = select(table), key_columns(table)
    if keys is not None:
        if len(columns) == 1:
            statement = statement.where(columns[0].in_([_typed(columns[0], key) for key in keys]))
        else:
            statement = statement.where(or_(*(_is(columns, key) for key in keys)))
    for row in connection.execute(statement).mappings():
        yield dict(row)


def _is(columns: Sequence[Column[Any]], key: str) -> Any:
    parts = key.split(_SEPARATOR)
    pairs = zip(columns, parts, strict=True)
    return and_(*(column == _typed(column, part) for column, part in pairs))


def _typed(column: Column[Any], part: str) -> Any:
    return int(part) if isinstance(column.type, Integer) else part
