"""A register file as sheets of cells, whatever wrote it."""

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import python_calamine as calamine

from models.errors import WrongInput
from register.delimited import read_delimited
from register.encodings import OLD, Encoding, to_unicode, votes, winner
from register.file_guards import MAX_COLUMNS, MAX_ROWS, FileKind, kind_of

Cell = str | int | float | bool | date | datetime | time | timedelta
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A merged range, counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from the first of the sheet on; an empty cell is ""; `encoding` is what most of its text was stored in."""

    name: str
    rows: tuple[Row, ...]
    merged: tuple[Span, ...] = ()
    encoding: Encoding = Encoding.UNICODE
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of a file."""

    name: str
    kind: FileKind
    sheets: tuple[Sheet, ...]


def read_workbook(data: bytes, name: str) -> Workbook:
    """The cells of a XLSX, XLS, ODS or CSV file, text in Unicode NFC.

    Raises:
        WrongInput: field `file`; the file cannot be read as a table, or is not safe to read.
    """
    kind = kind_of(data, name)
    sheets = [Sheet(name, read_delimited(data, name))] if kind == "csv" else _read_sheets(data, name)
    if not any(sheet.rows for sheet in sheets):
        raise WrongInput("file", "register_empty_file", name=name)
    return Workbook(name, kind, tuple(in_unicode(sheet) for sheet in sheets))


def _read_sheets(data: bytes, name: str) -> list[Sheet]:
    try:
        return _sheets_of(calamine.CalamineWorkbook.from_object(io.BytesIO(data)), name)
    except WrongInput:
        raise
    except calamine.PasswordError as locked:
        raise WrongInput("file", "register_password", name=name) from locked
    except BaseException as broken:
        # A damaged file can make the Rust reader panic, and a panic is no Exception.
        if isinstance(broken, Exception) or type(broken).__name__ == "PanicException":
            raise WrongInput("file", "register_corrupt", name=name) from broken
        raise


def _sheets_of(book: calamine.CalamineWorkbook, name: str) -> list[Sheet]:
    shown = [
        each.name
        for each in book.sheets_metadata
        if each.typ == calamine.SheetTypeEnum.WorkSheet and each.visible == calamine.SheetVisibleEnum.Visible
    ]
    return [_sheet(book.get_sheet_by_name(each), name) for each in shown]


def _sheet(sheet: calamine.CalamineSheet, name: str) -> Sheet:
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise WrongInput("file", "register_too_many_cells", name=name, rows=MAX_ROWS, columns=MAX_COLUMNS)
    rows = tuple(tuple(row) for row in sheet.to_python(skip_empty_area=False))
    spans = tuple(Span(*start, *end) for start, end in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, rows, spans)


def in_unicode(sheet: Sheet) -> Sheet:
    """The sheet with old and combining letters turned into Unicode NFC; a column's ruling encoding decides doubts."""
    columns = _by_column(sheet.rows)
    by_column = [votes(texts) for texts in columns]
    all_votes = sum(by_column, Counter())
    here = winner(all_votes)
    changes = [_reader(winner(counted) or here, here) for counted in by_column]
    rows = tuple(
        tuple(changes[at](cell) if isinstance(cell, str) and cell else cell for at, cell in enumerate(row))
        for row in sheet.rows
    )
    title = to_unicode(sheet.name, here)
    return replace(sheet, name=title, rows=rows, encoding=here or Encoding.UNICODE, mixed=len(all_votes) > 1)


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
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_of(cell: Cell) -> str:
    """The cell as one line of text: spaces squeezed, whole numbers without ".0", dates as dd/mm/yyyy."""
    if isinstance(cell, str):
        return " ".join(cell.replace("\u200b", " ").replace("\ufeff", " ").split())
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    return str(cell)
