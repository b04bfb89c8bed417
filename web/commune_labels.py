"""A unit's commune as pages write it: with its type, or with the remark that the type is not known."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from casework.case_documents import CaseDocument
from casework.office.communes import CommuneBook
from models.places import CommuneName
from models.tables import units
from models.typed_rows.case_shapes import CaseRow
from templates.words import t

Row = Mapping[str, Any]


def case_with_commune(connection: Connection, lang: str, row: CaseRow, document: CaseDocument) -> CaseDocument:
    """The document of a case whose unit's commune is as letters name it."""
    unit = document["unit"]
    code = connection.scalar(select(units.c.commune_code).where(units.c.id == row["unit_id"]))
    found = CommuneBook(connection).of_case(row["district_code"], unit.get("commune") or "", code)
    return {**document, "unit": {**unit, "commune": _shown(found, unit.get("commune"), lang)}}


def with_commune(connection: Connection, lang: str) -> Callable[[Row], dict[str, Any]]:
    """A function that gives a row (`district_code`, `commune`, `commune_code`) the commune as it is shown.

    "" where the register says nothing and nobody has set one.
    """
    book = CommuneBook(connection)

    def shown(row: Row) -> dict[str, Any]:
        found = book.of(row["district_code"], row["commune"] or "", row["commune_code"])
        return {**row, "commune": _shown(found, row["commune"], lang)}

    return shown


def _shown(found: CommuneName | None, text: str | None, lang: str) -> str:
    if found:
        return found.title
    return t("office_data.untyped", lang, text=text) if text else ""
