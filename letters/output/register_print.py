"""Registers of documents as PDF; the outgoing register has the columns of the standard of its year."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from letters.output.fonts import FAMILY
from letters.output.layouts import standard_on
from letters.output.pdf import typeset
from templates.spreadsheet import TWO_DIGITS, Column, Table, shown
from templates.trial_mark import TrialMark

_NOTE = Column("Ghi chú", 20)
_OUT_8 = (  # Circular 07/2012, appendix VII (recalled)
    Column("Số, ký hiệu văn bản", 16), Column("Ngày tháng văn bản", 11),
    Column("Tên loại và trích yếu nội dung văn bản", 36), Column("Người ký", 16), Column("Nơi nhận văn bản", 26),
    Column("Đơn vị, người nhận bản lưu", 12), Column("Số lượng bản", 8), _NOTE,
)  # fmt: skip
_OUT_10 = (*_OUT_8[:7], Column("Ngày chuyển", 10), Column("Ký nhận", 9), _NOTE)  # Decree 30/2020, appendix IV
_OVER = (  # Circular 07/2012, appendix IX
    Column("Ngày chuyển", 12), Column("Số, ký hiệu văn bản", 20), Column("Nơi nhận văn bản", 40),
    Column("Ký nhận", 16), _NOTE,
)  # fmt: skip
_IN = (
    Column("Ngày đến", 10), Column("Số đến", 7, TWO_DIGITS), Column("Tác giả", 24), Column("Số, ký hiệu", 16),
    Column("Ngày tháng", 10), Column("Tên loại và trích yếu nội dung", 36), Column("Hồ sơ", 14), Column("Ghi chú", 14),
)  # fmt: skip


def outgoing_columns(year: int) -> Sequence[Column]:
    """Return the columns of the outgoing register of a year: 8 under Circular 07/2012, 10 under Decree 30/2020."""
    return _OUT_10 if standard_on(date(year, 12, 31)).startswith("nd30") else _OUT_8


def outgoing_paper(year: int) -> str:
    """Return the paper of the outgoing register of a year: a3 under Circular 07/2012 (420 x 297 mm)."""
    return "a4" if standard_on(date(year, 12, 31)).startswith("nd30") else "a3"


def handover_columns() -> Sequence[Column]:
    return _OVER


def incoming_columns() -> Sequence[Column]:
    return _IN


def register_pdf(*registers: Table, printed_on: date, mark: TrialMark) -> bytes:
    """Return registers as one PDF, each on new pages numbered from 1; of a trial, marked. Raises PrintError."""
    first = registers[0]
    books = [_job(item) for item in registers]
    job = {"title": first.title, "office": first.office, "font": FAMILY, "trial": mark, "books": books}
    return typeset("book.typ", {"book": json.dumps(job, ensure_ascii=False)}, printed_on)


def _job(register: Table) -> dict[str, Any]:
    return {
        "title": register.title,
        "office": register.office,
        "paper": register.paper,
        "header": [column.heading for column in register.columns],
        "widths": [column.width for column in register.columns],
        "rows": [list(map(shown, register.columns, row)) for row in register.rows],
    }
