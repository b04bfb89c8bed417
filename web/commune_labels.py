"""A unit's commune as pages write it: with its type, or with the remark that the type is not known."""

from collections.abc import Callable
from typing import TypedDict, TypeVar, cast

from sqlalchemy import Connection, select

from casework.case_documents import CaseDocument
from casework.office.communes import CommuneBook
from models.places import CommuneName
from models.tables import units
from models.typed_rows.case_shapes import CaseRow
from templates.words import t


class CommuneColumns(TypedDict):
    """What a row says of a unit's commune: as it was typed, and its code once it is known."""

    district_code: str
    commune: str
    commune_code: str | None


Row = TypeVar("Row", bound=CommuneColumns)


def case_with_commune(connection: Connection, lang: str, row: CaseRow, document: CaseDocument) -> CaseDocument:
    """The document of a case whose unit's commune is as letters name it."""
    unit = document["unit"]
    code = connection.scalar(select(units.c.commune_code).where(units.c.id == row["unit_id"]))
    found = CommuneBook(connection, row["district_code"]).of_case(row["district_code"], unit.get("commune") or "", code)
    return {**document, "unit": {**unit, "commune": _shown(found, unit.get("commune"), lang)}}


def with_commune(connection: Connection, lang: str, *, remark: bool = True) -> Callable[[Row], Row]:
    """Return a function that replaces the commune of a row by the one that is shown.

    "" where the register says nothing and none has been set. `remark`: say so where the type is not known.
    """
    book = CommuneBook(connection)

    def shown(row: Row) -> Row:
        found = book.of(row["district_code"], row["commune"] or "", row["commune_code"])
        said = _shown(found, row["commune"], lang) if remark or found else row["commune"] or ""
        return cast(Row, {**row, "commune": said})

    return shown


def _shown(found: CommuneName | None, text: str | None, lang: str) -> str:
    if found:
        return found.title
    return t("office_data.untyped", lang, text=text) if text else ""
