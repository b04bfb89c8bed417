"""The triggers of the office's log: what changed is noted, what is append-only is refused.

Made anew at each upgrade; names and columns come from our own tables, never from a request.
"""
# ruff: noqa: S608

from collections.abc import Iterator

from sqlalchemy import Connection, Table

from models.history_log import APPEND_ONLY, FACT, LOGGED, key_columns
from models.tables import facts, metadata

_EVENTS = ("INSERT", "UPDATE", "DELETE")
# what becomes of a new fact; another name than the former, so that an upgrade finds it missing and makes all anew
_ENTERED, _FORMER = "entered", "noted"


def install(connection: Connection) -> None:
    """Make every trigger anew."""
    make = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for statement in make():
        connection.exec_driver_sql(statement)


def is_installed(connection: Connection) -> bool:
    """Whether every trigger is there."""
    found = installed(connection)
    return all(_trigger(*item) in found for item in _names())


def installed(connection: Connection) -> set[str]:
    """The names of the triggers in the database."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    else:
        found = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars()
    return set(found)


def noted(table: str) -> str:
    """The trigger that notes a new row of a logged table."""
    return _trigger(table, _EVENTS[0], "noted")


def drop_statements(dialect: str) -> list[str]:
    """Statements that take every trigger away, for a migration that rewrites history on purpose."""
    names = [(item[0], _trigger(*item)) for item in (*_names(), (FACT, "INSERT", _FORMER))]
    if dialect == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for _, name in names]
    return [f"DROP TRIGGER IF EXISTS {name} ON {_quoted(table)}" for table, name in names]


def _names() -> Iterator[tuple[str, str, str]]:
    for name in LOGGED:
        yield from ((name, event, "noted") for event in _EVENTS)
    yield FACT, "INSERT", _ENTERED
    for name in APPEND_ONLY:
        yield from ((name, event, "refused") for event in _EVENTS[1:])


def _trigger(table: str, event: str, what: str) -> str:
    return f"{table}_{event.lower()}_{what}"


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
        f"CREATE TRIGGER {_trigger(FACT, 'INSERT', _ENTERED)} AFTER INSERT ON {FACT} BEGIN "
        "INSERT INTO log_entry (entity, key, digest) "
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
    yield from _facts_entered()
    for name in LOGGED:
        note = (
            f"INSERT INTO change_note (entity, key, transaction) VALUES ('{name}', "
            f"CASE TG_OP WHEN 'DELETE' THEN {_key_pg(name, 'OLD')} ELSE {_key_pg(name, 'NEW')} END, "
            "pg_current_xact_id()::text);"
        )
        yield _FUNCTION.format(name=f"log_{name}", body=note)
        for event in _EVENTS:
            trigger = f"{name}_{event.lower()}_noted"
            yield f'CREATE TRIGGER {trigger} AFTER {event} ON "{name}" FOR EACH ROW EXECUTE FUNCTION log_{name}()'
    for name in APPEND_ONLY:
        for event in _EVENTS[1:]:
            trigger = f"{name}_{event.lower()}_refused"
            yield f'CREATE TRIGGER {trigger} BEFORE {event} ON "{name}" FOR EACH ROW EXECUTE FUNCTION log_refused()'


def _facts_entered() -> Iterator[str]:
    """All facts of a statement at once: one by one they made a version of many cases wait half as long again."""
    entries = (
        f"INSERT INTO log_entry (entity, key, digest) SELECT '{FACT}', {_key(facts, 'added')}, added.hash "
        "FROM added ORDER BY added.id;"
    )
    yield _FUNCTION.format(name=f"log_{FACT}", body=entries)
    yield (
        f"CREATE TRIGGER {_trigger(FACT, 'INSERT', _ENTERED)} AFTER INSERT ON {FACT} "
        f"REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION log_{FACT}()"
    )


def _key_pg(name: str, row: str) -> str:
    return f"({_key(metadata.tables[name], row)})::text"


_FUNCTION = (
    "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
)
