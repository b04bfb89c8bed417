"""Registers of documents as PDF, XLSX and CSV; the outgoing register has the columns of the standard of its year."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from letters.output.fonts import FAMILY
from letters.output.layouts import standard_on
from letters.output.pdf import typeset
from templates.spreadsheet import xlsx_bytes

_OUT_8 = (  # Circular 07/2012, appendix VII (recalled)
    ("Số, ký hiệu văn bản", 16), ("Ngày tháng văn bản", 11), ("Tên loại và trích yếu nội dung văn bản", 36),
    ("Người ký", 16), ("Nơi nhận văn bản", 26), ("Đơn vị, người nhận bản lưu", 12), ("Số lượng bản", 8),
    ("Ghi chú", 20),
)  # fmt: skip
_OUT_10 = (*_OUT_8[:7], ("Ngày chuyển", 10), ("Ký nhận", 9), _OUT_8[7])  # Decree 30/2020, appendix IV
_OVER = (  # Circular 07/2012, appendix IX
    ("Ngày chuyển", 12), ("Số, ký hiệu văn bản", 20), ("Nơi nhận văn bản", 40), ("Ký nhận", 16), ("Ghi chú", 20),
)  # fmt: skip
_IN = (
    ("Ngày đến", 10), ("Số đến", 7), ("Tác giả", 24), ("Số, ký hiệu", 16), ("Ngày tháng", 10),
    ("Tên loại và trích yếu nội dung", 36), ("Hồ sơ", 14), ("Ghi chú", 14),
)  # fmt: skip
_DAY = "dd/mm/yyyy"
_PAPERS = {"a3": 8, "a4": 9}  # paper codes of XLSX
Cell = str | int | float | date | None  # a date is a day of the spreadsheet, a number one to calculate with
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Register:
    """A register to print: title, office, columns with widths, rows of texts."""

    title: str
    office: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]
    printed_on: date
    paper: str = "a4"  # or a3; always landscape


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook with typed cells, laid out as a register is."""

    title: str
    office: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Cell]]
    paper: str = "a4"


def outgoing_columns(year: int) -> Sequence[tuple[str, int]]:
    """Return the columns of the outgoing register of a year: 8 under Circular 07/2012, 10 under Decree 30/2020."""
    return _OUT_10 if standard_on(date(year, 12, 31)).startswith("nd30") else _OUT_8


def outgoing_paper(year: int) -> str:
    """Return the paper of the outgoing register of a year: a3 under Circular 07/2012 (420 x 297 mm)."""
    return "a4" if standard_on(date(year, 12, 31)).startswith("nd30") else "a3"


def handover_columns() -> Sequence[tuple[str, int]]:
    return _OVER


def incoming_columns() -> Sequence[tuple[str, int]]:
    return _IN


def register_pdf(*registers: Register) -> bytes:
    """Return registers as one PDF, each on new pages numbered from 1. Raises PrintError."""
    first = registers[0]
    job = {"title": first.title, "office": first.office, "font": FAMILY, "books": [_job(item) for item in registers]}
    return typeset("book.typ", {"book": json.dumps(job, ensure_ascii=False)}, first.printed_on)


def _job(register: Register) -> dict[str, Any]:
    return {
        "title": register.title,
        "office": register.office,
        "paper": register.paper,
        "header": [name for name, _ in register.columns],
        "widths": [width for _, width in register.columns],
        "rows": [list(row) for row in register.rows],
    }


def register_xlsx(*registers: Register | Sheet) -> bytes:
    """Return a workbook with one sheet per register; no text is interpreted as a formula."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    for place, register in enumerate(registers, start=1):
        _fill(book.create_sheet(f"So {place}" if len(registers) > 1 else "So"), register)
    return xlsx_bytes(book)


def _fill(sheet: Any, register: Register | Sheet) -> None:
    for line in ([register.title], [register.office], [name for name, _ in register.columns]):
        sheet.append([_safe(cell) for cell in line])
    for row in register.rows:
        sheet.append([_safe(cell) if isinstance(cell, str) else cell for cell in row])
    for cells in sheet.iter_rows(min_row=4):
        for cell in cells:
            cell.number_format = _DAY if isinstance(cell.value, date) else cell.number_format
    sheet["A1"].font = Font(bold=True, size=14)
    for place, (_, width) in enumerate(register.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width + 4
        head = sheet.cell(row=3, column=place)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, horizontal="center")
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "3:3"
    setup = sheet.page_setup
    setup.orientation, setup.paperSize, setup.fitToHeight = "landscape", _PAPERS[register.paper], 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def register_csv(register: Register) -> bytes:
    """Return CSV in UTF-8 with a byte order mark; no text is interpreted as a formula."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([name for name, _ in register.columns])
    lines.writerows([_safe(cell) for cell in row] for row in register.rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
