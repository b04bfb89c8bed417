"""The statements of every act, compiled once and handed to the driver as text.

SQLAlchemy keys, builds and wraps a statement each time: some 20 µs, where SQLite itself takes two. Here the text, the
order of the values and the conversions of their types are taken from SQLAlchemy once for each kind of database. Errors
come out as SQLAlchemy raises them, and listeners to statements (tests, the bench) hear of these too.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import JSON, Connection, Date, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

from models.columns import Instant
from models.database_file import trouble_of

Convert = Callable[[Any], Any] | None
Params = Mapping[str, Any]
_FEW = 8  # rows that are converted one by one
_BEGINNINGS = ("{", "[")  # of nearly every JSON that is stored, which is then read without looking for spaces around it
_decoded = json.JSONDecoder().raw_decode


class Compiled:
    """The text of a statement for one kind of database, with the conversions of its values and of its columns."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        assert not compiled.post_compile_params, "its text depends on its values"
        assert not compiled.literal_execute_params, "its text depends on its values"
        prefetched = (*getattr(compiled, "insert_prefetch", ()), *getattr(compiled, "update_prefetch", ()))
        assert not prefetched, f"{prefetched[0]} is not given"
        self.text = str(compiled)
        self.fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        self.names: list[str] = list(compiled.positiontup) if compiled.positional else list(compiled.binds)
        self.positional = bool(compiled.positional)
        self.given = [(name, _bound(compiled.binds[name].type, dialect)) for name in self.names]
        self.columns: list[Convert] = []
        if isinstance(statement, Select):
            self.columns = [_read(column.type, dialect) for column in statement.selected_columns]
        self.converted = [(place, convert) for place, convert in enumerate(self.columns) if convert is not None]

    def values(self, params: Params) -> Any:
        """The values as the driver takes them."""
        every = {**self.fixed, **params} if self.fixed else params
        if self.positional:
            return tuple([every[name] if convert is None else convert(every[name]) for name, convert in self.given])
        return {name: every[name] if convert is None else convert(every[name]) for name, convert in self.given}

    def row(self, found: Sequence[Any]) -> list[Any]:
        """A row with every value converted."""
        row = list(found)
        for place, convert in self.converted:
            row[place] = convert(row[place])
        return row

    def rows(self, found: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """All rows with every value converted: of many rows column by column."""
        if len(found) < _FEW or not self.converted:
            return [self.row(row) for row in found]
        columns: list[Sequence[Any]] = list(zip(*found, strict=True))
        for place, convert in self.converted:
            columns[place] = _column(columns[place], convert)
        return [list(row) for row in zip(*columns, strict=True)]


def _column(values: Sequence[Any], convert: Callable[[Any], Any]) -> Sequence[Any]:
    if convert in (_instant_of_text, _date_of_text):  # many rows say the same day
        known = {value: convert(value) for value in set(values)}
        return [known[value] for value in values]
    return [convert(value) for value in values]


def _bound(kind: Any, dialect: Dialect) -> Convert:
    own = _SQLITE_TEXTS.get(type(kind)) if dialect.name == "sqlite" else None
    if own is not None:
        return own
    convert: Convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _read(kind: Any, dialect: Dialect) -> Convert:
    own = _SQLITE_VALUES.get(type(kind)) if dialect.name == "sqlite" else None
    if own is not None:
        return own
    convert: Convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return convert


@lru_cache(maxsize=200)  # rows that are written together are of few instants
def _instant_text(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _instant_of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _date_text(value: date | None) -> str | None:
    return None if value is None else date.isoformat(value)  # of an instant its day


def _date_of_text(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _json_text(value: Any) -> str:
    return "[]" if value == [] else json.dumps(value)


def _json_of_text(text: str | None) -> Any:
    if text is None:
        return None
    value, end = _decoded(text) if text[:1] in _BEGINNINGS else (None, -1)
    return value if end == len(text) else json.loads(text)


# As SQLAlchemy has them on SQLite, without looking each time into formats that nobody chose.
_SQLITE_TEXTS: Mapping[type, Convert] = {Instant: _instant_text, Date: _date_text, JSON: _json_text}
_SQLITE_VALUES: Mapping[type, Convert] = {Instant: _instant_of_text, Date: _date_of_text, JSON: _json_of_text}


class DriverStatement:
    """A statement whose text never changes.

    Args:
        statement: with a `bindparam` for each value; an INSERT `inline()`. By the database where it differs.
    """

    def __init__(self, statement: ClauseElement | Mapping[str, ClauseElement]) -> None:
        self._statement = statement
        self._known: dict[str, Compiled] = {}

    def rows(self, connection: Connection, params: Params) -> list[list[Any]]:
        """All rows of a SELECT."""
        compiled = self.compiled(connection.dialect)
        (found,) = send_together(connection, (Sent(compiled.text, compiled.values(params)),))
        return compiled.rows(found)

    def asked(self, connection: Connection, params: Params) -> tuple[str, Any]:
        """Its text and values, for `rows_together`."""
        compiled = self.compiled(connection.dialect)
        return compiled.text, compiled.values(params)

    def first(self, connection: Connection, params: Params) -> list[Any] | None:
        """The first row of a SELECT; None without one."""
        found = self.rows(connection, params)
        return found[0] if found else None

    def run(self, connection: Connection, params: Params) -> None:
        """An INSERT, UPDATE or DELETE."""
        self.run_many(connection, (params,))

    def run_many(self, connection: Connection, listed: Sequence[Params]) -> None:
        """The same for several rows."""
        writes = Writes(connection)
        writes.add(self, listed)
        writes.send()

    def compiled(self, dialect: Dialect) -> Compiled:
        """For one kind of database; compiled when first asked for."""
        found = self._known.get(dialect.name)
        if found is None:
            own = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
            found = self._known[dialect.name] = Compiled(own, dialect)
        return found


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement in the driver's own words. `many`: for several rows of values; `rows`: it has an answer."""

    text: str
    values: Any = ()
    many: bool = False
    rows: bool = True


class Writes:
    """Writes that belong together, in their order: PostgreSQL is sent all of them before it is asked for an answer."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._listed: list[Sent] = []

    def add(self, statement: DriverStatement, rows: Sequence[Params]) -> None:
        """A statement with each row of values; nothing without rows."""
        if rows:
            compiled = statement.compiled(self.connection.dialect)
            many = len(rows) > 1
            values = [compiled.values(params) for params in rows] if many else compiled.values(rows[0])
            self._listed.append(Sent(compiled.text, values, many, rows=False))

    def send(self) -> None:
        """Raises what the first of them raises that fails."""
        send_together(self.connection, self.taken())

    def taken(self) -> list[Sent]:
        """What is left to be sent, by who takes it."""
        listed, self._listed = self._listed, []
        return listed


class Questions:
    """SELECTs that are asked together: with the beginning of a transaction that is given them, else when first needed.

    What is answered at the beginning is as true as an answer a moment later: rows that may not change are locked by it.
    """

    def __init__(self, asked: Sequence[tuple[DriverStatement, Params]]) -> None:
        self._asked = asked
        self._answers: list[list[list[Any]]] | None = None

    def sent(self, connection: Connection) -> list[Sent]:
        """The statements as the driver takes them."""
        return [Sent(*statement.asked(connection, params)) for statement, params in self._asked]

    def answered(self, connection: Connection, found: Sequence[Sequence[Sequence[Any]]]) -> None:
        """`found`: the rows of each, as the driver gives them."""
        compiled = [statement.compiled(connection.dialect) for statement, _ in self._asked]
        self._answers = [own.rows(rows) for own, rows in zip(compiled, found, strict=True)]

    def answers(self, connection: Connection) -> list[list[list[Any]]]:
        """The rows of each statement."""
        if self._answers is None:
            self.answered(connection, send_together(connection, self.sent(connection)))
        assert self._answers is not None
        return self._answers


def driver_rows(connection: Connection, text: str, values: Any = ()) -> list[Sequence[Any]]:
    """The rows of a SELECT in the driver's own words, nothing converted."""
    return send_together(connection, (Sent(text, values),))[0]


def rows_together(connection: Connection, asked: Sequence[tuple[str, Any]]) -> list[list[Sequence[Any]]]:
    """The rows of several statements in the driver's own words, each with its values: `send_together`."""
    return send_together(connection, [Sent(text, values) for text, values in asked])


def send_together(connection: Connection, listed: Sequence[Sent]) -> list[list[Sequence[Any]]]:
    """Run several statements in this order; the rows of each that has an answer.

    PostgreSQL is sent all of them before it is asked for an answer; each sees what was committed when it begins.
    """
    if not connection.in_transaction():
        connection.begin()
    if _is_heard(connection):
        return [_heard(connection, sent) for sent in listed]
    if connection.dialect.name == "sqlite" or len(listed) < 2:
        return [_execute(connection, sent) for sent in listed]
    driver: Any = connection.connection.dbapi_connection
    cursors: list[Any] = []
    try:
        with driver.pipeline():
            for sent in listed:
                cursor = driver.cursor()
                cursors.append(cursor)
                (cursor.executemany if sent.many else cursor.execute)(sent.text, sent.values)
        return [cursor.fetchall() if sent.rows else [] for cursor, sent in zip(cursors, listed, strict=True)]
    except connection.dialect.loaded_dbapi.Error as error:  # type: ignore[attr-defined]
        _raise(connection, listed[0].text, error)


def run_driver_text(connection: Connection, text: str) -> None:
    """A statement without values and without rows, such as one that begins a transaction."""
    if _is_heard(connection):
        connection.exec_driver_sql(text)
        return
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute(text)
    except connection.dialect.loaded_dbapi.Error as error:  # type: ignore[attr-defined]
        _raise(connection, text, error)


def _heard(connection: Connection, sent: Sent) -> list[Sequence[Any]]:
    found = connection.exec_driver_sql(sent.text, sent.values)
    return [tuple(row) for row in found] if sent.rows else []


def _execute(connection: Connection, sent: Sent) -> list[Sequence[Any]]:
    driver: Any = connection.connection.dbapi_connection
    try:
        run = driver.cursor().executemany if sent.many else driver.execute
        cursor = run(sent.text, sent.values)
        return cursor.fetchall() if sent.rows else []
    except connection.dialect.loaded_dbapi.Error as error:  # type: ignore[attr-defined]
        _raise(connection, sent.text, error)


def _is_heard(connection: Connection) -> bool:
    """Whether there are listeners to statements."""
    listened: Any = connection.dispatch  # type: ignore[attr-defined]
    return bool(listened.before_cursor_execute or listened.after_cursor_execute)


def _raise(connection: Connection, text: str, error: Exception) -> NoReturn:
    """As SQLAlchemy raises it; a damaged or read-only database by its name, and a lost connection is not used again."""
    path = connection.engine.url.database if connection.dialect.name == "sqlite" else None
    named = trouble_of(error, Path(path) if path else None)
    if named is not None:
        raise named from error
    dialect: Any = connection.dialect
    lost = bool(dialect.is_disconnect(error, connection.connection.dbapi_connection, None))
    if lost:
        connection.invalidate(error)
    raise DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    ) from error
