"""Conditions with thousands of ids: one value for the driver, which takes fewer values than a city has cases."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_MANY = 2_000  # from so many on PostgreSQL reads the table sooner than it looks each of them up


class _Among(FunctionElement[bool]):
    """Whether an id is one of a JSON array of numbers."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[int], listed: str) -> None:
        super().__init__(column, literal(listed))


class _AmongMany(_Among):
    """The same of so many that a table is rather read once than each of them looked up."""

    inherit_cache = True


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **options: Any) -> str:
    column, listed = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - a bound value


@compiles(_Among, "postgresql")
def _in_rows(element: _Among, compiler: Any, **options: Any) -> str:
    """Rows, which PostgreSQL hashes: with an array each case would be compared with every number of it."""
    column, listed = (compiler.process(part, **options) for part in element.clauses)
    rows = f"jsonb_array_elements_text(CAST({listed} AS jsonb))"
    return f"{column} IN (SELECT CAST({rows} AS integer))"


@compiles(_AmongMany, "postgresql")
def _in_many_rows(element: _AmongMany, compiler: Any, **options: Any) -> str:
    """It takes them for a hundred and looks each up; as a value, not a condition, they are hashed."""
    return f"({_in_rows(element, compiler, **options)}) IS TRUE"


def among_ids(column: ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether an id is one of many, however many: `among_ids(case_rows.c.id, ids)`."""
    listed = list(ids)
    return (_AmongMany if len(listed) > _MANY else _Among)(column, json.dumps(listed))
