"""A list of cases as a table for a file: what an officer looks up beside it is in its columns."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from casework.lists.worklist import Filter, worklist
from models.tables import units
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import RegisterRow
from templates.spreadsheet import Table, Value, columns_of
from templates.words import t
from web.cases.case_rows import InTheWay, ShownCase, decorate
from web.commune_labels import with_commune
from web.labels import roles_in_words
from web.lists import district_names
from web.request_context import Visit

MOST = 5_000  # rows of a file
WIDTHS = (14, 38, 16, 16, 28, 20, 14, 24, 20, 18, 28, 34, 18, 12, 10, 12, 10, 40)


def case_table(connection: Connection, here: Visit, wanted: Filter) -> Table:
    """The cases of a filter in the order of the list, at most MOST; the page header says how many of all."""
    found = worklist(connection, wanted, here.today, limit=MOST)
    places, rows = district_names(connection), decorate(connection, found.rows, here)
    about = _units(connection, here.lang, [row.unit_id for row in rows])
    lines = [_line(here, row, about[row.unit_id], places) for row in rows]
    said = t("report.rows_of", here.lang, count=len(rows), total=found.total)
    columns = columns_of(t("report.columns_cases", here.lang).split("|"), WIDTHS)
    title = t("report.title_cases", here.lang)
    return Table(title, title, said, columns, lines)


def _units(connection: Connection, lang: str, ids: Sequence[int]) -> dict[int, RegisterRow]:
    found = all_rows(RegisterRow, connection.execute(select(units).where(units.c.id.in_(ids))))
    return {row["id"]: row for row in map(with_commune(connection, lang, remark=False), found)}


def _line(here: Visit, row: ShownCase, unit: RegisterRow, places: dict[str, str]) -> list[Value]:
    lang, next_act = here.lang, row.next
    return [
        row.ref, row.unit_name, unit["certificate_number"], unit["phone"], unit["address"], unit["commune"],
        places.get(row.district_code, row.district_code), unit["representative"], row.officer_name or "",
        t(f"casework.light_{row.light}", lang), row.state_label, next_act.label[lang] if next_act else "",
        roles_in_words(next_act.by, lang) if next_act else "", row.legal_on, _left(here, row, row.legal_on),
        row.target_on, _left(here, row, row.target_on), "; ".join(map(_held, row.in_the_way)),
    ]  # fmt: skip


def _left(here: Visit, row: ShownCase, on: date | None) -> int | None:
    """Calendar days to go, negative once it is past; nothing for a closed case."""
    return (on - here.today).days if on is not None and row.closed_on is None else None


def _held(item: InTheWay) -> str:
    return f"{item.label} ({item.by})"
