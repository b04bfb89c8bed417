"""A real office enters its communes, agencies and plan through the command line."""

from pathlib import Path

import pytest

from models.database import engine
from models.errors import Refused, WrongInput
from models.settings import settings
from tests.e2e.walking import coopcase
from tests.register.files import xlsx

HEADER = ("Quận, huyện", "Xã, phường, thị trấn")
ROWS = (
    ("Huyện Kim Thành", "Thị trấn Phú Thái"),
    ("Huyện Kim Thành", "Xã Kim Anh"),
    ("Thị xã Chí Linh", "Phường Sao Đỏ"),
)


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    engine.cache_clear()


def test_an_office_starts_with_the_list_and_its_plan(nothing: None) -> None:
    plan = ("--plan", "1234/KH-UBND", "--plan-on", "12/05/2014")
    started = coopcase("start", "quantri", "--name", "Nguyễn Văn Thử", *plan)
    assert (started["districts"], started["communes"]) == (15, 223)
    assert coopcase("office", "plan", "show")["plans"]["plan.seed"]["number"] == "1234/KH-UBND"
    books = coopcase("number-books", "list", "--by", "quantri")["books"]
    assert {row["mode"] for row in books} == {"on_paper"}
    listed = coopcase("office", "communes", "list", "--district", "HAN")["communes"]
    assert {row["full"]: row["confidence"] for row in listed}["Phường Đông Hải 1"] == "recalled"


def test_a_wrong_plan_starts_no_office(nothing: None) -> None:
    with pytest.raises(WrongInput):
        coopcase("start", "quantri", "--name", "Nguyễn Văn Thử", "--plan", "1234/KH-UBND")
    assert coopcase("start", "quantri", "--name", "Nguyễn Văn Thử")["districts"] == 15


def test_an_office_elsewhere_starts_with_its_own_list(nothing: None, tmp_path: Path) -> None:
    file = tmp_path / "xa.xlsx"
    file.write_bytes(xlsx(("a", [HEADER, *ROWS])))
    started = coopcase("start", "quantri", "--name", "Nguyễn Văn Thử", "--communes", str(file))
    assert (started["districts"], started["communes"]) == (2, 3)
    listed = coopcase("office", "communes", "list")["communes"]
    assert [(row["district_code"], row["full"], row["confidence"]) for row in listed] == [
        ("H01", "Xã Kim Anh", "confirmed"), ("H01", "Thị trấn Phú Thái", "confirmed"),
        ("H02", "Phường Sao Đỏ", "confirmed"),
    ]  # fmt: skip


def test_what_was_entered_is_listed_and_rights_hold(nothing: None, tmp_path: Path) -> None:
    coopcase("start", "quantri", "--name", "Nguyễn Văn Thử")
    new = ("--name", "Trần Thị Lan", "--role", "case_officer", "--district", "VBO")
    coopcase("people", "add", "lan.vbo", "--by", "quantri", *new)
    bank = ("office", "agencies", "add", "bank", "Ngân hàng Thử", "--district", "VBO")
    with pytest.raises(Refused):
        coopcase(*bank, "--by", "lan.vbo")
    identity = coopcase(*bank, "--address", "Số 1", "--by", "quantri")["id"]
    (listed,) = coopcase("office", "agencies", "list", "--district", "VBO")["agencies"]
    assert (listed["id"], listed["name"], listed["address"]) == (identity, "Ngân hàng Thử", "Số 1")
    coopcase("office", "agencies", "remove", str(identity), "--by", "quantri")
    assert coopcase("office", "agencies", "list")["agencies"] == []
    code = coopcase("office", "communes", "add", "Mới", "--kind", "xa", "--district", "VBO", "--by", "quantri")["code"]
    coopcase("office", "communes", "change", code, "--former", "Cũ", "--by", "quantri")
    (changed,) = [
        row for row in coopcase("office", "communes", "list", "--district", "VBO")["communes"] if row["code"] == code
    ]
    assert (changed["full"], changed["former"]) == ("Xã Mới", ["Cũ"])
    assert coopcase("office", "communes", "confirm", "--district", "VBO", "--by", "quantri")["confirmed"] == 30
    coopcase("office", "communes", "remove", code, "--by", "quantri")
    file = tmp_path / "xa.xlsx"
    file.write_bytes(xlsx(("a", [HEADER, ("Huyện Vĩnh Bảo", "Xã Cổ Am")])))
    assert coopcase("office", "communes", "load", str(file), "--by", "quantri") == {"added": 0, "there": 1}
    assert coopcase("office", "communes", "lacking")["count"] == 0
    coopcase("office", "plan", "set", "7/KH-UBND", "--on", "01/06/2014", "--district", "VBO", "--by", "quantri")
    shown = coopcase("office", "plan", "show", "--district", "VBO")["plans"]["plan.district"]
    assert (shown["number"], shown["issuer"]) == ("7/KH-UBND", "Ủy ban nhân dân huyện Vĩnh Bảo")
