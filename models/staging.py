"""Rows prepared in temporary tables of one connection, which nobody else sees and which hold no writer up.

One statement for each table takes them over, in a transaction that lasts as long as these statements. A connection that
ends, by a kill too, leaves none of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, Index, MetaData, Table, bindparam, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import DropTable

from models.database import is_sqlite
from models.driver_sql import DriverStatement
from models.errors import CoopcaseError

_AT_ONCE = 1_000


_DENIED = "42501"  # PostgreSQL's insufficient_privilege


def staged(
    connection: Connection,
    source: Table,
    *,
    name: str = "",
    without: Collection[str] = (),
    found_by: Sequence[str] = (),
) -> Table:
    """A new temporary table with the columns of a table but those of `without`, and an index of those of `found_by`.

    `name`: of a second one of its kind. Raises CoopcaseError: the role may not make temporary tables (PostgreSQL).
    """
    columns = (Column(column.name, column.type) for column in source.columns if column.name not in without)
    made = Table(f"staged_{name or source.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    if found_by:
        Index(f"{made.name}_found", *(made.c[column] for column in found_by))
    connection.execute(DropTable(made, if_exists=True))
    try:
        made.create(connection, checkfirst=False)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != _DENIED:
            raise
        url = connection.engine.url
        raise CoopcaseError("temporary_tables_denied", database=url.database, role=url.username) from error
    return made


def fill(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns; the others of the table stay empty."""
    listed: Iterator[Mapping[str, Any]] = iter(rows)
    statement: DriverStatement | None = None
    while some := list(islice(listed, _AT_ONCE)):
        if statement is None:
            values: dict[str, Any] = {name: bindparam(name) for name in some[0]}
            statement = DriverStatement(table.insert().inline().values(values))
        statement.run_many(connection, some)


def take_over(connection: Connection, target: Table, table: Table) -> None:
    """Insert all that was prepared for a table."""
    names = [column.name for column in table.columns]
    chosen = select(*(table.c[name] for name in names))
    connection.execute(target.insert().from_select(names, chosen, include_defaults=False))


def next_ids(connection: Connection, table: Table, count: int) -> list[int]:
    """The ids that so many new rows will have. On PostgreSQL they are nobody else's; on SQLite they hold while no other
    row of the table is written."""
    if not count:
        return []
    if is_sqlite(connection):
        first = (connection.scalar(select(func.max(table.c.id))) or 0) + 1
        return list(range(first, first + count))
    drawn = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return list(connection.scalars(drawn, {"name": f'"{table.name}"', "count": count}))
