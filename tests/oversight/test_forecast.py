"""What waits for a fixed date, at what pace it goes down, and what the same forecast said one window ago."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, update
from typer.testing import CliRunner

from cli.app import app
from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import case_rows, deadlines
from oversight.forecast import Forecast, forecasts
from tests.web.web_office import Office, build_office, new_case

TODAY = date(2016, 3, 14)
START = date(2015, 8, 3)


@pytest.fixture
def office(either_bind: Engine) -> Office:
    return build_office(either_bind)


def wait(connection: Connection, ref: str, since: date, until: date | None = None, status: str = "met") -> None:
    """A case that has waited for the end of treatment since a day, or left off waiting on another."""
    number = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == ref))
    row: dict[str, Any] = {
        "case_id": number, "key": "treatment_by", "kind": "programme", "starts_on": since,
        "ends_on": date(2016, 12, 31), "status": status if until else "open", "ended_on": until, "who": "case_officer",
        "article": "", "confidence": "", "sum": {}, "calendar": "",
    }  # fmt: skip
    connection.execute(deadlines.insert().values(row))


def treatment(office: Office, district: str | None = None) -> Forecast:
    with reading(office.bind) as connection:
        found = forecasts(connection, TODAY, district=district)
    return next(item for item in found if item.milestone.key == "treatment_done")


def days_ago(count: int) -> date:
    return TODAY - timedelta(days=count)


def test_a_forecast_counts_what_waits_and_what_was_done_in_thirteen_weeks(office: Office) -> None:
    with writing(office.bind) as connection:
        wait(connection, office.first, START)
        wait(connection, office.second, days_ago(20))
        wait(connection, office.elsewhere, START)
        for back, status in ((0, "met"), (90, "dropped"), (91, "met"), (120, "met")):
            wait(connection, new_case(connection, f"HTX {back}", "HBG"), START, days_ago(back), status)
    found = treatment(office)
    assert (found.pace.waiting, found.pace.done, found.pace.window_days) == (3, 2, 91)
    assert (found.pace.left_days, found.came) == (292, 1)
    own = found.by_district["HBG"]
    assert (own.waiting, own.done) == (2, 2)
    assert (found.by_district["ADG"].waiting, found.by_district["ADG"].done) == (1, 0)
    assert treatment(office, "HBG").pace == own


def test_the_forecast_of_one_window_ago_is_compared_with_the_counts_since(office: Office) -> None:
    with writing(office.bind) as connection:
        for back in (5, 100, 110, 120):
            wait(connection, new_case(connection, f"HTX {back}", "HBG"), START, days_ago(back))
        wait(connection, office.first, START)
    trial = treatment(office).trial
    assert trial is not None
    said, came = trial
    assert (said.done, said.left_days, came) == (3, 91, 1)


def test_what_stands_at_an_earlier_step_is_told_apart(office: Office) -> None:
    with writing(office.bind) as connection:
        wait(connection, office.first, START, days_ago(3))
    found = treatment(office, "HBG")
    assert (found.pace.verdict, found.to_come, found.verdict) == ("done", 2, "unknown")


def test_a_young_record_says_nothing(office: Office) -> None:
    with writing(office.bind) as connection:
        wait(connection, office.first, days_ago(10))
        wait(connection, new_case(connection, "HTX mới", "HBG"), days_ago(10), days_ago(2))
    found = treatment(office)
    assert (found.pace.verdict, found.trial) == ("unknown", None)


def test_the_past_shows_who_waited_at_the_end_of_each_week(office: Office) -> None:
    with writing(office.bind) as connection:
        wait(connection, office.first, START)
        wait(connection, office.second, days_ago(20))
        wait(connection, new_case(connection, "HTX xong", "HBG"), START, days_ago(10))
    past = dict(treatment(office).past)
    assert past[TODAY] == 2
    assert past[days_ago(14)] == 3
    assert past[days_ago(21)] == 2
    assert past[days_ago(182)] == 2


def test_a_closed_case_waits_for_nothing(office: Office) -> None:
    with writing(office.bind) as connection:
        wait(connection, office.first, START)
        connection.execute(update(case_rows).where(case_rows.c.ref == office.first).values(closed_on=days_ago(3)))
    assert treatment(office, "HBG").pace.verdict == "done"


def test_the_command_says_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.forecasting.engine", lambda: office.bind)
    monkeypatch.setattr("cli.forecasting.clock", lambda: FrozenClock.on(TODAY))
    with writing(office.bind) as connection:
        wait(connection, office.first, START)
        wait(connection, new_case(connection, "HTX xong", "HBG"), START, days_ago(8))
    said = json.loads(CliRunner().invoke(app, ["forecast", "--district", "HBG", "--json"]).stdout)
    (found,) = [item for item in said["forecasts"] if item["key"] == "treatment_done"]
    assert (found["waiting"], found["done"], found["verdict"], found["on"]) == (1, 1, "on_course", "2016-12-31")
    assert found["low"] <= found["high"] <= 1
    told = CliRunner().invoke(app, ["forecast"]).stdout
    assert "31/12/2016" in told
    assert "Còn 1 hồ sơ phải làm" in told
