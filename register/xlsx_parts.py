"""Reads from an XLSX file what the cell reader drops: errors, uncalculated formulas, hidden rows."""

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

from models.errors import WrongInput
from register.file_guards import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED_BYTES, unpack, workbook_part

SCHEMAS = "http://schemas.openxmlformats.org"
MAX_TEXT_BYTES = 2_000_000_000
_EMPTY = rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>|<(?:\w+:)?is\s*/>)?\s*</(?:\w+:)?c>"
_FAR = rb"(?:[A-Z]{3,}|[D-Z][A-Z]|C[W-Z])\d+|[A-Z]+(?:[5-9]\d{4}|\d{6,})"
FAR_CELL = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"'](" + _FAR + rb")[\"'](?:[^>]*[^/>])?>(?!\s*" + _EMPTY + rb")"
)  # fmt: skip
FAR_ROW = re.compile(
    rb"<(?:\w+:)?row\b[^>]*?\br=[\"']([5-9]\d{4}|\d{6,})[\"'][^>]*?[^/]>\s*<(?:\w+:)?c(?![^>]*\br=)[^>]*[^/]>(?!\s*"
    + _EMPTY + rb")"
)  # fmt: skip
# The next three are looked for in every file. A whole name is looked for by its letters, and what is before it
# asked afterwards: that is found ten times as fast as "\b" in front.
FAR_PLACE = re.compile(rb"r=(?<!\wr=)[\"'](?:" + _FAR + rb"|[5-9]\d{4}|\d{6,})[\"']")
TEXT_CELL = re.compile(rb"t=(?<!\wt=)[\"']s[\"']")
ERROR_TYPE = re.compile(rb"t=(?<!\wt=)[\"']e[\"']")
SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")
IS_SHEET = re.compile(rb"<(?:\w+:)?(?:sheetData|row)\b")
ERROR_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*\bt=[\"']e[\"'](?:[^>]*[^>/])?)>(.*?)</(?:\w+:)?c>", re.DOTALL)
FORMULA_SIGNS = (b"<f", b":f")  # quicker than a pattern
ERROR_TEXT = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
BARE_FORMULA = re.compile(rb"</(?:\w+:)?f>\s*(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
SHARED_FORMULA = re.compile(
    rb"<(?:\w+:)?f\b[^>]*/>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
FORMULA_TEXT = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]*)")
CELL_START = re.compile(rb"<(?:\w+:)?c\b[^>]*>")
ROW_START = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*\bhidden=[\"'](?:1|true)[\"'][^>]*>")
PLACE = re.compile(rb"\br=[\"']([A-Z]*)(\d*)[\"']")
TEXT_BESIDE = re.compile(rb"(<(?:\w+:)?c\b[^>]*?\bt=[\"'])inlineStr([\"'][^>]*>\s*<(?:\w+:)?v[ >])")
MAYBE_BESIDE = re.compile(rb"inlineStr[\"'][^>]*>\s*<(?:\w+:)?v[ >]")
TRUE = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """`faults`: text of cells that the cell reader returns as blank, by row and column from 0; `hidden`: rows."""

    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FileMarks:
    """`data`: input for the cell reader: the file, or a copy with its parts at the standard paths. `sheets` by name;
    `mac`: days count from 1904."""

    data: bytes
    sheets: Mapping[str, SheetMarks] = field(default_factory=dict)
    mac: bool = False


def look_into(data: bytes, name: str) -> FileMarks:
    """Inspect an XLSX file.

    Raises:
        WrongInput: field `file`; a value is far outside the table, or the unpacked texts are too large.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part.filename: unpack(archive, part, name) for part in archive.infolist() if _is_xml(part.filename)}
        book = workbook_part(archive, name)
        others = {part: archive.read(part) for part in archive.namelist() if part not in parts} if _moved(book) else {}
    sheets = {part: xml for part, xml in parts.items() if IS_SHEET.search(xml)}
    _refuse_far(sheets, parts, name)
    beside = {part: xml for part, xml in sheets.items() if MAYBE_BESIDE.search(xml)}
    mended = {part: fixed for part, xml in beside.items() if (fixed := TEXT_BESIDE.sub(rb"\1str\2", xml)) != xml}
    if not book or book.endswith(".bin"):
        return FileMarks(data)
    links = _links(parts, book)
    marks = {title: _marks(sheets[part]) for title, part in _titles(parts, book, links) if part in sheets}
    if _moved(book):
        data = _moved_home({**others, **parts, **mended}, book, links)
    elif mended:
        data = _zipped(data, mended)
    return FileMarks(data, marks, bool(TRUE.search(parts.get(book, b""))))


def _is_xml(part: str) -> bool:
    return part.lower().endswith((".xml", ".rels"))


def _moved(book: str | None) -> bool:
    return book is not None and book.lower() not in ("xl/workbook.xml", "xl/workbook.bin")


def _refuse_far(sheets: Mapping[str, bytes], parts: Mapping[str, bytes], name: str) -> None:
    """The cell reader allocates the rectangle up to the last cell: one value in XFD1048576 would exhaust memory."""
    for xml in sheets.values():
        if place := _far_value(xml):
            raise WrongInput(
                "file", "register_too_many_cells", name=name, rows=MAX_ROWS, columns=MAX_COLUMNS, place=place
            )
    text_cells = sum(sum(1 for _ in TEXT_CELL.finditer(xml)) for xml in sheets.values())
    shared = (xml for part, xml in parts.items() if part.lower().endswith("sharedstrings.xml"))
    longest = max((len(text) for xml in shared for text in SHARED_TEXT.split(xml)), default=0)
    if text_cells * longest > MAX_TEXT_BYTES:
        raise WrongInput("file", "register_zip_bomb", name=name, megabytes=MAX_UNPACKED_BYTES // 1_000_000)


def _far_value(xml: bytes) -> str:
    """The address of a value far outside the table, or its row; "" for none."""
    for match in FAR_PLACE.finditer(xml):
        tag = xml.rfind(b"<", 0, match.start())
        if found := FAR_CELL.match(xml, tag) or FAR_ROW.match(xml, tag):
            return found.group(1).decode()
    return ""


@dataclass(frozen=True, slots=True)
class _Link:
    key: str
    kind: str
    part: str


def _links(parts: Mapping[str, bytes], book: str) -> list[_Link]:
    """The parts that the workbook refers to, by their paths in the archive."""
    folder, file = posixpath.split(book)
    xml = _part(parts, posixpath.join(folder, "_rels", f"{file}.rels"))
    known = {part.lower(): part for part in parts}
    found = []
    for element in _elements(xml, "Relationship"):
        target = posixpath.normpath(posixpath.join("/" + folder, element.get("Target", ""))).lstrip("/")
        kind = element.get("Type", "").rpartition("/")[2]
        found.append(_Link(element.get("Id", ""), kind, known.get(target.lower(), target)))
    return found


def _part(parts: Mapping[str, bytes], path: str) -> bytes:
    return next((xml for part, xml in parts.items() if part.lower() == path.lower()), b"")


def _elements(xml: bytes, tag: str) -> Iterator[Mapping[str, str]]:
    try:
        root = fromstring(xml) if xml else ()
    except (ParseError, ValueError):
        return
    for element in root.iter() if len(root) else ():  # type: ignore[union-attr]
        if str(element.tag).rpartition("}")[2] == tag:
            yield {str(key).rpartition("}")[2]: value for key, value in element.attrib.items()}


def _titles(parts: Mapping[str, bytes], book: str, links: list[_Link]) -> Iterator[tuple[str, str]]:
    by_key = {link.key: link.part for link in links}
    for sheet in _elements(parts.get(book, b""), "sheet"):
        yield sheet.get("name", ""), by_key.get(sheet.get("id", ""), "")


def _marks(xml: bytes) -> SheetMarks:
    faults: dict[tuple[int, int], str] = {}
    for match in ERROR_CELL.finditer(xml) if ERROR_TYPE.search(xml) else ():
        text = ERROR_TEXT.search(match.group(2))
        faults[_place(xml, match.start())] = html.unescape(text.group(1).decode(errors="replace")) if text else "#N/A"
    for pattern in (BARE_FORMULA, SHARED_FORMULA) if any(sign in xml for sign in FORMULA_SIGNS) else ():
        for match in pattern.finditer(xml):
            start = _cell_before(xml, match.start())
            cell = xml[start : match.end()]
            empty_text = b"<v" in cell and re.match(rb"<(?:\w+:)?c\b[^>]*\bt=[\"']str[\"']", cell)
            if start >= 0 and not empty_text:
                text = FORMULA_TEXT.search(cell)
                said = html.unescape(text[1].decode(errors="replace")) if text else ""
                faults[_place(xml, start)] = f"={said or '...'}"
    hidden = tuple(_number_of(xml, match) for match in HIDDEN_ROW.finditer(xml)) if b"hidden=" in xml else ()
    return SheetMarks(faults, hidden)


def _cell_before(xml: bytes, at: int) -> int:
    row = _row_before(xml, at)
    return max((match.start() for match in CELL_START.finditer(xml, row.end() if row else 0, at)), default=-1)


def _row_before(xml: bytes, at: int) -> re.Match[bytes] | None:
    start = max(xml.rfind(b"<row", 0, at), xml.rfind(b":row", 0, at))
    return ROW_START.search(xml, max(xml.rfind(b"<", 0, start + 1), 0), at) if start >= 0 else None


def _place(xml: bytes, at: int) -> tuple[int, int]:
    """Row and column from 0 of the cell that begins at `at`; cells without an address are counted by position."""
    tag, row = CELL_START.match(xml, at), _row_before(xml, at)
    named = PLACE.search(tag.group()) if tag else None
    number = _number_of(xml, row) if row else 0
    if named and named.group(1):
        return int(named.group(2) or number + 1) - 1, _column(named.group(1).decode())
    return number, sum(1 for _ in CELL_START.finditer(xml, row.end() if row else 0, at))


def _number_of(xml: bytes, row: re.Match[bytes]) -> int:
    """The number of a row from 0: its attribute, else the number of rows before it."""
    named = PLACE.search(row.group())
    if named and named.group(2):
        return int(named.group(2)) - 1
    return sum(1 for _ in ROW_START.finditer(xml, 0, row.start()))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _zipped(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _archive({part: changed.get(part) or archive.read(part) for part in archive.namelist()})


def _moved_home(parts: Mapping[str, bytes], book: str, links: list[_Link]) -> bytes:
    """The archive with its parts at the standard paths of Excel."""
    names = {link.part: f"xl/{link.kind}{at}.xml" for at, link in enumerate(links)}
    fixed = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
    names |= {link.part: fixed[link.kind] for link in links if link.kind in fixed}
    lines = "".join(_link_line(link, names[link.part]) for link in links if re.fullmatch(r"\w+", link.kind))
    home = {names.get(part, part): xml for part, xml in parts.items() if part in names or part == "[Content_Types].xml"}
    return _archive(
        {
            **home,
            "_rels/.rels": _relationships(_link_line(_Link("rId1", "officeDocument", ""), "xl/workbook.xml")),
            "xl/workbook.xml": parts[book],
            "xl/_rels/workbook.xml.rels": _relationships(lines),
        }
    )


def _link_line(link: _Link, target: str) -> str:
    kind = f"{SCHEMAS}/officeDocument/2006/relationships/{link.kind}"
    return f'<Relationship Id="{html.escape(link.key)}" Type="{kind}" Target="/{target}"/>'


def _relationships(lines: str) -> bytes:
    return f'<Relationships xmlns="{SCHEMAS}/package/2006/relationships">{lines}</Relationships>'.encode()


def _archive(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return stream.getvalue()
