"""The annotated workbook, and the empty form."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from models.units import Grade
from register.annotation import annotate
from register.encodings import Encoding, encode
from register.gate import Plan, compare
from register.interpret import interpret
from register.template import blank_workbook
from register.workbook import read_workbook
from templates.trial_mark import TrialMark, mark_of
from tests.register.files import imported, only, read, saved, xlsx

UNMARKED = mark_of(False, "vi")
MARKS = [UNMARKED, mark_of(True, "vi"), mark_of(True, "en")]  # of an office that is a trial, and of one that is none
ROWS = [
    ["DANH SÁCH"],
    ["Tên HTX", "Huyện", "Ngày thành lập", "Ghi chú"],
    ["HTX Một", "An Lão", "31/2/2010", "=1+1"],
    ["", "An Lão", "", "@x"],
    ["HTX Hai", "An Lão", "2010", "-5"],
]


def given_back(data: bytes, name: str = "so.xlsx", lang: str = "vi") -> Workbook:
    return load_workbook(io.BytesIO(annotate(data, name, planned(data, name), lang, UNMARKED)))


def planned(data: bytes, name: str = "so.xlsx") -> Plan:
    reading = read(data, name)
    return compare(reading.rows, [], reading.of_sheets, skipped=reading.skipped)


def test_comments_stand_in_the_cells_and_a_summary_comes_first() -> None:
    book = given_back(xlsx(("An Lão", ROWS), merged=("A1:D1",)))
    summary, page = book.worksheets

    assert summary.title == "Kết quả đọc thử"
    assert [summary.cell(row, 2).value for row in range(2, 10)] == [5, 2, 0, 0, 0, 1, 0, 2]
    assert "31/2/2010" in page["C3"].comment.text
    assert "Dòng 4" in page["A4"].comment.text
    assert page["A3"].comment is None
    assert "A1:D1" in page.merged_cells


def saved_elsewhere(data: bytes, *, titles: bool) -> bytes:
    """The values alone in a new workbook, as another program keeps them; the sheets in another order and named anew."""
    old, new = load_workbook(io.BytesIO(data)), Workbook()
    new.remove(new.worksheets[0])
    for at, page in enumerate(reversed(old.worksheets)):
        copy = new.create_sheet(page.title if titles else f"Sheet{at}")
        for row in page.iter_rows(values_only=True):
            copy.append(row)
    return saved(new)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("titles", [True, False])
@pytest.mark.parametrize("mark", MARKS)
def test_the_annotated_workbook_can_be_sent_back(lang: str, titles: bool, mark: TrialMark) -> None:
    rows = [["UBND HUYỆN AN LÃO"], ["Tên HTX", "Ngày thành lập", "Ghi chú"], ["HTX Một", "31/2/2010", ""],
            ["HTX Hai", "5/3/2010", ""], ["", "1/1/2001", "x"]]  # fmt: skip
    first = xlsx(("Sheet1", rows))
    once = annotate(first, "so.xlsx", planned(first), lang, mark)
    for data in (once, saved_elsewhere(once, titles=titles), annotate(once, "so.xlsx", planned(once), lang, mark)):
        plan = planned(data)
        assert [row.name for row in plan.new] == ["HTX Một", "HTX Hai"]
        assert {part: count for part, count in plan.counts().items() if count} == {
            "read": 5, "new": 2, "rejected": 1, "skipped": 2,
        }  # fmt: skip
    again = load_workbook(io.BytesIO(annotate(once, "so.xlsx", planned(once), lang, mark)))
    assert len(again.worksheets) == 2


def test_the_form_is_read_from_any_program_though_its_lists_are_shown() -> None:
    book = load_workbook(io.BytesIO(blank_workbook(UNMARKED)))
    book.worksheets[0]["A4"], book.worksheets[0]["B4"] = "HTX Một", "An Lão"
    book.worksheets[1].sheet_state = "visible"
    for data in (saved(book), saved_elsewhere(saved(book), titles=False)):
        reading = read(data, "mau.xlsx")
        assert [(unit.name, unit.findings) for unit in reading.rows] == [("HTX Một", ())]
        assert reading.of_sheets == ()


def test_every_skipped_line_is_in_the_summary_with_its_reason() -> None:
    book = given_back(xlsx(("An Lão", [*ROWS, ["Tổng cộng"]])))
    lines = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=10)]

    assert [line[1] for line in lines if line[4] == "Dòng bỏ qua, có lý do"] == [1, 2, 6]


def test_sheets_of_a_csv_and_an_old_workbook_keep_their_names() -> None:
    assert given_back("Tên HTX;Huyện\n;An Lão\n".encode(), "so.csv").sheetnames[1] == "so.csv"


def test_nothing_in_it_runs() -> None:
    book = given_back(xlsx(("An Lão", ROWS)))
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}

    assert "f" not in kinds
    assert book.worksheets[1]["D4"].quotePrefix


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_formula_in_a_csv_comes_back_as_text(start: str) -> None:
    name = f'{start}cmd|" /C calc"!A0'
    book = given_back(f"Tên HTX;Huyện;Ngày thành lập\n{name};An Lão;lạ\n".encode(), "so.csv")
    cells = [
        cell for page in book for row in page.iter_rows() for cell in row if str(cell.value or "").startswith(start)
    ]

    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


@pytest.mark.parametrize("name", ["old.xls", "so.csv"])
def test_other_files_come_back_as_xlsx(name: str) -> None:
    old = (Path(__file__).parent / "data" / "old.xls").read_bytes()
    data = old if name == "old.xls" else "Tên HTX;Huyện\n;An Lão\n".encode()

    assert len(given_back(data, name).worksheets) == 2


def test_a_sheet_named_in_an_old_encoding_is_found() -> None:
    rows = [[encode(cell, Encoding.TCVN3) for cell in row] for row in ROWS]
    book = given_back(xlsx((encode("Quận Lê Chân", Encoding.TCVN3), rows)), lang="en")

    assert book.worksheets[1]["A4"].comment is not None
    assert book.worksheets[0].title == "Result of the dry run"


def test_changes_are_listed() -> None:
    there = imported(compare(read("Tên HTX;Huyện;Xếp loại\nHTX Một;An Lão;yếu\n").rows, []))
    data = "Tên HTX;Huyện;Xếp loại\nHTX Một;An Lão;khá\n".encode()
    book = load_workbook(io.BytesIO(annotate(data, "so.csv", compare(read(data).rows, there), "vi", UNMARKED)))

    assert "Xếp loại: Yếu → Khá" in [cell.value for cell in book.worksheets[0]["F"]]


@pytest.mark.parametrize("mark", MARKS)
def test_the_form_is_read_back_without_a_doubt(mark: TrialMark) -> None:
    book = load_workbook(io.BytesIO(blank_workbook(mark)))
    page = book.worksheets[0]
    heads = {page.cell(3, at).value: at for at in range(1, page.max_column + 1)}
    given: dict[str, str | int | date] = {
        "Tên hợp tác xã": "HTX Một",
        "Quận/huyện": "Quận Lê Chân",
        "Loại hình": "Hợp tác xã",
        "Ngành nghề": "Dịch vụ nông nghiệp",
        "Xếp loại": "Yếu",
        "Tình trạng hoạt động": "Đang hoạt động",
        "Đã đăng ký lại theo Luật 2012": "chưa",
        "Ngày thành lập": date(2001, 2, 3),
        "Vốn điều lệ": 500_000_000,
    }
    for label, value in given.items():
        page.cell(4, heads[label], value)
    unit = only(interpret(read_workbook(saved(book), "mau.xlsx")))

    assert (unit.findings, unit.grade, unit.reregistered) == ((), Grade.WEAK, False)
    assert (unit.founded_on, unit.charter_capital) == (date(2001, 2, 3), 500_000_000)


def test_each_choice_of_the_form_is_a_word_the_reader_knows() -> None:
    from models.units import OperatingStatus, Sector, UnitKind
    from register.cells.vocabulary import read_word
    from templates.words import t

    for topic, choices in {"kind": UnitKind, "sector": Sector, "grade": Grade, "status": OperatingStatus}.items():
        for choice in choices:
            taken = read_word(topic, t(f"register.{topic}.{choice.value}"))
            assert (taken.value, taken.doubt) == (choice.value, "")


@pytest.mark.parametrize("mark", MARKS)
def test_the_empty_form_holds_no_unit(mark: TrialMark) -> None:
    assert read(blank_workbook(mark), "mau.xlsx").rows == ()
