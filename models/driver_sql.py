"""The statements of every act, compiled once and handed to the driver as text.

SQLAlchemy keys, builds and wraps a statement each time: some 20 µs, where SQLite itself takes two. Here the text, the
order of the values and the conversions of their types are taken from SQLAlchemy once for each kind of database. Errors
come out as SQLAlchemy raises them, and listeners to statements (tests, the bench) hear of these too.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

from models.database_file import trouble_of

Convert = Callable[[Any], Any] | None
Params = Mapping[str, Any]


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


def _bound(kind: Any, dialect: Dialect) -> Convert:
    convert: Convert = kind.dialect_impl(dialect).bind_processor(dialect)
    return convert


def _read(kind: Any, dialect: Dialect) -> Convert:
    convert: Convert = kind.dialect_impl(dialect).result_processor(dialect, None)
    return convert


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
        found = _execute(connection, compiled.text, compiled.values(params))
        return [compiled.row(row) for row in found]

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
        compiled = self.compiled(connection.dialect)
        _execute(connection, compiled.text, compiled.values(params), rows=False)

    def run_many(self, connection: Connection, listed: Sequence[Params]) -> None:
        """The same for several rows."""
        if len(listed) == 1:
            self.run(connection, listed[0])
        elif listed:
            compiled = self.compiled(connection.dialect)
            _execute(connection, compiled.text, [compiled.values(params) for params in listed], many=True, rows=False)

    def compiled(self, dialect: Dialect) -> Compiled:
        """For one kind of database; compiled when first asked for."""
        found = self._known.get(dialect.name)
        if found is None:
            own = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
            found = self._known[dialect.name] = Compiled(own, dialect)
        return found


class Writes:
    """Writes that belong together, in their order: PostgreSQL is sent all of them before it is asked for an answer."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._listed: list[tuple[str, Any, bool]] = []

    def add(self, statement: DriverStatement, rows: Sequence[Params]) -> None:
        """A statement with each row of values; nothing without rows."""
        if rows:
            compiled = statement.compiled(self.connection.dialect)
            values = [compiled.values(params) for params in rows]
            self._listed.append((compiled.text, values if len(values) > 1 else values[0], len(values) > 1))

    def send(self) -> None:
        """Raises what the first of them raises that fails."""
        listed, self._listed = self._listed, []
        driver: Any = self.connection.connection.dbapi_connection
        if self.connection.dialect.name == "sqlite" or _is_heard(self.connection) or len(listed) < 2:
            for text, values, many in listed:
                _execute(self.connection, text, values, many=many, rows=False)
            return
        with driver.cursor() as cursor:
            try:
                with driver.pipeline():
                    for text, values, many in listed:
                        (cursor.executemany if many else cursor.execute)(text, values)
            except self.connection.dialect.loaded_dbapi.Error as error:  # type: ignore[attr-defined]
                _raise(self.connection, listed[0][0], error, cursor)


def driver_rows(connection: Connection, text: str, values: Any = ()) -> list[Sequence[Any]]:
    """The rows of a SELECT in the driver's own words, nothing converted."""
    return _execute(connection, text, values)


def rows_together(connection: Connection, asked: Sequence[tuple[str, Any]]) -> list[list[Sequence[Any]]]:
    """The rows of several statements in the driver's own words, each with its values, run in this order.

    PostgreSQL is sent all of them before it is asked for an answer; each sees what was committed when it begins.
    """
    if connection.dialect.name == "sqlite" or _is_heard(connection):
        return [_execute(connection, text, values) for text, values in asked]
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.dbapi_connection
    cursors = [driver.cursor() for _ in asked]
    try:
        with driver.pipeline():
            for cursor, (text, values) in zip(cursors, asked, strict=True):
                cursor.execute(text, values)
        return [cursor.fetchall() for cursor in cursors]
    except connection.dialect.loaded_dbapi.Error as error:  # type: ignore[attr-defined]
        _raise(connection, asked[0][0], error, cursors[0])
    finally:
        for cursor in cursors:
            cursor.close()


def _execute(
    connection: Connection, text: str, values: Any, *, many: bool = False, rows: bool = True
) -> list[Sequence[Any]]:
    if not connection.in_transaction():
        connection.begin()
    if _is_heard(connection):
        heard = connection.exec_driver_sql(text, values)
        return [tuple(row) for row in heard] if rows else []
    cursor: Any = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, values)
        return cursor.fetchall() if rows else []
    except connection.dialect.loaded_dbapi.Error as error:  # type: ignore[attr-defined]
        _raise(connection, text, error, cursor)
    finally:
        cursor.close()


def _is_heard(connection: Connection) -> bool:
    """Whether there are listeners to statements."""
    listened: Any = connection.dispatch  # type: ignore[attr-defined]
    return bool(listened.before_cursor_execute or listened.after_cursor_execute)


def _raise(connection: Connection, text: str, error: Exception, cursor: Any) -> NoReturn:
    """As SQLAlchemy raises it; a damaged or read-only database by its name, and a lost connection is not used again."""
    path = connection.engine.url.database if connection.dialect.name == "sqlite" else None
    named = trouble_of(error, Path(path) if path else None)
    if named is not None:
        raise named from error
    dialect: Any = connection.dialect
    lost = bool(dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor))
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
