"""A real office from nothing, through the command line."""

from pathlib import Path

import pytest

from models.database import engine
from models.errors import Conflict, Refused
from models.settings import settings
from tests.e2e.walking import coopcase


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    engine.cache_clear()


def test_an_office_starts_takes_people_in_and_lets_them_go(nothing: None) -> None:
    started = coopcase("start", "QuanTri", "--name", "Nguyễn Văn Thử")
    assert (started["login"], started["districts"]) == ("quantri", 15)
    with pytest.raises(Conflict):
        coopcase("start", "other", "--name", "Ai đó")
    new = ("--name", "Trần Thị Lan", "--role", "case_officer", "--district", "VBO")
    assert len(coopcase("people", "add", "lan.vbo", "--by", "quantri", *new)["password"]) >= 10
    with pytest.raises(Refused):
        coopcase("people", "add", "hoa.vbo", "--by", "lan.vbo", *new)
    listed = coopcase("people", "list", "--district", "VBO")["people"]
    assert [(row["login"], row["active"], row["temporary"]) for row in listed] == [("lan.vbo", True, True)]
    assert "password_hash" not in listed[0]
    left = coopcase("people", "leave", "lan.vbo", "--by", "quantri", "--reason", "chuyển công tác")
    assert left["handed_over"] == 0
    assert not coopcase("people", "list", "--district", "VBO")["people"][0]["active"]
