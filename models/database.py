"""Connections, transactions and migrations, the same for SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from threading import local
from time import sleep
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, RootTransaction, create_engine, event, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from models.clock_watch import asked, remember, require_steady
from models.database_file import DatabaseFile, trouble_of
from models.driver_sql import Questions, Sent, run_driver_text, send_together
from models.errors import WrongInput
from models.history_log import begin_noting, log_changes, noted_since
from models.search_index import FOUND_ANEW, write_words
from models.settings import settings
from models.transaction_ends import Ends, begin_ends, forget_ends

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
            built = create_engine(address, pool_size=10, hide_parameters=True)
            event.listen(built, "connect", _prepare_postgres)
            event.listen(built, "checkout", partial(_require_alive, built.dialect))
            event.listen(built, "begin", _begin_postgres)
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


def _prepare_postgres(connection: Any, _record: ConnectionPoolEntry) -> None:
    connection.autocommit = True  # BEGIN is issued explicitly: the driver would wait for it before anything else
    connection.execute("SET jit = off")  # compiling a list's statement takes longer than to answer it


def _begin_postgres(connection: Connection) -> None:
    own = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"  # what may be in no transaction
    if not (own or _beginning.writes):  # a transaction that writes sends it with its first questions
        run_driver_text(connection, "BEGIN")


def _begin_sqlite(connection: Connection) -> None:
    run_driver_text(connection, "BEGIN IMMEDIATE" if begins_to_write(connection) else "BEGIN")


@contextmanager
def reading(bind: Engine | None = None) -> Iterator[Connection]:
    """A read-only transaction that sees one snapshot of the database."""
    with (bind or engine()).connect() as connection:
        yield connection
        connection.rollback()


@contextmanager
def writing(
    bind: Engine | None = None, *, rules: bool = False, any_clock: bool = False, first: Questions | None = None
) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on any exception. What it changed is entered in the log,
    and has its words for the search.

    Raises Conflict while the machine's clock has jumped (models.clock_watch); `any_clock=True` is for what has to go on
    then: starting, signing in, and confirming the clock. `first`: is asked together with its beginning.

    SQLite serialises writers. PostgreSQL runs them concurrently under a shared advisory lock; a transaction with
    `rules=True` (it changes rules that many cases are derived by) takes the lock exclusively. So no case stays derived
    by outdated rules, and two transactions that lock many cases cannot deadlock.
    """
    connection, begun = _begun_alive(bind or engine(), rules, any_clock, first)
    with connection, _led_to_its_end(connection, begun):
        yield connection


@contextmanager
def writing_on(connection: Connection, *, rules: bool = False, any_clock: bool = False) -> Iterator[None]:
    """`writing` on a connection that the caller has, as one from `apart` with what was prepared there."""
    with _led_to_its_end(connection, _begun(connection, rules, any_clock)):
        yield


@dataclass(frozen=True, slots=True)
class _Begun:
    """A transaction that has begun. `before`: the last note that is not its own; `due`: whether the clock is noted."""

    transaction: RootTransaction
    before: int
    due: bool
    ends: Ends


def _begun_alive(bind: Engine, rules: bool, any_clock: bool, first: Questions | None) -> tuple[Connection, _Begun]:
    """A connection with a transaction on it. PostgreSQL's answer to its beginning shows whether the connection still
    lives, where it is else asked for that alone; one that was lost meanwhile is replaced by one that is asked."""
    for unasked in (True, False):
        _beginning.unasked = unasked
        try:
            connection = bind.connect()
        finally:
            _beginning.unasked = False
        try:
            return connection, _begun(connection, rules, any_clock, first)
        except BaseException as error:
            connection.close()
            if not (unasked and isinstance(error, DBAPIError) and error.connection_invalidated):
                raise
    raise AssertionError("the second attempt returns or raises")


def _begun(connection: Connection, rules: bool, any_clock: bool, first: Questions | None = None) -> _Begun:
    _beginning.writes = True
    try:
        transaction = connection.begin()
    finally:
        _beginning.writes = False
    try:
        listed = [] if is_sqlite(connection) else [Sent("BEGIN", rows=False), Sent(_lock(_RULES, alone=rules))]
        listed += [] if any_clock else [Sent(*asked().asked(connection, {}))]
        questions = first.sent(connection) if first else []
        found = send_together(connection, [*listed, *questions]) if listed or questions else []
        due = not any_clock and require_steady(found[len(listed) - 1])
        if first:
            first.answered(connection, found[len(listed) :])
        return _Begun(transaction, begin_noting(connection), due, begin_ends(connection, transaction))
    except BaseException:
        transaction.close()
        raise


@contextmanager
def _led_to_its_end(connection: Connection, begun: _Begun) -> Iterator[None]:
    try:
        with begun.transaction:
            yield
            last = [Sent(noted_since(connection, begun.before)), Sent(FOUND_ANEW)]
            *_, changed, found = send_together(connection, [*begun.ends.writes, *last])
            log_changes(connection, begun.before, changed)
            write_words(connection, found)
            if begun.due:
                remember(connection)
        for committed in begun.ends.committed:
            committed()
    finally:
        forget_ends(connection)


class _Beginning(local):
    """What this thread is about to begin.

    `writes`: a transaction that writes. `unasked`: one whose first answer will show whether its connection lives.
    """

    writes = False
    unasked = False


_beginning = _Beginning()


def begins_to_write(connection: Connection) -> bool:
    """Whether the transaction that begins is one of `writing`, or of a migration; for listeners to `begin`."""
    return _beginning.writes or bool(connection.get_execution_options().get("coopcase_write"))


def _require_alive(dialect: Dialect, connection: DBAPIConnection, _record: object, _proxy: object) -> None:
    """Before a connection of the pool is used again: one that was lost is replaced, with all that are as old."""
    if _beginning.unasked:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        if not dialect.is_disconnect(error, connection, None):
            raise
        raise InvalidatePoolError from error


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
