"""Where the table of a sheet begins, and which column says what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from register.names import data_file, fold
from register.places import district_in_title
from register.workbook import Row, Sheet, Span, text_of

SEARCHED_ROWS = 40
MAX_LINES = 3
UNIT_NOTE = re.compile(r"\(([^)]*)\)|(?:đvt|đơn vị tính|đơn vị)\s*:?\s*(.*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is a field of the row, or `field=value` for a column of marks; `dong` what one unit of its money is."""

    index: int
    field: str
    label: str
    dong: int | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """Rows counted from 0. `district` is what a title line or the sheet's name says."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    unknown: tuple[str, ...] = ()
    district: str = ""

    def index_of(self, field: str) -> int | None:
        return next((column.index for column in self.columns if column.field == field), None)


def find_header(sheet: Sheet) -> Header | None:
    """The header with most known columns; nothing when no row names units and one thing more about them."""
    grid = _filled(sheet)
    best: Header | None = None
    for top in range(len(grid)):
        if any(grid[top]):
            for lines in range(1, min(MAX_LINES, len(grid) - top) + 1):
                found = _read_header(grid, top, lines)
                if found and (best is None or len(found.columns) > len(best.columns)):
                    best = found
    return _with_titles(best, sheet, grid) if best else None


def _filled(sheet: Sheet) -> list[list[str]]:
    """The first rows as text, each merged range filled with its text."""
    grid = [[text_of(cell) if isinstance(cell, str) else _number_text(cell) for cell in row] for row in _top(sheet)]
    for span in sheet.merged:
        _fill(grid, span)
    return grid


def _number_text(cell: object) -> str:
    return "" if cell is None else text_of(cell)  # type: ignore[arg-type]


def _top(sheet: Sheet) -> tuple[Row, ...]:
    return sheet.rows[:SEARCHED_ROWS]


def _fill(grid: list[list[str]], span: Span) -> None:
    if span.top >= len(grid) or span.left >= len(grid[span.top]):
        return
    text = grid[span.top][span.left]
    for row in grid[span.top : span.bottom + 1]:
        for at in range(span.left, min(span.right + 1, len(row))):
            row[at] = text


def _read_header(grid: list[list[str]], top: int, lines: int) -> Header | None:
    block = [list(row) for row in grid[top : top + lines]]
    if lines > 1:
        _spread_groups(block)
    columns: list[Column] = []
    unknown: list[str] = []
    for at in range(len(block[0])):
        parts = _parts(block, at)
        found = _field_of(tuple(parts)) if parts else None
        if found and not any(column.field == found for column in columns):
            columns.append(Column(at, found, " – ".join(parts), money_unit(" ".join(parts), in_heading=True)))
        elif parts and not found:
            unknown.append(" – ".join(parts))
    known = {column.field for column in columns} - {"ordinal"}
    if "name" not in known or len(known) < 2:
        return None
    return Header(top, top + lines - 1, tuple(columns), tuple(unknown))


def _spread_groups(block: list[list[str]]) -> None:
    """A heading over several columns that was not merged holds for the empty cells right of it with a line below."""
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
    """One of "(1)", "2", "A", "[3]", "5=3+4": a cell of the line that numbers the columns."""
    return bool(re.fullmatch(r"[(\[]?\s*(\d{1,2}|[A-Za-z])\s*[)\]]?(\s*=.*)?", text))


@lru_cache(maxsize=2_000)
def _field_of(parts: tuple[str, ...]) -> str | None:
    folded = tuple(heading_key(part) for part in parts)
    return _in_group(folded) or _by_name(" ".join(folded)) or _by_name(folded[-1])


@lru_cache(maxsize=2_000)
def heading_key(text: str) -> str:
    """The heading folded, without notes in brackets."""
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


def _by_name(text: str) -> str | None:
    names = _names()
    if found := names.get(text) or names.get(text.replace(" ", "")):
        return found
    held = [
        name
        for name in names
        if len(name) > 3 and f" {name} " in f" {text} " and (" " in name or text.startswith(name))
    ]
    return names[max(held, key=len)] if held else None


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
    """The đồng in one unit of money named by a heading "Vốn điều lệ (triệu đồng)" or a line "ĐVT: triệu đồng"."""
    notes = [note for pair in UNIT_NOTE.findall(text) for note in pair if note]
    if in_heading and "," in text:
        notes.append(text.rsplit(",", 1)[1])
    for note in notes:
        key = fold(re.sub(r"(?i)đơn vị tính|đơn vị|đvt", "", note))
        for unit in data_file("columns.yaml")["money_units"]:
            if key in {fold(name) for name in unit["names"]}:
                return int(unit["dong"])
    return None


def _with_titles(header: Header, sheet: Sheet, grid: list[list[str]]) -> Header:
    titles = [text for row in grid[: header.first_row] for text in dict.fromkeys(row) if text]
    unit = next((dong for text in titles if (dong := money_unit(text))), None)
    district = district_in_title(sheet.name, whole=True)
    district = district or next((found for text in titles if (found := district_in_title(text))), "")
    columns = tuple(
        column if column.dong or not unit else Column(column.index, column.field, column.label, unit)
        for column in header.columns
    )
    return Header(header.first_row, header.last_row, columns, header.unknown, district)
