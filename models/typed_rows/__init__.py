"""Rows as statements find them: one TypedDict for each table, so that mypy notices a misspelt column.

`all_rows` and its companions map what a statement found to such a row and hold the names of its columns against it.
A statement that joins tables has a row class of its own beside it, which extends the one of its table:

    for row in all_rows(CaseRow, connection.execute(select(case_rows))):
        print(row["ref"])
"""

from collections.abc import Collection
from typing import Any, TypeVar, cast

from sqlalchemy import Result, RowMapping

Row = TypeVar("Row")


def all_rows(shape: type[Row], found: Result[Any]) -> list[Row]:
    """All rows that a statement found. Raises TypeError when its columns are not the fields of `shape`."""
    _check(shape, found.keys())
    return [cast(Row, dict(row)) for row in found.mappings()]


def first_row(shape: type[Row], found: Result[Any]) -> Row | None:
    """The first row that a statement found, or None. Raises TypeError as `all_rows` does."""
    _check(shape, found.keys())
    row = found.mappings().first()
    return None if row is None else cast(Row, dict(row))


def one_row(shape: type[Row], found: Result[Any]) -> Row:
    """The only row that a statement found. Raises TypeError as `all_rows` does, NoResultFound, MultipleResultsFound."""
    _check(shape, found.keys())
    return row_of(shape, found.mappings().one())


def row_of(shape: type[Row], row: RowMapping) -> Row:
    """One row of a statement that has been read already. Raises TypeError as `all_rows` does."""
    _check(shape, row.keys())
    return cast(Row, dict(row))


def _check(shape: type[Any], columns: Collection[str]) -> None:
    wrong = shape.__required_keys__.symmetric_difference(columns)
    if wrong:
        raise TypeError(f"{shape.__name__} and the columns of the statement differ in {', '.join(sorted(wrong))}")
