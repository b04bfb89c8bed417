"""Workbooks that go out hold data only: what a person typed is never executed by who opens the file."""

import io

from openpyxl import Workbook
from openpyxl.cell.cell import Cell


def xlsx_bytes(book: Workbook) -> bytes:
    """The workbook as XLSX. A text that begins like a formula stays that text, also when its cell is edited."""
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and cell.data_type == "f":
                    cell.data_type = "s"
                    cell.quotePrefix = True  # type: ignore[attr-defined]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
