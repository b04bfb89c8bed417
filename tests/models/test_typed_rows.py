"""The typed rows have the columns and the types of their tables, and a statement with other columns is refused."""

import inspect
from datetime import date, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Date, Engine, Integer, Table, literal, select

from models import typed_rows
from models.columns import Instant
from models.tables import metadata, obstacles
from models.typed_rows import all_rows, first_row, one_row
from models.typed_rows.case_shapes import ObstacleRow

TABLE_OF = {
    "register": "unit", "case": "coop_case", "batch": "letter_batch", "batchact": "letter_batch_act",
    "bookentry": "book_entry", "signedversion": "signed_version", "officeact": "office_act", "bookmode": "book_mode",
    "signedpaper": "signed_paper", "earlierpaper": "earlier_paper", "member": "council_member",
    "meeting": "council_meeting", "task": "council_task", "dissolutionbatch": "dissolution_batch",
    "batchcase": "batch_case", "batchstep": "batch_step", "note": "case_note", "document": "evidence",
}  # fmt: skip
PART_OF = {"person": "officer", "version": "procedure_version"}  # rows that leave out secrets or long texts
KINDS: list[tuple[type, type]] = [(Boolean, bool), (BigInteger, int), (Integer, int), (Date, date), (Instant, datetime)]


def shapes() -> list[type]:
    modules = [import_module(f"{typed_rows.__name__}.{found.name}") for found in iter_modules(typed_rows.__path__)]
    members = [member for module in modules for _, member in inspect.getmembers(module, inspect.isclass)]
    return [member for member in members if member.__name__.endswith("Row")]


def table_of(shape: type) -> Table:
    return metadata.tables[(TABLE_OF | PART_OF).get(short_of(shape), short_of(shape))]


def short_of(shape: type) -> str:
    return shape.__name__.removesuffix("Row").lower()


def plain(column: Column[Any]) -> type | None:
    """The type of the column's values; none for text and documents, which the row may narrow."""
    return next((python for kind, python in KINDS if isinstance(column.type, kind)), None)


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape.__name__)
def test_a_row_has_the_columns_of_its_table(shape: type) -> None:
    hints, columns = get_type_hints(shape), table_of(shape).c
    assert set(hints) < set(columns.keys()) if short_of(shape) in PART_OF else set(hints) == set(columns.keys())
    for name, column in ((name, column) for name, column in columns.items() if name in hints):
        allowed = set(get_args(hints[name])) if type(None) in get_args(hints[name]) else {hints[name]}
        assert (type(None) in allowed) == (bool(column.nullable)), name
        if (kind := plain(column)) is not None:
            assert allowed - {type(None)} == {kind}, name


def test_a_statement_with_other_columns_is_refused(bind: Engine) -> None:
    with bind.connect() as connection:
        assert all_rows(ObstacleRow, connection.execute(select(obstacles))) == []
        assert first_row(ObstacleRow, connection.execute(select(obstacles))) is None
        for read in (all_rows, first_row, one_row):
            with pytest.raises(TypeError, match="ObstacleRow and the columns of the statement differ in seat"):
                read(ObstacleRow, connection.execute(select(obstacles, literal(1).label("seat"))))
            with pytest.raises(TypeError, match="differ in note"):
                read(ObstacleRow, connection.execute(select(*(c for c in obstacles.c if c.name != "note"))))
