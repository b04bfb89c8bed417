"""Typed rows of query results: one TypedDict per table, so that mypy finds a misspelt column.

`all_rows` and the other functions return such rows and check the column names of the result against the TypedDict.
A query that joins tables declares its own TypedDict beside it, extending the one of its table:

    for row in all_rows(CaseRow, connection.execute(select(case_rows))):
        print(row["ref"])
"""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar, cast

from sqlalchemy import Result

Row = TypeVar("Row")


def all_rows(shape: type[Row], found: Result[Any]) -> list[Row]:
    """Return all rows of a result. Raises TypeError when its columns are not the fields of `shape`."""
    _check(shape, found.keys())
    return [cast(Row, dict(row)) for row in found.mappings()]


def first_row(shape: type[Row], found: Result[Any]) -> Row | None:
    """Return the first row of a result, or None. Raises TypeError as `all_rows` does."""
    _check(shape, found.keys())
    row = found.mappings().first()
    return None if row is None else cast(Row, dict(row))


def one_row(shape: type[Row], found: Result[Any]) -> Row:
    """Return the only row of a result. Raises TypeError as `all_rows`, NoResultFound, MultipleResultsFound."""
    _check(shape, found.keys())
    return row_of(shape, dict(found.mappings().one()))


def row_of(shape: type[Row], row: Mapping[str, Any]) -> Row:
    """Return a row that has already been fetched, or is about to be written. Raises TypeError as `all_rows` does."""
    _check(shape, row.keys())
    return cast(Row, dict(row))


def _check(shape: type[Any], columns: Collection[str]) -> None:
    wrong = shape.__required_keys__.symmetric_difference(columns)
    if wrong:
        raise TypeError(f"{shape.__name__} and the columns of the statement differ in {', '.join(sorted(wrong))}")
