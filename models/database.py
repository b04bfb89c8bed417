"""Connections, transactions and migrations, the same for SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from models.clock_watch import remember, require_steady
from models.database_file import DatabaseFile, trouble_of
from models.driver_sql import rows_together
from models.errors import WrongInput
from models.history_log import begin_noting, log_changes, noted_since
from models.search_index import FOUND_ANEW, write_words
from models.settings import settings

_RULES, _IMPORTS = 2014_01, 2014_02  # keys of PostgreSQL advisory locks, released with the transaction
BUSY_MS = 40_000  # another writer may hold SQLite for half a minute
_TURN = 0.11  # seconds; SQLite asks for those who wait every tenth of a second at the latest
TRANSIENT_ERRORS = (OperationalError, OSError)  # full disk, database locked or unreachable: worth a retry


@cache
def engine(url: str | None = None) -> Engine:
    """Return the engine of a database URL (None: from the settings), one per process. Raises WrongInput.

    Errors show statements without their values, which include names, addresses and tokens.
    """
    address = url or settings().url()
    kind = _kind(address)
    if kind == "sqlite":
        return _sqlite(address)
    if kind == "postgresql":
        with suppress(ImportError, SQLAlchemyError):  # a driver that is not installed
            built = create_engine(address, pool_pre_ping=True, pool_size=10, hide_parameters=True)
            event.listen(built, "handle_error", partial(_name_trouble, None))
            return built
    raise WrongInput("COOPCASE_DATABASE_URL", "wrong_database_url")  # the URL contains a password and is not repeated


def _kind(address: str) -> str:
    with suppress(ValueError, SQLAlchemyError):
        return make_url(address).get_backend_name()
    return ""


def _sqlite(address: str) -> Engine:
    path = make_url(address).database
    file = DatabaseFile(Path(path)) if path and path != ":memory:" else None
    waiting = {"timeout": BUSY_MS / 1000, "check_same_thread": False}
    built = create_engine(address, connect_args=waiting, hide_parameters=True)
    event.listen(built, "connect", _prepare_sqlite)
    if file is not None:
        event.listen(built, "do_connect", lambda *_: file.open())
        event.listen(built, "begin", lambda _: file.require_same())
        event.listen(built, "engine_disposed", lambda _: file.close())
        event.listen(built, "commit", lambda _: file.require_same())
    event.listen(built, "begin", _begin_sqlite)
    event.listen(built, "handle_error", partial(_name_trouble, file))
    return built


def _name_trouble(file: DatabaseFile | None, context: ExceptionContext) -> None:
    """A damaged, unprepared or read-only database is named, wherever it is met."""
    named = trouble_of(context.original_exception, file.path if file else None)
    if named is not None:
        raise named from context.original_exception


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is issued explicitly, so that writers queue instead of failing late
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("coopcase_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def reading(bind: Engine | None = None) -> Iterator[Connection]:
    """A read-only transaction that sees one snapshot of the database."""
    with (bind or engine()).connect() as connection:
        yield connection
        connection.rollback()


@contextmanager
def writing(bind: Engine | None = None, *, rules: bool = False, any_clock: bool = False) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on any exception. What it changed is entered in the log,
    and has its words for the search.

    Raises Conflict while the machine's clock has jumped (models.clock_watch); `any_clock=True` is for what has to go on
    then: starting, signing in, and confirming the clock.

    SQLite serialises writers. PostgreSQL runs them concurrently under a shared advisory lock; a transaction with
    `rules=True` (it changes rules that many cases are derived by) takes the lock exclusively. So no case stays derived
    by outdated rules, and two transactions that lock many cases cannot deadlock.
    """
    with (bind or engine()).connect() as connection, writing_on(connection, rules=rules, any_clock=any_clock):
        yield connection


@contextmanager
def writing_on(connection: Connection, *, rules: bool = False, any_clock: bool = False) -> Iterator[None]:
    """`writing` on a connection that the caller has, as one from `apart` with what was prepared there."""
    connection.execution_options(coopcase_write=True)
    try:
        with connection.begin():
            lock = "" if is_sqlite(connection) else _lock(_RULES, alone=rules)
            due = not any_clock and require_steady(connection, lock)
            if any_clock and lock:
                connection.exec_driver_sql(lock)
            before = begin_noting(connection)
            yield
            changed, found = rows_together(connection, [(noted_since(connection, before), ()), (FOUND_ANEW, ())])
            log_changes(connection, before, changed)
            write_words(connection, found)
            if due:
                remember(connection)
    finally:
        connection.execution_options(coopcase_write=False)


def give_way(bind: Engine | Connection) -> None:
    """Let others write between two of many transactions that follow one another.

    Who waits for SQLite's lock asks for it every tenth of a second, and fails at last where it is always taken again.
    """
    if bind.dialect.name == "sqlite":
        sleep(_TURN)


@contextmanager
def apart(bind: Engine) -> Iterator[Connection]:
    """A connection of its own that nobody uses again: its temporary tables are gone at the end."""
    with bind.connect() as connection:
        connection.detach()
        yield connection


def one_import(connection: Connection) -> None:
    """Imports are written one after another: what each was compared with has the previous one in it."""
    _hold(connection, _IMPORTS, alone=True)


def _hold(connection: Connection, lock: int, *, alone: bool) -> None:
    if not is_sqlite(connection):
        connection.exec_driver_sql(_lock(lock, alone=alone))


def _lock(lock: int, *, alone: bool) -> str:
    return f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}({lock})"


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def migrate(url: str | None = None) -> None:
    """Upgrade the database to the newest migration; no effect when it is up to date."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    _make_file(config_url := url or settings().url())
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = config_url
    config.attributes["engine"] = engine(url)
    command.upgrade(config, "head")


def _make_file(address: str) -> None:
    """An empty SQLite file where there is none: nothing but a migration begins one."""
    path = make_url(address).database if _kind(address) == "sqlite" else ""
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch(exist_ok=True)


def refresh_statistics(bind: Engine) -> None:
    """Count a sample of the tables anew, by which SQLite chooses its indexes; PostgreSQL does so by itself."""
    with bind.begin() as connection:
        if is_sqlite(connection):
            connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            connection.exec_driver_sql("ANALYZE")


def is_empty(connection: Connection) -> bool:
    """True when no officer exists yet."""
    return connection.execute(text("SELECT 1 FROM officer LIMIT 1")).first() is None


def rows(connection: Connection, statement: Any, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the result of a statement as dictionaries."""
    return [dict(row) for row in connection.execute(statement, params or {}).mappings()]
