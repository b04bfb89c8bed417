"""Tables as workbooks and CSV: types, one header row, names of sheets, set-up to print, nothing that is executed."""

import csv
import io
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from templates.spreadsheet import (
    LONGEST_NAME,
    PLAIN,
    TWO_DIGITS,
    Column,
    Table,
    Value,
    sheet_name,
    shown,
    table_csv,
    tables_xlsx,
    xlsx_bytes,
)
from templates.trial_mark import mark_of

UNMARKED = mark_of(False, "vi")
COLUMNS = [
    Column("Số", 6, TWO_DIGITS),
    Column("Tên", 30),
    Column("Ngày", 11),
    Column("Vốn", 18),
    Column("Năm", 8, PLAIN),
]
ROWS: list[list[Value]] = [
    [7, "=1+1\x0b", date(2016, 3, 14), 1_250_000, 2016],
    [8, "+84 225", None, 2.26, None],
]
TABLE = Table("Sổ: 1/2", "Danh sách A & B", "Quận mẫu", COLUMNS, ROWS, totals=[None, "Cộng", None, 5])


def test_a_workbook_has_one_header_row_and_typed_cells() -> None:
    page = load_workbook(io.BytesIO(tables_xlsx(TABLE, mark=UNMARKED))).worksheets[0]
    assert [cell.value for cell in page[1]] == ["Số", "Tên", "Ngày", "Vốn", "Năm"]
    assert [cell.value for cell in page[2]] == [7, "=1+1", datetime(2016, 3, 14), 1_250_000, 2016]
    assert [cell.number_format for cell in page[2]][2:] == ["dd/mm/yyyy", "#,##0", "0"]
    assert (page["A2"].number_format, page["D3"].number_format) == ("00", "#,##0.0")
    assert [(page[place].data_type, page[place].quotePrefix) for place in ("B2", "B3")] == [("s", True)] * 2
    assert (page.title, page.freeze_panes, page.auto_filter.ref) == ("Sổ- 1-2", "A2", "A1:E3")
    assert page["B4"].value == "Cộng" and page["B2"].alignment.wrap_text
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert page.sheet_properties.pageSetUpPr is not None and page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToHeight, page.print_title_rows) == (0, "$1:$1")
    assert page.oddHeader is not None and page.oddHeader.center.text == "Danh sách A && B – Quận mẫu"


def test_csv_and_print_have_the_same_cells() -> None:
    data = table_csv(TABLE, UNMARKED)
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:] == [
        ["7", "'=1+1\x0b", "14/03/2016", "1250000", "2016"], ["8", "'+84 225", "", "2.26", ""],
    ]  # fmt: skip
    assert list(map(shown, COLUMNS, ROWS[0])) == ["07", "=1+1\x0b", "14/03/2016", "1.250.000", "2016"]


@given(st.lists(st.text(max_size=60), max_size=12))
def test_every_name_of_a_sheet_is_allowed_and_free(wanted: list[str]) -> None:
    taken: list[str] = []
    for name in wanted:
        taken.append(sheet_name(name, taken))
    assert len({name.lower() for name in taken}) == len(taken)
    assert all(0 < len(name) <= LONGEST_NAME and not set(name) & set("[]:*?/\\") for name in taken)


def test_a_file_that_came_in_keeps_its_own_set_up() -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.page_setup.orientation, page.freeze_panes = "portrait", "B4"
    kept = load_workbook(io.BytesIO(xlsx_bytes(book, UNMARKED))).worksheets[0]
    assert (kept.page_setup.orientation, kept.print_title_rows) == ("portrait", "$1:$3")
