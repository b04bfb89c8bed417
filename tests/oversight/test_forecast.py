"""Who is bound to a fixed date, what is said of it and when nothing may be said, now and as of a day gone by."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from cli.app import app
from models.clock import FrozenClock
from models.database import reading
from oversight.event_log import end_of
from oversight.forecast import Forecast, forecasts
from oversight.milestones import bound_cases
from tests.command_line import CliRunner
from tests.oversight.histories import chronicle, flagged
from tests.web.web_office import build_office

START, TODAY = date(2014, 9, 15), date(2016, 6, 1)  # thirty days before the limit of the law
Lives = Sequence[tuple[date, date | None]]


@pytest.fixture
def bind(either_bind: Engine) -> Engine:
    build_office(either_bind)  # its four cases are not bound to the limit of the law
    return either_bind


def conversion(bind: Engine, today: date = TODAY, **asked: Any) -> Forecast:
    with reading(bind) as connection:
        found = forecasts(connection, today, **asked)
    return next(item for item in found if item.milestone.key == "conversion_done")


def steady(lasting: Sequence[int], until: date = TODAY) -> list[tuple[date, date | None]]:
    """A case opened every second day up to a day, each released after so many days in turn (if that has come)."""
    opened = [START + timedelta(days=2 * number) for number in range((until - START).days // 2)]
    left = [on + timedelta(days=lasting[number % len(lasting)]) for number, on in enumerate(opened)]
    return [(on, day if day <= until else None) for on, day in zip(opened, left, strict=True)]


def moved(lives: Lives, first: date, last: date, to: date | None) -> list[tuple[date, date | None]]:
    """The same, but what was released from a first to a last day is released on another one (None: not yet)."""
    return [(on, to if left and first <= left <= last else left) for on, left in lives]


def halted(days: int) -> Lives:
    """An office in which nothing has been released for so many days."""
    return moved(steady([10, 20, 30, 40, 50]), TODAY - timedelta(days=days), TODAY, None)


def surge() -> Lives:
    """Nothing released for a month, then all of it in the month after."""
    day = timedelta(days=1)
    late = moved(steady([20, 30, 40, 50, 60]), TODAY - 60 * day, TODAY - 31 * day, TODAY - 10 * day)
    return [(on, left or (TODAY - 5 * day if on < TODAY - 20 * day else None)) for on, left in late]


@pytest.mark.parametrize(
    ("lives", "verdict"),
    [
        pytest.param(steady([12]), "on_course", id="all leave after twelve days"),
        pytest.param(steady([3, 5, 8, 3, 5, 8, 3, 5, 3, 5, 8, 3, 5, 8, 3, 5, 50]), "uncertain", id="one in many stays"),
        pytest.param(steady([30, 60, 90]), "short", id="half stay longer"),
        pytest.param(halted(75), "withheld", id="nothing left in the two windows that came last"),
        pytest.param(surge(), "unknown", id="the two latest trials missed on opposite sides"),
        pytest.param(steady([30, 60, 90])[-40:], "unknown", id="less than three windows on record"),
    ],
)
def test_the_verdict(bind: Engine, lives: Lives, verdict: str) -> None:
    chronicle(bind, lives)
    found = conversion(bind)
    assert found.verdict == verdict
    figures = (found.outlook.low, found.outlook.median, found.outlook.high, found.outlook.chance)
    assert all(value is None for value in figures) == (verdict in ("withheld", "unknown"))
    assert found.by_district == {"HBG": found.outlook}


def test_nobody_bound_is_done_and_one_undecided_case_is_not(bind: Engine) -> None:
    assert (conversion(bind).verdict, conversion(bind).outlook.bound) == ("done", 0)
    flagged(bind, "HTX Chưa quyết định", TODAY - timedelta(days=9))
    assert (conversion(bind).verdict, conversion(bind).milestone.waiting) == ("unknown", 1)


def test_a_case_still_bound_on_the_day_itself_is_late(bind: Engine) -> None:
    chronicle(bind, steady([3, 5, 8]))
    on = conversion(bind).milestone.on
    assert conversion(bind, on).verdict == "short"


def test_it_counts_what_was_released_and_what_came_in_thirteen_weeks(bind: Engine) -> None:
    def ago(days: int) -> date:
        return TODAY - timedelta(days=days)

    chronicle(bind, [(START, ago(91)), (START, ago(90)), (ago(90), TODAY), (ago(5), None), (START, None)])
    found = conversion(bind)
    assert (found.released, found.came, found.outlook.bound) == (2, 2, 2)
    past = dict(found.past)
    assert (past[TODAY], past[ago(7)], past[ago(98)]) == (2, 2, 3)
    assert found.needed == pytest.approx(91 * 2 / 30)


def test_a_district_is_forecast_alike_on_its_own_page_and_on_the_citys(bind: Engine) -> None:
    chronicle(bind, steady([10, 20, 30]))
    chronicle(bind, steady([30, 60, 90]), "ADG")
    city, own = conversion(bind), conversion(bind, district="ADG")
    assert city.by_district["ADG"] == own.outlook
    assert city.outlook.bound == own.outlook.bound + city.by_district["HBG"].bound
    with reading(bind) as connection:
        assert len(bound_cases(connection, TODAY, "conversion_done", district="ADG")) == own.outlook.bound


def test_the_fan_leads_to_the_date_and_says_nothing_where_its_trials_failed(bind: Engine) -> None:
    chronicle(bind, halted(75))
    found = conversion(bind, fan=True)
    assert [one.on for one in found.fan] == sorted(one.on for one in found.fan)
    assert TODAY < found.fan[0].on <= found.fan[-1].on < found.milestone.on
    assert all((one.low is None) == (one.verdict in ("withheld", "unknown")) for one in found.fan)


@pytest.mark.parametrize("day", [date(2015, 12, 14), date(2016, 3, 14), TODAY])
def test_what_was_said_on_a_day_is_said_again_as_of_it(bind: Engine, day: date) -> None:
    chronicle(bind, [(on, left) for on, left in steady([10, 25, 40, 70], day) if on <= day])
    with reading(bind) as connection:
        live = forecasts(connection, day, fan=True)
    ago = timedelta(days=20)
    chronicle(bind, [(day - ago, day - ago / 2), (day - ago, None)], first=1000, recorded=day + timedelta(days=1))
    with reading(bind) as connection:
        assert forecasts(connection, day, known_before=end_of(day), fan=True) == live
        assert forecasts(connection, day, fan=True) != live  # with what was written down later


def test_the_command_says_the_same_and_shows_each_trial(bind: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.forecasting.engine", lambda: bind)
    monkeypatch.setattr("cli.forecasting.clock", lambda: FrozenClock.on(TODAY))
    chronicle(bind, halted(75))
    live = conversion(bind)
    said = json.loads(CliRunner().invoke(app, ["forecast", "--district", "HBG", "--json"]).stdout)
    (found,) = [item for item in said["forecasts"] if item["key"] == "conversion_done"]
    assert (found["bound"], found["verdict"], found["low"]) == (live.outlook.bound, "withheld", None)
    assert [one["came"] for one in found["trials"]] == [one.came for one in live.outlook.trials]
    shown = CliRunner().invoke(app, ["forecast"])
    assert shown.exit_code == 0, shown.exception
    reported = shown.stdout
    assert "01/07/2016" in reported
    assert "Không đưa ra dự báo: các lần thử trước lệch" in reported
    assert f"thực tế {live.outlook.trials[0].came}" in reported


def test_the_command_refuses_a_day_ahead(bind: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.forecasting.engine", lambda: bind)
    monkeypatch.setattr("cli.forecasting.clock", lambda: FrozenClock.on(TODAY))
    ahead = (TODAY + timedelta(days=1)).isoformat()
    assert CliRunner().invoke(app, ["forecast", "--as-of", ahead]).exit_code != 0
    assert CliRunner().invoke(app, ["forecast", "--as-of", TODAY.isoformat(), "--json"]).exit_code == 0
