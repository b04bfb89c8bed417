"""Reads from an ODS file what the cell reader drops: errors and hidden rows."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from register.file_guards import MAX_COLUMNS, MAX_ROWS, unpack
from register.xlsx_parts import FileMarks, SheetMarks

MARKED = re.compile(rb"value-type=\"error\"|table:visibility=\"(?:filter|collapse)\"")


def look_into_ods(data: bytes, name: str) -> FileMarks:
    """Like `look_into` for XLSX. Raises WrongInput: field `file`; the part with the cells is damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = next(part for part in archive.infolist() if part.filename.lower() == "content.xml")
        xml = unpack(archive, part, name)
    if not MARKED.search(xml):
        return FileMarks(data)
    try:
        tables = [each for each in fromstring(xml).iter() if _is(each, "table")]
    except (ParseError, ValueError):
        return FileMarks(data)  # the cell reader reports what is wrong with it
    return FileMarks(data, {_attribute(table, "name"): _marks(table) for table in tables})


def _is(element: Element, tag: str) -> bool:
    return str(element.tag).rpartition("}")[2] == tag


def _attribute(element: Element, name: str) -> str:
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return next(found, "")


def _marks(table: Element) -> SheetMarks:
    faults: dict[tuple[int, int], str] = {}
    hidden: list[int] = []
    for at, row in _repeated((each for each in table.iter() if _is(each, "table-row")), "rows", MAX_ROWS):
        if _attribute(row, "visibility") in ("filter", "collapse"):
            hidden.append(at)
        cells = (each for each in row if _is(each, "table-cell") or _is(each, "covered-table-cell"))
        for column, cell in _repeated(cells, "columns", MAX_COLUMNS):
            if any(key.endswith("value-type") and value == "error" for key, value in cell.attrib.items()):
                faults[at, column] = "".join(cell.itertext()).strip() or "#N/A"
    return SheetMarks(faults, tuple(hidden))


def _repeated(elements: Iterator[Element], what: str, most: int) -> Iterator[tuple[int, Element]]:
    """Each row or cell with its position from 0, as often as it is repeated."""
    at = 0
    for element in elements:
        times = int(_attribute(element, f"number-{what}-repeated") or 1)
        for place in range(at, min(at + times, most)):
            yield place, element
        at += times
        if at >= most:
            return
