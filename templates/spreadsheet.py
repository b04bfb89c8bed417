"""Tables that leave the house, as XLSX and CSV: cells keep their types, and what a person typed is never executed."""

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from templates.formats import date_vi, number
from templates.trial_mark import TrialMark

Value = str | int | float | date | None
DAY, COUNT, PLAIN, TWO_DIGITS, TENTH = "dd/mm/yyyy", "#,##0", "0", "00", "#,##0.0"  # formats of a workbook
PAPERS = {"a3": 8, "a4": 9}  # paper codes of XLSX
LONGEST_NAME, LONGEST_TEXT = 31, 32_767  # of a sheet, of a cell
MOST_ON_A_PAGE = 310  # characters across, which makes them half their size on A4
HEADER_ROOM = 200  # characters of a page header, which has 255 with its codes
_RED = "C00000"
_EXECUTED = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # which XML does not allow
_HEAD = (Font(bold=True), PatternFill("solid", fgColor="E7EDF3"))
_HEAD_ALIGNMENT = Alignment(wrap_text=True, vertical="center", horizontal="center")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, the format of its numbers."""

    heading: str
    width: int
    form: str = COUNT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under one header, for every kind of file. Title and office are in the page header of a workbook."""

    name: str  # of its sheet
    title: str
    office: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    paper: str = "a4"  # or a3; always landscape
    totals: Sequence[Value] = field(default=())  # below the rows of a workbook, outside its filter


def columns_of(headings: Iterable[str], widths: Iterable[int], forms: Iterable[str] = ()) -> list[Column]:
    """Columns in order; those beyond the end of `forms` have counts."""
    given = list(zip(headings, widths, strict=True))
    kinds = [*forms, *[COUNT] * len(given)]
    return [Column(heading, width, form) for (heading, width), form in zip(given, kinds, strict=False)]


def shown(column: Column, value: Value) -> str:
    """A cell as a print has it."""
    if isinstance(value, date):
        return date_vi(value)
    if isinstance(value, int):
        return number(value) if column.form == COUNT else f"{value:0{len(column.form)}d}"
    return "" if value is None else str(value)


def tables_xlsx(*tables: Table, mark: TrialMark) -> bytes:
    """A workbook with a sheet for each table: header row, filter, frozen header, set up to print, marked of a trial."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _fill(book.create_sheet(sheet_name(table.name, book.sheetnames)), table, mark)
    book.properties.creator, book.properties.title = "Coopcase", tables[0].title
    return xlsx_bytes(book, mark)


def table_csv(table: Table, mark: TrialMark) -> bytes:
    """CSV in UTF-8 with a byte order mark; days as dd/mm/yyyy, numbers without separators."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerows([[mark]] if mark else [])
    lines.writerow([_unexecuted(column.heading) for column in table.columns])
    lines.writerows([_plain(value) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def tables_zip(*tables: Table, mark: TrialMark) -> bytes:
    """A CSV for each table, in a ZIP."""
    out, taken = io.BytesIO(), list[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for table in tables:
            taken.append(sheet_name(table.name, taken))
            made.writestr(zipfile.ZipInfo(f"{taken[-1]}.csv"), table_csv(table, mark), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """A name that spreadsheets allow, and that no other sheet has."""
    name = " ".join(_CONTROL.sub("", wanted).translate(_NOT_IN_NAMES).split()).strip("'")[:LONGEST_NAME].strip() or "-"
    lower, place = {one.lower() for one in taken} | {"history"}, 2
    free = name
    while free.lower() in lower:
        free, place = f"{name[: LONGEST_NAME - len(str(place)) - 1].strip()} {place}", place + 1
    return free


def xlsx_bytes(book: Workbook, mark: TrialMark) -> bytes:
    """The workbook as XLSX. A text that begins like a formula stays that text, also when its cell is edited.

    A sheet that has no set-up of its own prints across, as wide as the paper (very wide ones as several), its frozen
    rows on every page. The mark of a trial is at head and foot of each.
    """
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and isinstance(cell.value, str) and cell.value.startswith(_EXECUTED):
                    cell.data_type = "s"
                    cell.quotePrefix = True  # type: ignore[attr-defined]
        if page.sheet_state == "visible":
            _set_up(page)
        if mark:
            _mark_prints(page, mark)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def mark_next_row(page: Worksheet, mark: TrialMark) -> int:
    """Write the mark of a trial below what the sheet has. Returns how many rows that takes: 0 where there is none."""
    if not mark:
        return 0
    page.append([mark])
    page.cell(page.max_row, 1).font = Font(bold=True, color=_RED)
    return 1


def _mark_prints(page: Worksheet, mark: TrialMark) -> None:
    page.sheet_properties.tabColor = _RED
    heads = (page.oddHeader, page.evenHeader, page.firstHeader)
    for part in (*heads, page.oddFooter, page.evenFooter, page.firstFooter):
        if part is not None:  # an empty one is false
            part.center.text = f"{mark} – {part.center.text}" if part.center.text else mark


def _fill(page: Worksheet, table: Table, mark: TrialMark) -> None:
    top = mark_next_row(page, mark) + 1
    page.append([_text(column.heading) for column in table.columns])
    for row in (*table.rows, *((table.totals,) if table.totals else ())):
        page.append([_text(value) if isinstance(value, str) else value for value in row])
    for column, cells in zip(table.columns, page.iter_cols(min_row=top + 1), strict=False):
        for cell in cells:
            _formatted(cell, column)
    for place, column in enumerate(table.columns, start=1):
        head, letter = page.cell(top, place), get_column_letter(place)
        head.font, head.fill = _HEAD
        head.alignment = _HEAD_ALIGNMENT
        page.column_dimensions[letter].width = column.width + 3
        page.column_dimensions[letter].number_format = column.form
    for cell in page[page.max_row] if table.totals else ():
        cell.font = _HEAD[0]
    page.freeze_panes = f"A{top + 1}"
    page.auto_filter.ref = f"A{top}:{get_column_letter(max(len(table.columns), 1))}{len(table.rows) + top}"
    page.page_setup.paperSize = PAPERS[table.paper]
    said = f"{table.title} – {table.office}" if table.office else table.title  # a break prints as a code
    _centred(page.oddHeader, _CONTROL.sub("", said)[:HEADER_ROOM].replace("&", "&&"))
    page.page_margins.top, page.page_margins.header = 0.8, 0.3  # inches


def _formatted(cell: Any, column: Column) -> None:
    if isinstance(cell.value, date):
        cell.number_format = DAY
    elif isinstance(cell.value, float):
        cell.number_format = TENTH if column.form == COUNT else column.form
    elif isinstance(cell.value, int) or cell.value is None:  # an empty one is filled in by who gets the file
        cell.number_format = column.form
    cell.alignment = _WRAPPED


def _set_up(page: Worksheet) -> None:
    setup, properties = page.page_setup, page.sheet_properties
    if setup.orientation in (None, "default") and not (properties.pageSetUpPr and properties.pageSetUpPr.fitToPage):
        setup.orientation, setup.fitToHeight = "landscape", 0
        setup.fitToWidth = wide = max(1, -(-_width(page) // MOST_ON_A_PAGE))
        page.print_title_cols = "A:B" if wide > 1 and not page.print_title_cols else page.print_title_cols
        setup.paperSize = setup.paperSize or PAPERS["a4"]
        properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    frozen = re.fullmatch(r"[A-Z]+(\d+)", page.freeze_panes or "")
    if frozen and int(frozen[1]) > 1 and not page.print_title_rows:
        page.print_title_rows = f"1:{int(frozen[1]) - 1}"
    _centred(page.oddFooter, "&P / &N")


def _width(page: Worksheet) -> int:
    """The width of the columns in use, in characters."""
    widths: dict[int, float] = {}
    for letter, column in page.column_dimensions.items():
        first = column.min or column_index_from_string(letter)
        for at in range(first, min(column.max or first, page.max_column) + 1):
            widths[at] = 0 if column.hidden else column.width
    return round(sum(widths.get(at, 9) for at in range(1, page.max_column + 1)))


def _centred(line: HeaderFooterItem | None, text: str) -> None:
    """Write the text into a page header or footer that has none."""
    if line is not None and not line.center.text:
        line.center.text = text


def _text(value: str) -> str:
    return _CONTROL.sub("", value)[:LONGEST_TEXT]


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return _unexecuted(value)
    return date_vi(value) if isinstance(value, date) else "" if value is None else str(value)


def _unexecuted(text: str) -> str:
    return f"'{text}" if text.startswith(_EXECUTED) else text
