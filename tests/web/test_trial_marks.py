"""Every workbook and register that leaves a trial office says that it is one; what comes back is read as before."""

import io
import re
from collections.abc import Callable, Iterator

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from casework.takeover.workbook_reading import read_lines
from letters.marks import TRIAL as ON_LETTERS
from models.database import engine, writing
from models.office_kind import REAL, TRIAL, mark_database
from models.tables import officers, units
from templates.trial_mark import mark_of
from tests.letters.poppler import needs_poppler, pages_of
from tests.web.reports.test_table_files import LISTS, csv_tables
from tests.web.web_office import Office, Visitor, login_of, new_unit

As = Callable[..., Visitor]
FORMS = ("/import/form", "/take-over/template.xlsx?step=C2")
VIETNAMESE = ("/book/", "/import/form")  # forms of the administration: in its language, for every reader


@pytest.fixture(params=[TRIAL, REAL])
def kind(request: pytest.FixtureRequest, office: Office) -> str:
    chosen = str(request.param)
    with writing(office.bind) as connection:
        mark_database(connection, chosen)
        connection.execute(officers.update().values(is_sample=False))
        connection.execute(officers.update().where(officers.c.login == login_of("manager")).values(lang="en"))
        new_unit(connection, "HTX Chưa có hồ sơ", "HBG")
    return chosen


def shown(data: bytes) -> Iterator[Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    yield from (page for page in book.worksheets if page.sheet_state == "visible")


def says(page: Worksheet, mark: str) -> tuple[bool, bool]:
    """Whether a sheet shows the mark at its head, and prints it on every page."""
    heads = {cell for row in page.iter_rows(max_row=3, values_only=True) for cell in row}
    parts = (page.oddHeader, page.oddFooter, page.evenHeader, page.evenFooter, page.firstHeader, page.firstFooter)
    return mark in heads, all(part is not None and mark in (part.center.text or "") for part in parts)


def test_every_workbook_says_so_on_screen_and_on_paper(office: Office, kind: str, as_role: As) -> None:
    trial, manager = kind == TRIAL, as_role("manager")
    lists = [path.format(first=office.first) for paths in LISTS.values() for path in paths]
    for path in (*(f"{path}.xlsx" for path in lists), *FORMS):
        answer = manager.get(path)
        assert answer.status_code == 200, path
        pages = list(shown(answer.content))
        assert pages
        assert {says(page, mark_of(True, language(path))) for page in pages} == {(trial, trial)}, path
    for path in lists:
        for table in csv_tables(manager.get(f"{path}.csv").content):
            assert (table[0] == [mark_of(True, language(path))]) is trial, path


def language(path: str) -> str:
    """The manager reads English; the forms of the administration are in its language."""
    return "vi" if path.startswith(VIETNAMESE) else "en"


@needs_poppler
def test_the_number_book_is_marked_on_every_page(kind: str, as_role: As) -> None:
    clerk = as_role("clerk")
    for book in ("outgoing", "handover", "incoming"):
        pages = pages_of(clerk.get(f"/book/2016/{book}.pdf").content)
        assert {page.count(ON_LETTERS) for page in pages} == {2 if kind == TRIAL else 0}, book


def test_the_annotated_register_is_marked_and_its_rows_stay(kind: str, as_role: As) -> None:
    visitor = as_role("manager")
    sent = "STT;Tên HTX;Quận/huyện\n1;HTX Sao Biển;Hồng Bàng\n".encode()
    preview = visitor.send("/import", files={"file": ("so.csv", sent)}).text
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', preview) for name in ("key", "name")}
    fields = {name: match[1] for name, match in found.items() if match}
    summary, page = shown(visitor.send("/import/annotated", fields).content)
    trial, mark = kind == TRIAL, mark_of(True, "en")
    assert says(summary, mark) == (trial, trial)
    assert says(page, mark) == (False, trial)
    assert page["B2"].value == "HTX Sao Biển"


def test_a_marked_take_over_is_read_back(kind: str, as_role: As) -> None:
    data = as_role("case_officer").get("/take-over/template.xlsx?step=C2").content
    (page,) = shown(data)
    keys = next(row for row in page.iter_rows() if str(row[0].value).startswith("#"))
    columns = {str(cell.value).removeprefix("#"): int(cell.column or 0) for cell in keys}
    assert page.row_dimensions[keys[0].row or 0].hidden
    line = next(row for row in page.iter_rows() if row[columns["name"] - 1].value == "HTX Chưa có hồ sơ")[0].row or 0
    page.cell(line, columns["step"], "C2 x")
    page.cell(line, columns["source"], "Tủ lưu trữ")
    stream = io.BytesIO()
    assert page.parent is not None
    page.parent.save(stream)
    (read,) = read_lines(stream.getvalue(), "cu.xlsx")
    with engine().connect() as connection:
        unit = connection.scalar(select(units.c.id).where(units.c.name == "HTX Chưa có hồ sơ"))
    assert (read.row, read.request.unit_id) == (line, unit)


def test_a_marked_list_of_money_is_read_back(office: Office, kind: str, as_role: As) -> None:
    visitor, path = as_role("case_officer"), f"/cases/{office.first}/money"
    book = openpyxl.load_workbook(io.BytesIO(visitor.get(f"{path}.xlsx").content))
    page = book["Vốn góp"]
    page.append(["", "Bà Lê Thị Mẫu", 5_000_000])
    stream = io.BytesIO()
    book.save(stream)
    answer = visitor.send(f"{path}/file", files={"file": ("bang.xlsx", stream.getvalue())})
    assert "BẢN CHẠY THỬ" not in answer.text
    assert answer.status_code in (303, 409), answer.text[:500]  # read; recorded where the step allows it
