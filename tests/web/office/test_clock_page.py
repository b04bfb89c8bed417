"""The jump of the machine's clock as people see it: every page says it, reading goes on, the city's heads confirm."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.clock import SystemClock
from models.database import engine, writing
from models.setting_keys import DEMO_DAY
from models.tables import settings_table
from tests.e2e.walking import coopcase
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


@pytest.fixture
def jumped(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office's day is the machine's, whose clock went ahead by ten days."""
    with writing(engine()) as connection:
        connection.execute(settings_table.delete().where(settings_table.c.key == DEMO_DAY))
    with writing(engine()):
        pass
    monkeypatch.setattr(SystemClock, "offset", timedelta(days=10))
    return office


def test_every_page_says_it_and_nothing_is_recorded(jumped: Office, as_role: As) -> None:
    manager = as_role("manager")
    for page in ("/work", "/late", "/late/report", f"/cases/{jumped.first}"):
        answer = manager.get(page)
        assert answer.status_code == 200, page
        assert "Đồng hồ máy chủ nhảy" in answer.text
        assert "/office/clock" not in answer.text, "a district does not confirm"
    refused = manager.send("/me", {"lang": "en"})
    assert refused.status_code == 409
    assert "Cơ quan › Đồng hồ máy chủ" in refused.text and "coopcase clock" not in refused.text
    assert manager.send("/sign-out").status_code == 303


def test_the_city_confirms(jumped: Office, as_role: As) -> None:
    admin = as_role("admin", None)
    assert "/office/clock" in admin.get("/work").text
    assert admin.send("/office/clock", {"reason": ""}, page="/office/clock").status_code == 422
    assert admin.send("/office/clock", {"reason": "đã đối chiếu"}, page="/office/clock").status_code == 303
    assert "đã đối chiếu" in admin.get("/office/clock").text
    assert "Đồng hồ máy chủ nhảy" not in admin.get("/work").text
    assert admin.send("/me", {"lang": "vi"}).status_code == 303


def test_the_command_line_confirms_too(jumped: Office) -> None:
    assert coopcase("clock", "confirm", "--by", "admin.tp", "--reason", "đã đối chiếu")["jumped"] is False
    assert coopcase("clock", "show")["expected"] is None
