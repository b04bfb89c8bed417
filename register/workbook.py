"""Reads a register file of any format into sheets of cells."""

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import python_calamine as calamine

from models.errors import WrongInput
from models.look_alikes import true_letters
from register.collector import paused_collector
from register.delimited import read_delimited
from register.encodings import OLD, Encoding, to_unicode, votes, winner
from register.file_guards import MAX_COLUMNS, MAX_ROWS, FileKind, kind_of
from register.ods_parts import look_into_ods
from register.xlsx_parts import FileMarks, SheetMarks, look_into

Cell = str | int | float | bool | date | datetime | time | timedelta
Row = tuple[Cell, ...]


MARKS: Mapping[FileKind, Callable[[bytes, str], FileMarks]] = {"xlsx": look_into, "ods": look_into_ods}


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range, from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: all rows from its first; an empty cell is "".

    `encoding`: that of most of its text; `mac`: day numbers count from 1904. An error cell has the text of the error
    ("#REF!"), a formula that was never calculated its own text ("=SUM(A1:A3)").
    """

    name: str
    rows: tuple[Row, ...]
    merged: tuple[Span, ...] = ()
    encoding: Encoding = Encoding.UNICODE
    mixed: bool = False
    hidden_rows: tuple[int, ...] = ()
    mac: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of a file; `hidden`: the others."""

    name: str
    kind: FileKind
    sheets: tuple[Sheet, ...]
    hidden: tuple[Sheet, ...] = ()


@paused_collector()
def read_workbook(data: bytes, name: str) -> Workbook:
    """Return the cells of an XLSX, XLS, ODS or CSV file, text in Unicode NFC.

    Raises:
        WrongInput: field `file`; the file cannot be read as a table, or is not safe to read.
    """
    kind = kind_of(data, name)
    shown, hidden = ([Sheet(name, read_delimited(data, name))], []) if kind == "csv" else _read_sheets(data, name, kind)
    if not any(sheet.rows for sheet in shown):
        raise WrongInput("file", "register_empty_file", name=name)
    return Workbook(name, kind, tuple(map(in_unicode, shown)), tuple(map(in_unicode, hidden)))


def _read_sheets(data: bytes, name: str, kind: FileKind) -> tuple[list[Sheet], list[Sheet]]:
    marks = MARKS[kind](data, name) if kind in MARKS else FileMarks(data)
    try:
        return _sheets_of(calamine.CalamineWorkbook.from_object(io.BytesIO(marks.data)), marks, name)
    except WrongInput:
        raise
    except calamine.PasswordError as locked:
        raise WrongInput("file", "register_password", name=name) from locked
    except BaseException as broken:
        # A damaged file can make the Rust reader panic, and a panic is no Exception.
        if isinstance(broken, Exception) or type(broken).__name__ == "PanicException":
            raise WrongInput("file", "register_corrupt", name=name) from broken
        raise


def _sheets_of(book: calamine.CalamineWorkbook, marks: FileMarks, name: str) -> tuple[list[Sheet], list[Sheet]]:
    shown: list[Sheet] = []
    hidden: list[Sheet] = []
    for each in book.sheets_metadata:
        if each.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = _sheet(book.get_sheet_by_name(each.name), marks, name)
            (shown if each.visible == calamine.SheetVisibleEnum.Visible else hidden).append(sheet)
    return shown, hidden


def _sheet(sheet: calamine.CalamineSheet, marks: FileMarks, name: str) -> Sheet:
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        place = f"{column_letter(max(sheet.total_width - 1, 0))}{sheet.total_height}"
        raise WrongInput("file", "register_too_many_cells", name=name, rows=MAX_ROWS, columns=MAX_COLUMNS, place=place)
    found = marks.sheets.get(sheet.name, SheetMarks())
    rows = _with_faults(sheet.to_python(skip_empty_area=False), found.faults)
    spans = tuple(Span(*start, *end) for start, end in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, tuple(map(tuple, rows)), spans, hidden_rows=found.hidden, mac=marks.mac)


def _with_faults(rows: list[list[Cell]], faults: Mapping[tuple[int, int], str]) -> list[list[Cell]]:
    """The rows with errors and uncalculated formulas as text, where the cell reader returned blanks."""
    width = max([*map(len, rows), *(column + 1 for _, column in faults if column < MAX_COLUMNS)], default=0)
    height = max([len(rows), *(row + 1 for row, _ in faults if row < MAX_ROWS)], default=0) if faults else len(rows)
    if faults:
        rows = [row + [""] * (width - len(row)) for row in [*rows, *([] for _ in range(height - len(rows)))]]
    for (row, column), text in faults.items():
        if row < height and column < width and rows[row][column] == "":
            rows[row][column] = text
    return rows


def in_unicode(sheet: Sheet) -> Sheet:
    """Return the sheet in Unicode NFC; the main encoding of a column decides for undecidable texts."""
    columns = _by_column(sheet.rows)
    by_column = [votes(texts) for texts in columns]
    all_votes = sum(by_column, Counter())
    here = winner(all_votes)
    changes = {
        at: _reader(winner(counted) or here, here)
        for at, (texts, counted) in enumerate(zip(columns, by_column, strict=True))
        if texts and not _is_plain(texts, counted)
    }
    rows = tuple(_changed(row, changes) for row in sheet.rows) if changes else sheet.rows
    title = to_unicode(sheet.name, here)
    return replace(sheet, name=title, rows=rows, encoding=here or Encoding.UNICODE, mixed=len(all_votes) > 1)


def _is_plain(texts: Sequence[str], counted: Counter[Encoding]) -> bool:
    """Whether the column is already Unicode NFC, so that nothing in it would change."""
    joined = "\n".join(texts)
    return set(counted) == {Encoding.UNICODE} and joined == true_letters(joined)


def _changed(row: Row, changes: Mapping[int, Callable[[str], str]]) -> Row:
    cells = list(row)
    for at, change in changes.items():
        cell = cells[at] if at < len(cells) else ""
        if isinstance(cell, str) and cell:
            cells[at] = change(cell)
    return tuple(cells)


def _by_column(rows: Sequence[Row]) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(max(map(len, rows), default=0))]
    for row in rows:
        for at, cell in enumerate(row):
            if isinstance(cell, str) and not cell.isascii():
                columns[at].append(cell)
    return columns


def _reader(here: Encoding | None, sheet_ruling: Encoding | None) -> Callable[[str], str]:
    if here in OLD or sheet_ruling in OLD:
        return lambda text: to_unicode(text, here)
    return lambda text: text if text.isascii() else to_unicode(text, Encoding.UNICODE)


def column_letter(index: int) -> str:
    """Return the column letter: A for 0, Z for 25, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_of(cell: Cell) -> str:
    """Return the cell as one line of text: spaces collapsed, whole numbers without ".0", dates as dd/mm/yyyy."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return str(cell)
