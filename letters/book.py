"""Registers of documents as PDF and XLSX: the outgoing book with the columns of the standard of its year."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from letters.fonts import FAMILY
from letters.layouts import standard_on
from letters.pdf import typeset

_OUT_8 = (  # Circular 07/2012, appendix VII (recalled)
    ("Số, ký hiệu văn bản", 16), ("Ngày tháng văn bản", 11), ("Tên loại và trích yếu nội dung văn bản", 36),
    ("Người ký", 16), ("Nơi nhận văn bản", 26), ("Đơn vị, người nhận bản lưu", 12), ("Số lượng bản", 8),
    ("Ghi chú", 20),
)  # fmt: skip
_OUT_10 = (*_OUT_8[:7], ("Ngày chuyển", 10), ("Ký nhận", 9), _OUT_8[7])  # Decree 30/2020, appendix IV
_IN = (
    ("Ngày đến", 10), ("Số đến", 7), ("Tác giả", 24), ("Số, ký hiệu", 16), ("Ngày tháng", 10),
    ("Tên loại và trích yếu nội dung", 36), ("Hồ sơ", 14), ("Ghi chú", 14),
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Register:
    """A register ready to print: its title, whose it is, columns with widths, rows of texts."""

    title: str
    office: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]
    printed_on: date


def outgoing_columns(year: int) -> Sequence[tuple[str, int]]:
    """The columns of the outgoing book of a year: 8 under Circular 07/2012, 10 under Decree 30/2020."""
    return _OUT_10 if standard_on(date(year, 12, 31)).startswith("nd30") else _OUT_8


def incoming_columns() -> Sequence[tuple[str, int]]:
    return _IN


def register_pdf(register: Register) -> bytes:
    """Raises PrintError."""
    job = {
        "title": register.title,
        "office": register.office,
        "font": FAMILY,
        "header": [name for name, _ in register.columns],
        "widths": [width for _, width in register.columns],
        "rows": [list(row) for row in register.rows],
    }
    return typeset("book.typ", {"book": json.dumps(job, ensure_ascii=False)}, register.printed_on)


def register_xlsx(register: Register) -> bytes:
    """A workbook in which no text acts as a formula."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "So"
    sheet.append([register.title])
    sheet.append([register.office])
    sheet.append([name for name, _ in register.columns])
    for row in register.rows:
        sheet.append([_safe(cell) for cell in row])
    sheet["A1"].font = Font(bold=True, size=14)
    for place, (_, width) in enumerate(register.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width + 4
        head = sheet.cell(row=3, column=place)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, horizontal="center")
    sheet.freeze_panes = "A4"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def register_csv(register: Register) -> bytes:
    """Comma-separated UTF-8 with the mark that spreadsheets look for, in which no text acts as a formula."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([name for name, _ in register.columns])
    lines.writerows([_safe(cell) for cell in row] for row in register.rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
