"""Files as offices keep them, built for the tests."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence

from openpyxl import Workbook

from register.gate import Plan, compare
from register.interpret import Reading, interpret
from register.rows import UNIT_FIELDS, ExistingUnit, UnitRow
from register.workbook import read_workbook

TONES = "\u0300\u0301\u0309\u0303\u0323"


def xlsx(*sheets: tuple[str, Sequence[Sequence[object]]], merged: Iterable[str] = ()) -> bytes:
    """A workbook; `merged` ranges are those of its first sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    for span in merged:
        book.worksheets[0].merge_cells(span)
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def cp1258(text: str) -> bytes:
    """As Windows wrote Vietnamese: base letter, then the tone."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
            out += (base + "".join(part for part in parts if part in TONES)).encode("cp1258")
    return out


def read(data: bytes | str, name: str = "so.csv") -> Reading:
    return interpret(read_workbook(data.encode() if isinstance(data, str) else data, name))


def only(reading: Reading) -> UnitRow:
    assert len(reading.rows) == 1, reading
    return reading.rows[0]


def a_row(**values: object) -> UnitRow:
    given = {"name": "HTX An Hồng", "district": "Huyện An Dương", "sheet": "S", "row": 2, **values}
    return UnitRow(**given, stated=frozenset(values) | {"name", "district"})  # type: ignore[arg-type]


def imported(plan: Plan) -> list[ExistingUnit]:
    """The register after the new rows of the plan went in."""
    return [
        ExistingUnit(unit_id=at, **{name: getattr(row, name) for name in UNIT_FIELDS})
        for at, row in enumerate(plan.new)
    ]


def again(reading: Reading) -> Plan:
    """The plan of the second import of a file."""
    return compare(reading.rows, imported(compare(reading.rows, [])))


def with_parts(data: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The archive with each part renamed or rewritten."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped(dict(change(name, archive.read(name)) for name in archive.namelist()))


def with_cells(data: bytes, cells: Mapping[str, str]) -> bytes:
    """The first sheet with the XML of some cells replaced."""

    def change(name: str, xml: bytes) -> tuple[str, bytes]:
        if name == "xl/worksheets/sheet1.xml":
            for place, cell in cells.items():
                xml, count = re.subn(rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)' % place.encode(), cell.encode(), xml)
                assert count == 1, place
        return name, xml

    return with_parts(data, change)
