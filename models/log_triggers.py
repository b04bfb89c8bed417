"""The triggers of the office's log: what changed is noted, what is append-only is refused.

Made anew at each upgrade; names and columns come from our own tables, never from a request.
"""
# ruff: noqa: S608

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection, Table, inspect, literal, select

from models.history_log import APPEND_ONLY, FACT, LOGGED, digest_of, key_columns, key_of, rows_of
from models.tables import facts, log_entries, metadata

_BATCH = 1_000
_EVENTS = ("INSERT", "UPDATE", "DELETE")


def logged_columns(connection: Connection) -> dict[str, frozenset[str]]:
    """The columns of the logged tables as they are in the database; none where it is new."""
    found = inspect(connection)
    present = LOGGED.keys() & set(found.get_table_names())
    return {name: frozenset(column["name"] for column in found.get_columns(name)) for name in present}


def settle(connection: Connection, before: Mapping[str, frozenset[str]]) -> None:
    """After a migration, or when nothing was to migrate: the triggers as they should be, and no row without an entry.

    `before`: `logged_columns` before it. A table whose columns changed is entered anew, as its digests changed.
    """
    now = logged_columns(connection)
    if now.keys() != LOGGED.keys():
        return  # upgraded to an earlier revision, which has no log yet
    if not is_installed(connection):
        install(connection)
    for name in sorted(LOGGED):
        if not _is_known(connection, name) or now[name] != before.get(name):
            enter_all(connection, metadata.tables[name])
    if not _is_known(connection, FACT):
        key = facts.c.case_id.concat("|").concat(facts.c.seq)
        found = select(literal(FACT), key, facts.c.hash).order_by(facts.c.id)
        connection.execute(log_entries.insert().from_select(["entity", "key", "digest"], found))


def install(connection: Connection) -> None:
    """Make every trigger anew."""
    make = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for statement in make():
        connection.exec_driver_sql(statement)


def is_installed(connection: Connection) -> bool:
    """Whether every trigger is there."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    else:
        found = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars()
    return not missing(set(found))


def missing(found: Collection[str]) -> list[str]:
    """The triggers that are not among these names."""
    return [name for name in (_trigger(*item) for item in _names()) if name not in found]


def enter_all(connection: Connection, table: Table) -> None:
    """An entry for each row as it is now: of a table new to the log, or one that a migration has rewritten."""
    batch = [
        {"entity": table.name, "key": key_of(table, row), "digest": digest_of(table.name, row)}
        for row in rows_of(connection, table)
    ]
    for start in range(0, len(batch), _BATCH):
        connection.execute(log_entries.insert(), batch[start : start + _BATCH])


def drop_statements(dialect: str) -> list[str]:
    """Statements that take every trigger away, for a migration that rewrites history on purpose."""
    names = [(item[0], _trigger(*item)) for item in _names()]
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for _, name in names]
    return [f"DROP TRIGGER IF EXISTS {name} ON {_quoted(table)}" for table, name in names]


def _names() -> Iterator[tuple[str, str, str]]:
    for name in LOGGED:
        yield from ((name, event, "noted") for event in _EVENTS)
    yield FACT, "INSERT", "noted"
    for name in APPEND_ONLY:
        yield from ((name, event, "refused") for event in _EVENTS[1:])


def _trigger(table: str, event: str, what: str) -> str:
    return f"{table}_{event.lower()}_{what}"


def _is_known(connection: Connection, entity: str) -> bool:
    found = select(log_entries.c.id).where(log_entries.c.entity == entity).limit(1)
    return connection.execute(found).first() is not None


def _quoted(table: str) -> str:
    return f'"{table}"'


def _key(table: Table, row: str) -> str:
    return " || '|' || ".join(f'{row}."{column.name}"' for column in key_columns(table))


def _sqlite() -> Iterator[str]:
    yield from drop_statements("sqlite")
    for name in LOGGED:
        for event in _EVENTS:
            row = "OLD" if event == "DELETE" else "NEW"
            key = _key(metadata.tables[name], row)
            yield (
                f'CREATE TRIGGER {name}_{event.lower()}_noted AFTER {event} ON "{name}" BEGIN '
                f"INSERT INTO change_note (entity, key, \"transaction\") VALUES ('{name}', {key}, ''); END"
            )
    yield (
        f"CREATE TRIGGER {FACT}_insert_noted AFTER INSERT ON {FACT} BEGIN INSERT INTO log_entry (entity, key, digest) "
        f"VALUES ('{FACT}', {_key(facts, 'NEW')}, NEW.hash); END"
    )
    for name in APPEND_ONLY:
        for event in _EVENTS[1:]:
            yield (
                f'CREATE TRIGGER {name}_{event.lower()}_refused BEFORE {event} ON "{name}" BEGIN '
                f"SELECT RAISE(ABORT, 'append_only {name}'); END"
            )


def _postgresql() -> Iterator[str]:
    yield from drop_statements("postgresql")
    yield _FUNCTION.format(name="log_refused", body="RAISE EXCEPTION USING MESSAGE = 'append_only ' || TG_TABLE_NAME;")
    for name in (*LOGGED, FACT):
        entry = (
            f"INSERT INTO log_entry (entity, key, digest) VALUES ('{FACT}', {_key(facts, 'NEW')}, NEW.hash);"
            if name == FACT
            else f"INSERT INTO change_note (entity, key, transaction) VALUES ('{name}', "
            f"CASE TG_OP WHEN 'DELETE' THEN {_key_pg(name, 'OLD')} ELSE {_key_pg(name, 'NEW')} END, "
            "pg_current_xact_id()::text);"
        )
        yield _FUNCTION.format(name=f"log_{name}", body=entry)
        for event in _EVENTS if name != FACT else _EVENTS[:1]:
            trigger = f"{name}_{event.lower()}_noted"
            yield f'CREATE TRIGGER {trigger} AFTER {event} ON "{name}" FOR EACH ROW EXECUTE FUNCTION log_{name}()'
    for name in APPEND_ONLY:
        for event in _EVENTS[1:]:
            trigger = f"{name}_{event.lower()}_refused"
            yield f'CREATE TRIGGER {trigger} BEFORE {event} ON "{name}" FOR EACH ROW EXECUTE FUNCTION log_refused()'


def _key_pg(name: str, row: str) -> str:
    return f"({_key(metadata.tables[name], row)})::text"


_FUNCTION = (
    "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
)
