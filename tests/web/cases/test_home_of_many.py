"""The home page of an office with more cases than the page reads: nothing is left out without a word."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models.database import writing
from models.office_clock import set_demo_day
from tests.oversight.histories import live
from tests.web.cases.test_home import sections
from tests.web.web_office import COMPLAINT, Office, Visitor, did
from web.cases import home

As = Callable[..., Visitor]


@pytest.fixture(autouse=True)
def few_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an office of hundreds of cases meets, with the cases of a small one."""
    monkeypatch.setattr(home, "READ", 1)
    monkeypatch.setattr(home, "SHOWN", 1)
    monkeypatch.setattr(home, "MOST_READ", 2)


def test_legal_limits_beyond_those_shown_are_counted(office: Office, as_role: As) -> None:
    for ref in (office.first, office.second):
        did(office, ref, "receive_complaint", **COMPLAINT)
    leader = sections(as_role("leader"))
    assert office.first in leader["home-mine"]
    assert "tới 2 1 hồ sơ đã nêu" in leader["home-law"] and "và 1 hồ sơ khác" in leader["home-law"]


def test_what_waits_for_a_role_is_looked_for_beyond_the_riskiest_cases(
    office: Office, as_role: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(office.bind, office.first, "consolidated", date(2016, 3, 2), until="start_proposal")
    last = live(office.bind, office.second, "consolidated", date(2016, 3, 2), until="record_consultation")
    with writing(office.bind) as connection:
        set_demo_day(connection, last + timedelta(days=1))
    legal = as_role("legal")
    assert office.second in sections(legal)["home-mine"], "the riskier case is not ready for the check"
    assert "chưa xét ở đây" not in legal.get("/work").text
    monkeypatch.setattr(home, "MOST_READ", 1)
    assert office.second not in sections(legal)["home-mine"]
    assert "Còn 1 hồ sơ ít gấp hơn của cơ quan chưa xét ở đây" in legal.get("/work").text
