"""Finds the headers of the tables of a sheet and the field of each column."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, lru_cache
from itertools import pairwise

from models.folding import fold
from register.names import data_file
from register.places import district_in_title
from register.workbook import Row, Sheet, Span, text_of

SEARCHED_ROWS = 40
MAX_LINES = 3
STACKED_FIELDS = 3  # minimum of exactly known headings for a header further down
MOST_TITLES = 6
UNIT_NOTE = re.compile(r"\(([^)]*)\)|(?:đvt|đơn vị tính|đơn vị)\s*:?\s*(.*)$", re.IGNORECASE)
NUMBER = re.compile(r"[\d.,/\-\s]*\d[\d.,/\-\s%]*")
YEAR = re.compile(r"(19|20)\d\d")
NO_WORDS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `field`: a field of the row, or `field=value` for a column of marks; `dong`: đồng per unit of money."""

    index: int
    field: str
    label: str
    dong: int | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A column that is not read: its heading is unknown (`likely`: the most similar field), the field `repeated` is
    already in another column, or the office ignores it (`left_out`)."""

    index: int
    label: str
    likely: str = ""
    repeated: str = ""
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """A header. Rows count from 0; `first_title`: the first of the title lines above. `district`: named in a title line
    or in the sheet's name; `exact`: number of exactly known headings."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    unread: tuple[Unread, ...] = ()
    district: str = ""
    exact: int = 0
    first_title: int = 0

    @property
    def beside(self) -> tuple[Unread, ...]:
        """The columns of a second table beside this one, names first: the name and another field occur twice."""
        twice = [column for column in self.unread if column.repeated]
        names = [column for column in twice if column.repeated == "name"]
        return (names[0], *(each for each in twice if each is not names[0])) if names and len(twice) > 1 else ()

    def index_of(self, field: str) -> int | None:
        return next((column.index for column in self.columns if column.field == field), None)


def find_headers(sheet: Sheet, words: Mapping[str, str] = NO_WORDS) -> list[Header]:
    """Return the headers of the tables of a sheet in order; a header has a column of unit names and at least one more.

    `words`: the office's own headings by folded key, each with its field, or "" to ignore the column.
    """
    first = find_header(sheet, words)
    stacked = [
        found for found in _stacked(sheet, words)
        if first is None or found.first_row > first.last_row or found.last_row < first.first_row
    ]  # fmt: skip
    headers = sorted([*stacked, *([first] if first else [])], key=lambda header: header.first_row)
    found, above = [], 0
    for header in headers:
        found.append(_with_titles(header, sheet, above))
        above = header.last_row + 1
    return found


def find_header(sheet: Sheet, words: Mapping[str, str] = NO_WORDS) -> Header | None:
    """Return the header with most known columns among the first rows; None when no row is a header."""
    grid = _filled(sheet, 0, SEARCHED_ROWS)
    found = [header for top in range(len(grid)) if any(grid[top]) and (header := _header_at(grid, top, words))]
    return max(found, key=lambda header: (len(header.columns), header.exact, -header.first_row), default=None)


def _header_at(grid: list[list[str]], top: int, words: Mapping[str, str], shift: int = 0) -> Header | None:
    found = [
        header
        for lines in range(1, min(MAX_LINES, len(grid) - top) + 1)
        if (header := _read_header(grid, top, lines, words, shift))
    ]
    return max(found, key=lambda header: (len(header.columns), header.exact, -header.last_row), default=None)


def _stacked(sheet: Sheet, words: Mapping[str, str]) -> Iterator[Header]:
    """Headers anywhere in the sheet with at least STACKED_FIELDS exactly known headings."""
    below = 0
    for at, row in enumerate(sheet.rows):
        if at >= below and _may_be_header(row, words):
            found = _header_at(_filled(sheet, at, MAX_LINES), 0, words, at)
            if found and found.exact >= STACKED_FIELDS:
                yield found
                below = found.last_row + 1


def _may_be_header(row: Row, words: Mapping[str, str]) -> bool:
    """Whether one of the first two texts of the row is a heading: a cheap test for each row of a long sheet."""
    seen = 0
    for cell in row:
        if isinstance(cell, str) and cell:
            key = fold(cell) if len(cell) < 60 else ""
            if key in _names() or key in words:
                return True
            seen += 1
            if seen == 2:
                return False
    return False


def _filled(sheet: Sheet, top: int, count: int) -> list[list[str]]:
    """Rows as text, each merged range filled with its text."""
    grid = [[text_of(cell) for cell in row] for row in sheet.rows[top : top + count]]
    for span in sheet.merged:
        if top <= span.top < top + count:
            _fill(grid, replace(span, top=span.top - top, bottom=span.bottom - top))
    return grid


def _fill(grid: list[list[str]], span: Span) -> None:
    if span.top >= len(grid) or span.left >= len(grid[span.top]):
        return
    text = grid[span.top][span.left]
    for row in grid[span.top : span.bottom + 1]:
        for at in range(span.left, min(span.right + 1, len(row))):
            row[at] = text


def _read_header(
    grid: list[list[str]], top: int, lines: int, words: Mapping[str, str], shift: int = 0
) -> Header | None:
    block = [list(row) for row in grid[top : top + lines]]
    if not _is_block(block):
        return None
    if lines > 1:
        _spread_groups(block)
    headings = [(at, parts, *_field_or_word(tuple(parts), words))
                for at in range(len(block[0])) if (parts := _parts(block, at))]  # fmt: skip
    columns, unread = _columns_of(headings)
    exact = sum(is_exact for *_, is_exact in headings)
    known = {column.field for column in columns} - {"ordinal"}
    if "name" not in known or len(known) < 2 or not exact:
        return None
    return Header(shift + top, shift + top + lines - 1, tuple(columns), tuple(unread), exact=exact)


def _columns_of(headings: list[tuple[int, list[str], str | None, bool]]) -> tuple[list[Column], list[Unread]]:
    """The columns that are read, and the others. A heading known word for word comes before one known by a part."""
    columns: list[Column] = []
    unread: list[Unread] = []
    given = {found for _, _, found, is_exact in headings if is_exact}
    for at, parts, found, is_exact in headings:
        label = " – ".join(parts)
        if not found:
            unread.append(Unread(at, label, likely_field(label), left_out=found == ""))
        elif any(column.field == found for column in columns) or (found in given and not is_exact):
            unread.append(Unread(at, label, repeated=found.partition("=")[0]))
        else:
            columns.append(Column(at, found, label, money_unit(" ".join(parts), in_heading=True)))
    return columns, unread


def _is_block(block: list[list[str]]) -> bool:
    """Whether the lines can be one header: the first is no title, none is a unit or a line of column numbers."""
    if any(_has_numbers(line) for line in block):
        return False
    return len(block) == 1 or (_opens(block[0]) and all(any(map(is_heading_word, line)) for line in block[1:]))


def _has_numbers(line: list[str]) -> bool:
    """Whether the line has numbers other than years, as lines of units do and headings do not."""
    texts = [text for text in line if text]
    first = texts[0] if texts else ""
    return first.isdigit() or any(
        len(text) > 2 and NUMBER.fullmatch(text) and not YEAR.fullmatch(text) for text in texts
    )


def _opens(line: list[str]) -> bool:
    texts = list(dict.fromkeys(text for text in line if text and not is_column_number(text)))
    return len(texts) > 2 or any(map(is_heading_word, texts))


@lru_cache(maxsize=2_000)
def is_heading_word(text: str) -> bool:
    """Whether the text is exactly a known heading, a group heading, or a heading within a group."""
    key = heading_key(text)
    return key in _names() or any(key in over or key in under for over, under in _groups())


def _spread_groups(block: list[list[str]]) -> None:
    """Extend an unmerged group heading to the empty cells right of it that have a heading below."""
    for line, below in pairwise(block):
        over = ""
        for at, text in enumerate(line):
            if text:
                over = text
            elif over and below[at]:
                line[at] = over
            else:
                over = ""


def _parts(block: list[list[str]], at: int) -> list[str]:
    parts: list[str] = []
    for row in block:
        if row[at] and row[at] not in parts and not is_column_number(row[at]):
            parts.append(row[at])
    return parts


def is_column_number(text: str) -> bool:
    """Whether the text is a column number: "(1)", "2", "A", "[3]", "5=3+4"."""
    return bool(re.fullmatch(r"[(\[]?\s*(\d{1,2}|[A-Za-z])\s*[)\]]?(\s*=.*)?", text))


def _field_or_word(parts: tuple[str, ...], words: Mapping[str, str]) -> tuple[str | None, bool]:
    """The field of a column ("": ignored, None: unknown), and whether its heading is exactly known."""
    for text in (" ".join(parts), parts[-1]):
        if (own := words.get(heading_key(text))) is not None:
            return own, True
    return _field_of(parts)


@lru_cache(maxsize=2_000)
def _field_of(parts: tuple[str, ...]) -> tuple[str | None, bool]:
    folded = tuple(heading_key(part) for part in parts)
    if found := _in_group(folded):
        return found, True
    for text in (" ".join(folded), folded[-1]):
        if found := _names().get(text) or _names().get(text.replace(" ", "")):
            return found, True
    return _by_part(" ".join(folded)) or _by_part(folded[-1]), False


@lru_cache(maxsize=2_000)
def likely_field(label: str) -> str:
    """Return the field with the most similar known heading; "" when none is similar."""
    near = get_close_matches(heading_key(label), _names(), n=1, cutoff=0.6)
    return _names()[near[0]].partition("=")[0] if near else ""


@lru_cache(maxsize=2_000)
def heading_key(text: str) -> str:
    """Return the folded heading without notes in brackets."""
    return fold(re.sub(r"\([^)]*\)", " ", text)) or fold(text)


def _in_group(parts: tuple[str, ...]) -> str | None:
    if len(parts) < 2:
        return None
    for over, under in _groups():
        if any(_is_or_holds(part, over) for part in parts[:-1]) and parts[-1] in under:
            return under[parts[-1]]
    return None


def _is_or_holds(text: str, names: frozenset[str]) -> bool:
    return text in names or any(f" {name} " in f" {text} " for name in names if " " in name)


def _by_part(text: str) -> str | None:
    """The field of a heading that holds a known one and beside it only words that change nothing: "Số thành viên đến
    31/12/2015" counts the members, "Thành viên ban kiểm soát" does not."""
    held = [
        name
        for name in _names()
        if len(name) > 3 and f" {name} " in f" {text} " and (" " in name or text.startswith(name))
    ]
    best = max(held, key=len, default="")
    rest = f" {text} ".replace(f" {best} ", " ", 1)
    return _names()[best] if best and not _filler().sub(" ", rest).strip() else None


@cache
def _filler() -> re.Pattern[str]:
    phrases = sorted(map(fold, data_file("columns.yaml")["filler"]), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(phrases)}|\d+)\b")


@cache
def _names() -> Mapping[str, str]:
    return {fold(name): field for field, names in data_file("columns.yaml")["fields"].items() for name in names}


@cache
def _groups() -> tuple[tuple[frozenset[str], Mapping[str, str]], ...]:
    return tuple(
        (
            frozenset(fold(name) for name in group["over"]),
            {fold(name): field for field, names in group["under"].items() for name in names},
        )
        for group in data_file("columns.yaml")["groups"]
    )


@lru_cache(maxsize=2_000)
def money_unit(text: str, *, in_heading: bool = False) -> int | None:
    """Return the đồng per unit named in a heading "Vốn điều lệ (triệu đồng)" or a line "ĐVT: triệu đồng"; else None."""
    notes = [note for pair in UNIT_NOTE.findall(text) for note in pair if note]
    if in_heading and "," in text:
        notes.append(text.rsplit(",", 1)[1])
    for note in notes:
        key = fold(re.sub(r"(?i)đơn vị tính|đơn vị|đvt", "", note))
        for unit in data_file("columns.yaml")["money_units"]:
            if key in {fold(name) for name in unit["names"]}:
                return int(unit["dong"])
    return None


def _with_titles(header: Header, sheet: Sheet, above: int) -> Header:
    """The header with the district and the unit of money named in the title lines between row `above` and it."""
    first = above if above == 0 else _first_title(sheet, above, header.first_row)
    rows = _filled(sheet, first, header.first_row - first)
    titles = [text for row in rows for text in dict.fromkeys(row) if text]
    unit = next((dong for text in titles if (dong := money_unit(text))), None)
    district = next((found for text in titles if (found := district_in_title(text))), "")
    named = district_in_title(sheet.name, whole=True)
    columns = tuple(replace(column, dong=column.dong or unit) for column in header.columns)
    return replace(header, columns=columns, district=(named or district) if not above else district, first_title=first)


def _first_title(sheet: Sheet, above: int, header: int) -> int:
    """The first title line of a table that follows another table."""
    first = header
    for at in range(header - 1, max(above, header - MOST_TITLES) - 1, -1):
        row = sheet.rows[at]
        texts = {text for cell in row if isinstance(cell, str) and (text := text_of(cell))}
        if len(texts) > 2 or any(cell not in ("", 0) and not isinstance(cell, str) for cell in row):
            break
        if len(texts) == 2 and not any(money_unit(text) or district_in_title(text) for text in texts):
            break
        if any(kind_starts(text) for text in texts):
            break
        first = at
    return first


def kind_starts(text: str) -> bool:
    """Whether the text begins like the name of a unit."""
    return bool(re.match(r"(?i)\s*(htx|hợp tác xã|tht|tổ hợp tác|qtd|quỹ tín dụng|liên hiệp h|lhhtx)\b", text))
