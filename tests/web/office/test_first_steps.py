"""A new office is led from its first administrator to its first case."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from casework.office.people import actor
from casework.office.staffing import Post, add, take_in
from models.database import engine, writing
from models.settings import settings
from models.tables import districts
from rulebook.version_sync import sync_versions
from tests.web.web_office import CLOCK, Visitor, new_case, new_unit
from web.app import create_app

OWN = "mat khau rieng 1"
PEOPLE = {"can-bo": "case_officer", "truong-phong": "manager", "chu-tich": "leader", "van-thu": "clerk"}


@pytest.fixture
def bind(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database in which nothing has been done but `coopcase start`."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("COOPCASE_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    engine.cache_clear()
    with writing(engine()) as connection:
        sync_versions(connection, CLOCK.now())
        connection.execute(districts.insert().values(code="VBO", kind="huyen", name="Vĩnh Bảo", seat=""))
    yield engine()
    engine().dispose()
    engine.cache_clear()


def come(login: str, lent: str) -> Visitor:
    """Signed in, with a password of one's own."""
    visitor = Visitor(TestClient(create_app(), raise_server_exceptions=False))
    visitor.sign_in(login, lent)
    typed = {"old": lent, "new": OWN, "again": OWN}
    answer = visitor.send("/me/password", typed, page="/me/password")
    assert answer.headers["location"] == "/work"  # on to the work, not back to the form
    return visitor


def admin_of(bind: Engine) -> Visitor:
    """The first administrator, as `coopcase start` takes them in."""
    with writing(bind) as connection:
        lent = take_in(connection, "quantri", Post("Quản trị", "admin"), by="quantri", clock=CLOCK)
    return come("quantri", lent)


def staffed(bind: Engine, *logins: str) -> dict[str, str]:
    with writing(bind) as connection:
        by = actor(connection, "quantri")
        return {
            login: add(connection, login, Post(login, PEOPLE[login], "VBO"), by=by, clock=CLOCK) for login in logins
        }


def test_the_first_administrator_sees_whom_the_office_lacks(bind: Engine) -> None:
    admin = admin_of(bind)
    for path in ("/work", "/late"):
        page = admin.get(path).text
        assert "Cán bộ thụ lý, Trưởng phòng, Lãnh đạo UBND, Văn thư" in page
        assert 'href="/office/people/new"' in page
        assert 'href="/import"' in page
    staffed(bind, "can-bo", "truong-phong", "chu-tich")
    assert "Còn thiếu: Văn thư." in admin.get("/work").text
    staffed(bind, "van-thu")
    assert "Còn thiếu" not in admin.get("/work").text


def test_the_steps_are_gone_with_the_first_case(bind: Engine) -> None:
    admin = admin_of(bind)
    lent = staffed(bind, "truong-phong", "can-bo")
    manager, officer = come("truong-phong", lent["truong-phong"]), come("can-bo", lent["can-bo"])
    assert "Bắt đầu" in manager.get("/late").text
    assert "Cơ quan chưa có hồ sơ nào" in officer.get("/work").text
    assert "Sổ đăng ký còn trống" in officer.get("/register").text
    with writing(bind) as connection:
        new_unit(connection, "HTX chưa thuộc diện", "VBO", flags=[])
    assert "1 đơn vị đã nhập" in manager.get("/work").text
    with writing(bind) as connection:
        ref = new_case(connection, "HTX Vĩnh Bảo", "VBO")
    assert ref in officer.get("/work").text
    for page in (manager.get("/work").text, manager.get("/late").text, admin.get("/work").text):
        assert "Bắt đầu" not in page
    assert "Không có mục nào khớp" in manager.get("/work?stage=closure").text
    assert "Sổ đăng ký còn trống" not in officer.get("/register?q=xyz").text
