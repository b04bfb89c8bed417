"""Files that are no register, or are not safe to open: a clear message and nothing read."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.errors import WrongInput
from register import file_guards
from register.interpret import interpret
from register.workbook import read_workbook
from templates.words import say
from tests.register.files import saved, xlsx, zipped

GOOD = xlsx(("An Lão", [["Tên HTX", "Địa chỉ"], ["HTX Một", "a"]]))
SHEET = GOOD.index(b"xl/worksheets/sheet1.xml") + 40
LOCKED = file_guards.OLE + b"\x00" * 600 + file_guards.ENCRYPTED + b"\x00" * 100
BOMB = zipped({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"0" * 40_000_000})


def far(place: str) -> bytes:
    book = Workbook()
    book.worksheets[0]["A1"] = "Tên HTX"
    book.worksheets[0][place] = 1
    return saved(book)


def long_text() -> bytes:
    cells = b'<c r="A1" t="s"><v>0</v></c>' * 100_000
    return zipped(
        {
            "xl/workbook.xml": b"<w/>",
            "xl/worksheets/sheet1.xml": b"<row>" + cells + b"</row>",
            "xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>",
        }
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "register_empty_file", id="nothing"),
        pytest.param(b"\xef\xbb\xbf\r\n  \n", "register_empty_file", id="blank lines"),
        pytest.param(xlsx(("S", [])), "register_empty_file", id="an empty sheet"),
        pytest.param(b"%PDF-1.4 ...", "register_other_kind", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "register_other_kind", id="picture"),
        pytest.param(b"\xff\xd8\xff\xe0JFIF", "register_other_kind", id="photograph"),
        pytest.param(b"<html><table><tr><td>HTX", "register_other_kind", id="web page named .xls"),
        pytest.param(zipped({"word/document.xml": b"<w/>"}), "register_other_kind", id="letter"),
        pytest.param(zipped({"a.txt": b"a"}), "register_other_kind", id="zip"),
        pytest.param(GOOD[: len(GOOD) // 2], "register_corrupt", id="cut off"),
        pytest.param(GOOD[:SHEET] + b"\x00" * 60 + GOOD[SHEET + 60 :], "register_corrupt", id="damaged inside"),
        pytest.param(file_guards.OLE + b"\x01" * 3_000, "register_corrupt", id="damaged xls"),
        pytest.param(bytes(range(256)) * 20, "register_corrupt", id="noise"),
        pytest.param(LOCKED, "register_password", id="password"),
        pytest.param(BOMB, "register_zip_bomb", id="zip bomb"),
        pytest.param(long_text(), "register_zip_bomb", id="one long text in every cell"),
        pytest.param(far("XFD1048576"), "register_too_many_cells", id="a cell in the last corner"),
        pytest.param(far("CW1"), "register_too_many_cells", id="too wide"),
        pytest.param(far("A50001"), "register_too_many_cells", id="too long"),
        pytest.param(b"a;b\n" * 50_001, "register_too_many_cells", id="csv too long"),
    ],
)
def test_a_file_that_cannot_be_taken(data: bytes, code: str) -> None:
    with pytest.raises(WrongInput) as refused:
        read_workbook(data, "so.xlsx")

    assert (refused.value.field, refused.value.code) == ("file", code)
    assert "so.xlsx" in say(refused.value, "vi")
    assert "{" not in say(refused.value, "en")


def test_a_file_beyond_the_limit_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_guards, "MAX_FILE_BYTES", 100)
    with pytest.raises(WrongInput) as refused:
        read_workbook(GOOD, "so.xlsx")

    assert refused.value.code == "register_file_too_large"


def test_a_table_without_header() -> None:
    with pytest.raises(WrongInput) as refused:
        interpret(read_workbook(b"1;2;3\n4;5;6\n", "so.csv"))

    assert refused.value.code == "register_no_header"


@pytest.mark.parametrize("name", ["so.xls", "so.xlsx", "so.csv", "so"])
def test_the_extension_is_not_believed(name: str) -> None:
    assert read_workbook(GOOD, name).kind == "xlsx"


def test_an_old_xls_is_read_under_any_name() -> None:
    data = (Path(__file__).parent / "data" / "old.xls").read_bytes()
    rows = interpret(read_workbook(data, "moi.xlsx")).rows

    assert [(unit.name, unit.district) for unit in rows] == [("Hợp tác xã nông nghiệp An Thắng", "Huyện An Lão")]


def test_hidden_sheets_are_left_alone() -> None:
    book = Workbook()
    book.worksheets[0].append(["Tên HTX", "Huyện"])
    book.create_sheet("Nháp").sheet_state = "hidden"

    assert len(read_workbook(saved(book), "so.xlsx").sheets) == 1


@pytest.mark.parametrize("cut", range(0, len(GOOD), 97))
def test_a_file_cut_anywhere_is_refused_in_words(cut: int) -> None:
    with pytest.raises(WrongInput):
        read_workbook(GOOD[:cut], "so.xlsx")


@pytest.mark.parametrize("at", range(0, len(GOOD), 61))
def test_a_file_damaged_anywhere_is_read_or_refused_in_words(at: int) -> None:
    stream = io.BytesIO(GOOD)
    stream.seek(at)
    stream.write(b"\xde\xad\xbe\xef")
    try:
        read_workbook(stream.getvalue(), "so.xlsx")
    except WrongInput as refused:
        assert refused.code.startswith("register_")
