"""A list of cases as a table for a file: what an officer looks up beside it is in its columns."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from casework.lists.worklist import Filter, worklist
from models.tables import units
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import RegisterRow
from templates.spreadsheet import Table, columns_of
from templates.words import t
from web.cases.case_columns import EVERY_FILE_COLUMN, FILE, CaseLine, headings
from web.cases.case_rows import ShownCase, decorate
from web.commune_labels import with_commune
from web.lists import district_names
from web.request_context import Visit

MOST = 5_000  # rows of a file


def case_table(
    connection: Connection, here: Visit, wanted: Filter, keys: Sequence[str] = EVERY_FILE_COLUMN, order: str = ""
) -> Table:
    """The cases of a filter in the order of the list, at most MOST; the page header says how many of all."""
    found = worklist(connection, wanted, here.today, limit=MOST, order=order)
    shown = case_lines(connection, here, decorate(connection, found.rows, here), keys)
    lines = [[FILE[key].value(line) for key in keys] for line in shown]
    said = t("report.rows_of", here.lang, count=len(shown), total=found.total)
    names = headings(here.lang)
    columns = columns_of([names[key] for key in keys], [FILE[key].width for key in keys])
    title = t("report.title_cases", here.lang)
    return Table(title, title, said, columns, lines)


def case_lines(
    connection: Connection, here: Visit, rows: Sequence[ShownCase], keys: Sequence[str]
) -> list[CaseLine]:  # fmt: skip
    """The cases with what these columns show of them; units are looked up where one of the columns needs them."""
    asked = any(FILE[key].of_unit for key in keys if key in FILE)
    about = _units(connection, here.lang, [row.unit_id for row in rows]) if asked else {}
    places = district_names(connection)
    return [CaseLine(row, about.get(row.unit_id), places, here) for row in rows]


def _units(connection: Connection, lang: str, ids: Sequence[int]) -> dict[int, RegisterRow]:
    found = all_rows(RegisterRow, connection.execute(select(units).where(units.c.id.in_(ids))))
    return {row["id"]: row for row in map(with_commune(connection, lang, remark=False), found)}
