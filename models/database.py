"""Connections, transactions and migrations, the same for SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from models.settings import settings

BUSY_MS = 40_000  # another writer may hold SQLite for half a minute
MACHINE_TROUBLE = (OperationalError, OSError)  # a full disk or a database that is locked or away: nobody's mistake


@cache
def engine(url: str | None = None) -> Engine:
    """The engine of an address (the settings' when none is given); one a process.

    Errors name statements, never their values: those are people's names, addresses and tokens.
    """
    address = url or settings().url()
    if make_url(address).get_backend_name() == "sqlite":
        return _sqlite(address)
    return create_engine(address, pool_pre_ping=True, pool_size=10, hide_parameters=True)


def _sqlite(address: str) -> Engine:
    path = make_url(address).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    waiting = {"timeout": BUSY_MS / 1000, "check_same_thread": False}
    built = create_engine(address, connect_args=waiting, hide_parameters=True)
    event.listen(built, "connect", _prepare_sqlite)
    event.listen(built, "begin", _begin_sqlite)
    return built


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, so that writers queue instead of failing late
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("coopcase_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def reading(bind: Engine | None = None) -> Iterator[Connection]:
    """A connection that sees one state of the database and changes nothing."""
    with (bind or engine()).connect() as connection:
        yield connection
        connection.rollback()


@contextmanager
def writing(bind: Engine | None = None) -> Iterator[Connection]:
    """One transaction: committed at the end, undone by any exception. Writers queue."""
    with (bind or engine()).connect().execution_options(coopcase_write=True) as connection, connection.begin():
        yield connection


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def migrate(url: str | None = None) -> None:
    """Bring the database to the newest form; does nothing when it is there already."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = url or settings().url()
    config.attributes["engine"] = engine(url)
    command.upgrade(config, "head")


def is_empty(connection: Connection) -> bool:
    """True when no officer exists yet."""
    return connection.execute(text("SELECT 1 FROM officer LIMIT 1")).first() is None


def rows(connection: Connection, statement: Any, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The result as plain dictionaries."""
    return [dict(row) for row in connection.execute(statement, params or {}).mappings()]
