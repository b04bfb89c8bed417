"""The office's log across an upgrade: rows that a migration changed are entered anew, what was tampered with is not.

Before a migration every logged row is held against its newest entry. A row that differs, has no entry, or is gone
keeps that contradiction: it gets no new entry, and `verify` names it after the upgrade as it did before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, Table, column, inspect, literal, select, table

from models.columns import Instant
from models.history_log import FACT, LOGGED, begin_noting, digest_of, drop_notes, key_of, latest_entries, rows_of
from models.log_triggers import install, installed, is_installed, noted
from models.tables import facts, log_entries, metadata

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Stored:
    """The log before a migration. `disputed`: by logged table, keys of rows that do not agree with their entries.

    `last_note`: see `begin_noting`.
    """

    disputed: Mapping[str, Collection[str]]
    last_note: int


def stored(connection: Connection) -> Stored | None:
    """What a migration begins with; None where the database has no log yet."""
    present = set(inspect(connection).get_table_names())
    if log_entries.name not in present:
        return None
    triggers = installed(connection)
    disputed = {}
    for name in sorted(LOGGED.keys() & present):
        entries = latest_entries(connection, name)
        if entries or noted(name) in triggers:  # else it is new to the log
            disputed[name] = _disputed(connection, name, entries)
    return Stored(disputed, begin_noting(connection))


def settle(connection: Connection, before: Stored | None, *, migrated: bool) -> None:
    """The triggers as they should be; after a migration also an entry for each row that it made or changed.

    `before`: what `stored` returned. Where nothing was migrated nothing is entered: a row without an entry stays one.
    """
    if not LOGGED.keys() <= set(inspect(connection).get_table_names()):
        return  # upgraded to an earlier revision, which has no log yet
    if not is_installed(connection):
        install(connection)
    if not migrated:
        return
    for name in sorted(LOGGED):
        known = before.disputed.get(name) if before is not None else None
        _enter_changed(connection, metadata.tables[name], known or ())
    if before is None:
        key = facts.c.case_id.concat("|").concat(facts.c.seq)
        found = select(literal(FACT), key, facts.c.hash).order_by(facts.c.id)
        connection.execute(log_entries.insert().from_select(["entity", "key", "digest"], found))
    else:
        drop_notes(connection, before.last_note)


def _enter_changed(connection: Connection, changed: Table, disputed: Collection[str]) -> None:
    """An entry for each row that differs from its newest one, and for each that the migration removed."""
    entries, batch = latest_entries(connection, changed.name), []
    for row in rows_of(connection, changed):
        key, digest = key_of(changed, row), digest_of(changed.name, row)
        if entries.pop(key, None) != digest and key not in disputed:
            batch.append({"entity": changed.name, "key": key, "digest": digest})
    gone = [key for key, digest in entries.items() if digest and key not in disputed]
    batch += [{"entity": changed.name, "key": key, "digest": ""} for key in gone]
    for start in range(0, len(batch), _BATCH):
        connection.execute(log_entries.insert(), batch[start : start + _BATCH])


def _disputed(connection: Connection, name: str, entries: Mapping[str, str]) -> set[str]:
    """Keys of a table whose row and newest entry do not agree, one of the two missing included."""
    left, found = dict(entries), set()
    for row in _rows_as_stored(connection, name):
        key = key_of(metadata.tables[name], row)
        if left.pop(key, None) != digest_of(name, row):
            found.add(key)
    return found | {key for key, digest in left.items() if digest}


def _rows_as_stored(connection: Connection, name: str) -> list[dict[str, Any]]:
    """The rows with the columns that the database has now, which may be those of an earlier release."""
    ours, theirs = metadata.tables[name], Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
    columns = [column(one.name, _type_of(one, ours)) for one in theirs.columns]
    return [dict(row) for row in connection.execute(select(table(name, *columns))).mappings()]


def _type_of(found: Any, ours: Table) -> Any:
    """A column's type in this release; of one that it no longer has, the type in the database."""
    if found.name in ours.columns:
        return ours.columns[found.name].type
    return Instant() if isinstance(found.type, DateTime) else found.type
