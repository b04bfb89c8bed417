"""The register as a table for a file, with the case of each unit; its headings are those by which it is read in."""

from collections.abc import Sequence
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, func, select

from models.tables import case_rows, units
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import RegisterRow
from register.findings import field_label
from register.rows import UNIT_FIELDS
from rulebook.versions import Versions
from templates.spreadsheet import Table, Value, columns_of
from templates.words import t
from web.commune_labels import with_commune
from web.labels import code_text
from web.lists import district_names

MOST = 20_000  # rows of a file: more than all units of a city
CODED = frozenset({"kind", "sector", "grade", "status"})
WIDE = {"name": 38, "address": 34, "notes": 40, "representative": 24}
ABOUT_CASE = ("case", "stands")


class CaseOfUnit(TypedDict):
    """The case of a unit, as the register names it."""

    unit_id: int
    ref: str
    procedure: str  # name@version
    state: str


def latest_cases(connection: Connection, ids: Sequence[int] | None = None) -> dict[int, CaseOfUnit]:
    """By unit: its latest case; of these units, or of all."""
    found = select(case_rows.c.unit_id, case_rows.c.ref, case_rows.c.procedure, case_rows.c.state)
    found = found if ids is None else found.where(case_rows.c.unit_id.in_(ids))
    return {row["unit_id"]: row for row in all_rows(CaseOfUnit, connection.execute(found.order_by(case_rows.c.id)))}


def unit_table(connection: Connection, wanted: Sequence[ColumnElement[bool]], lang: str) -> Table:
    """The units that fulfil the conditions, in the order of the alphabet; the page header says how many of all."""
    listed = select(units).where(*wanted).order_by(units.c.sort_key, units.c.id).limit(MOST)
    rows = list(map(with_commune(connection, lang, remark=False), all_rows(RegisterRow, connection.execute(listed))))
    total = connection.scalar(select(func.count()).select_from(units).where(*wanted)) or 0
    cases, places, versions = latest_cases(connection), district_names(connection), Versions(connection)
    headings = [
        *(field_label(name, lang) for name in UNIT_FIELDS),
        *(t(f"register.file_{one}", lang) for one in ABOUT_CASE),
    ]
    columns = columns_of(headings, [WIDE.get(name, 16) for name in (*UNIT_FIELDS, *ABOUT_CASE)])
    lines = [
        [*(_cell(name, row, places, lang) for name in UNIT_FIELDS), *_case(cases.get(row["id"]), versions, lang)]
        for row in rows
    ]
    said, title = t("register.file_rows", lang, count=len(rows), total=total), t("pages.menu_units", lang)
    return Table(title, title, said, columns, lines)


def _cell(name: str, row: RegisterRow, places: dict[str, str], lang: str) -> Value:
    if name == "district":
        return places.get(row["district_code"], row["district_code"])
    value: Any = row[name]  # type: ignore[literal-required]
    if name in CODED:
        return code_text(name, value, lang)
    if name == "reregistered":
        return "" if value is None else t("register.yes" if value else "register.no", lang)
    found: Value = value
    return found


def _case(case: CaseOfUnit | None, versions: Versions, lang: str) -> list[Value]:
    return [case["ref"], versions.label("states", case["state"], lang, case["procedure"])] if case else ["", ""]
