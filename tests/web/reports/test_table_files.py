"""Every list as a file: one header row, filter, frozen header, days and numbers as such; as CSV the same rows."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from models.database import writing
from models.tables import units
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office, Visitor
from web.access import PAGES

As = Callable[..., Visitor]
LISTS = {
    "work_file": ("/work",), "report_file": ("/late/report",), "risk_file": ("/late/risk",),
    "changes_file": ("/late/what-if",), "unit_file": ("/register",), "money_file": ("/cases/{first}/money",),
    "book_file": ("/book/2016/outgoing", "/book/2016/handover", "/book/2016/incoming"),
    "outstanding_file": ("/outstanding",), "letter_list_file": ("/letters",), "incoming_list_file": ("/incoming",),
}  # fmt: skip
NO_LISTS = {  # forms, what came in, and the list for the post
    "version_file", "document_file", "incoming_file", "unfinished_file", "take_over_file", "serving_file",
}  # fmt: skip
TYPED_AS_TEXT = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|[1-9]\d{0,2}(\.\d{3})+")


@pytest.fixture
def filled(office: Office) -> Office:
    papers = Paperwork(office.bind, office.first)
    papers.issued(papers.drafted(deleted_on="25/03/2016"))
    with writing(office.bind) as connection:
        values = {"phone": "0225 123", "address": "Số 1", "certificate_number": "02H-1"}
        connection.execute(units.update().values(charter_capital=1_250_000_000, founded_on=date(2010, 5, 1), **values))
    return office


def test_every_list_goes_out_typed_and_under_one_header(filled: Office, as_role: As) -> None:
    assert {name for name in PAGES if name.endswith("_file")} - NO_LISTS == set(LISTS)
    visitor = as_role("manager")
    for path in (path.format(first=filled.first) for paths in LISTS.values() for path in paths):
        widths = []
        for page in load_workbook(io.BytesIO(visitor.get(f"{path}.xlsx").content)).worksheets:
            heads, *rows = page.values
            widths.append(len(heads))
            assert page.freeze_panes == "A2" and str(page.auto_filter.ref).startswith("A1:"), path
            assert all(isinstance(head, str) and head for head in heads), path
            assert [cell for row in rows for cell in row if TYPED_AS_TEXT.fullmatch(str(cell))] == [], path
            assert (page.page_setup.orientation, page.print_title_rows) == ("landscape", "$1:$1"), path
        assert [len(rows[0]) for rows in csv_tables(visitor.get(f"{path}.csv").content)] == widths, path


def csv_tables(content: bytes) -> list[list[list[str]]]:
    """The rows of a CSV, or of each in a ZIP."""
    if content.startswith(b"PK"):
        packed = zipfile.ZipFile(io.BytesIO(content))
        return [csv_tables(packed.read(name))[0] for name in packed.namelist()]
    assert content.startswith(b"\xef\xbb\xbf")
    return [list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))]


def rows_of(content: bytes) -> list[dict[str, Any]]:
    heads, *rows = load_workbook(io.BytesIO(content)).worksheets[0].values
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def test_the_register_goes_out_as_it_is_asked_for_and_can_be_read_in_again(filled: Office, as_role: As) -> None:
    manager = as_role("manager")
    content = manager.get("/register.xlsx").content
    found = rows_of(content)
    assert {row["Vốn điều lệ"] for row in found} == {1_250_000_000}
    assert {row["Ngày thành lập"] for row in found} == {datetime(2010, 5, 1)}
    assert filled.first in {row["Hồ sơ"] for row in found}
    assert rows_of(manager.get("/register.xlsx?q=khongco").content) == []
    listed = manager.get("/register").text
    assert "/register.xlsx" in listed and "/register.csv" in listed
    looked = as_role("admin").send("/import", files={"file": ("so.xlsx", content)})
    assert looked.status_code == 200 and found[0]["Tên hợp tác xã"] in looked.text


def test_letters_go_out_with_the_filter_the_columns_and_the_order_looked_at(filled: Office, as_role: As) -> None:
    papers = Paperwork(filled.bind, filled.second)
    papers.drafted("tax_inquiry")
    clerk = as_role("clerk")
    assert 'href="/letters.xlsx?status=all"' in clerk.get("/letters?status=all").text
    issued, drafted = rows_of(clerk.get("/letters.xlsx?status=all&sort=-status").content)
    assert list(issued) == ["Văn bản", "Số, ký hiệu", "Đơn vị", "Mã hồ sơ", "Trạng thái", "Bị tắc", "Chờ từ", "Số ngày"]
    assert (issued["Mã hồ sơ"], issued["Chờ từ"], issued["Số ngày"]) == (filled.first, datetime(2016, 3, 14), 0)
    assert issued["Số, ký hiệu"].startswith("01/") and drafted["Trạng thái"] == "Dự thảo"
    (found,) = rows_of(clerk.get("/letters.xlsx?status=draft&cols=district,letter").content)
    assert list(found) == ["Quận, huyện", "Văn bản", "Số, ký hiệu"]
    assert rows_of(clerk.get("/letters.xlsx?status=all&q=khongco").content) == []
    assert rows_of(as_role("clerk", "ADG").get("/letters.xlsx?status=all").content) == []
    (only_heads,) = csv_tables(clerk.get("/letters.csv?status=stuck").content)[0]
    assert only_heads[0] == "Văn bản"


def test_incoming_documents_go_out_as_the_list_is_looked_at(filled: Office, as_role: As) -> None:
    clerk = as_role("clerk")
    for summary, symbol in (("=1+1", "215/CCT-KK"), ("Báo giá", "")):
        typed = {"from_body": "Chi cục Thuế", "summary": summary, "symbol": symbol, "ref": filled.first}
        assert clerk.send("/incoming", typed).status_code == 303
    assert "/incoming.csv" in clerk.get("/incoming").text
    last, first = rows_of(clerk.get("/incoming.xlsx").content)
    assert (last["Số"], first["Số"], first["Số, ký hiệu"]) == (2, 1, "215/CCT-KK")
    assert (first["Ngày đến"], first["Mã hồ sơ"]) == (datetime(2016, 3, 14), filled.first)
    (found,) = rows_of(clerk.get("/incoming.xlsx?q=bao+gia&cols=summary").content)
    assert found["Trích yếu nội dung"] == "Báo giá" and "Nơi gửi" not in found
    assert rows_of(clerk.get("/incoming.xlsx?year=2015").content) == []
    executed = [cell for row in csv_tables(clerk.get("/incoming.csv").content)[0] for cell in row if cell[:1] == "="]
    assert executed == []
    assert rows_of(as_role("clerk", "ADG").get("/incoming.xlsx").content) == []


def test_the_worklist_file_has_what_an_officer_looks_up(filled: Office, as_role: As) -> None:
    row = next(row for row in rows_of(as_role("manager").get("/work.xlsx").content) if row["Hồ sơ"] == filled.first)
    assert (row["Điện thoại"], row["Địa chỉ"], row["Số giấy chứng nhận"]) == ("0225 123", "Số 1", "02H-1")
    assert row["Việc tiếp theo"] and isinstance(row["Còn lại đến mốc (ngày)"], int)
