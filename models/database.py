"""Connections, transactions and migrations, the same for SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import WrongInput
from models.settings import settings

_RULES, _IMPORTS = 2014_01, 2014_02  # numbers of advisory locks of PostgreSQL, freed with the transaction
BUSY_MS = 40_000  # another writer may hold SQLite for half a minute
TRANSIENT_ERRORS = (OperationalError, OSError)  # a full disk or a database that is locked or away: nobody's mistake


@cache
def engine(url: str | None = None) -> Engine:
    """The engine of an address (the settings' when none is given); one a process. Raises WrongInput.

    Errors name statements, never their values: those are people's names, addresses and tokens.
    """
    address = url or settings().url()
    kind = _kind(address)
    if kind == "sqlite":
        return _sqlite(address)
    if kind == "postgresql":
        with suppress(ImportError, SQLAlchemyError):  # a driver that is not here
            return create_engine(address, pool_pre_ping=True, pool_size=10, hide_parameters=True)
    raise WrongInput("COOPCASE_DATABASE_URL", "wrong_database_url")  # which holds a password: it is not repeated


def _kind(address: str) -> str:
    with suppress(ValueError, SQLAlchemyError):
        return make_url(address).get_backend_name()
    return ""


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
def writing(bind: Engine | None = None, *, rules: bool = False) -> Iterator[Connection]:
    """One transaction: committed at the end, undone by any exception. Writers queue.

    On SQLite one behind the other. On PostgreSQL many write at once, each by the rules it read: a transaction that
    changes the `rules` by which many cases stand waits for those under way, and those that come wait for it. So no
    case is left derived by rules that were changed meanwhile, and no two that hold many cases wait for each other.
    """
    with (bind or engine()).connect().execution_options(coopcase_write=True) as connection, connection.begin():
        _hold(connection, _RULES, alone=rules)
        yield connection


def one_import(connection: Connection) -> None:
    """Imports queue: each compares its file with what the one before has taken in."""
    _hold(connection, _IMPORTS, alone=True)


def _hold(connection: Connection, lock: int, *, alone: bool) -> None:
    if not is_sqlite(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}({lock})")


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
