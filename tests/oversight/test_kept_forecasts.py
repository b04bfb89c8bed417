"""Forecasts that were shown are kept as they were said, once, and held against what came."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from cli.app import app
from flows.jobs.day_watch import watch
from models.clock import FrozenClock
from models.database import reading
from models.tables import kept_forecasts
from oversight.forecast import Forecast, forecasts
from oversight.kept_forecasts import hit_rate, keep
from tests.oversight.histories import chronicle
from tests.oversight.test_forecast import TODAY, steady
from tests.web.web_office import build_office

NOW = FrozenClock.on(TODAY).now()
LIMIT = date(2016, 7, 1)


@pytest.fixture
def bind(either_bind: Engine) -> Engine:
    build_office(either_bind)
    chronicle(either_bind, steady([20, 30, 40, 50]))
    return either_bind


def shown(bind: Engine, today: date = TODAY, district: str | None = None) -> list[Forecast]:
    with reading(bind) as connection:
        found = forecasts(connection, today, district=district, fan=True)
    keep(bind, today, district, found, NOW)
    return found


def rows(bind: Engine) -> int:
    with reading(bind) as connection:
        return len(connection.execute(select(kept_forecasts.c.id)).all())


def test_shown_twice_alike_it_is_kept_once_and_another_is_kept_besides(bind: Engine) -> None:
    first = len(shown(bind))
    shown(bind)
    assert rows(bind) == first
    chronicle(bind, [(TODAY, None)], first=1000)
    shown(bind)
    assert rows(bind) == 2 * first  # each date has one case more
    shown(bind, district="HBG")
    assert rows(bind) == 3 * first


def test_what_was_shown_is_held_against_what_came_by_its_day(bind: Engine) -> None:
    (conversion,) = [item for item in shown(bind) if item.milestone.key == "conversion_done"]
    assert conversion.outlook.low is not None
    with reading(bind) as connection:
        assert hit_rate(connection, TODAY).matured == 0
        assert hit_rate(connection, LIMIT, district="HBG").matured == 0
        record = hit_rate(connection, LIMIT)
    (at_limit,) = [
        item.past for item in record.listed if (item.milestone, item.past.until) == ("conversion_done", LIMIT)
    ]
    assert (at_limit.on, at_limit.bound, at_limit.came, at_limit.hit) == (TODAY, conversion.outlook.bound, 0, False)
    assert record.hits < record.matured  # as nothing was released any more
    assert [item.past.until for item in record.listed] == sorted((i.past.until for i in record.listed), reverse=True)


def test_the_command_says_how_often_what_was_shown_was_right(bind: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(bind)
    monkeypatch.setattr("cli.forecasting.engine", lambda: bind)
    monkeypatch.setattr("cli.forecasting.clock", lambda: FrozenClock.on(LIMIT))
    with reading(bind) as connection:
        record = hit_rate(connection, LIMIT)
    found = json.loads(CliRunner().invoke(app, ["forecast", "--json"]).stdout)["record"]
    assert found == {"matured": record.matured, "hits": record.hits}
    assert f"đã đến hạn: {record.matured} lần" in CliRunner().invoke(app, ["forecast"]).stdout


def test_the_daily_watch_keeps_the_forecasts_of_the_city_and_of_each_district(bind: Engine) -> None:
    clock = FrozenClock.on(TODAY + timedelta(days=1), 7)
    counts = watch(bind, clock.today(), clock)
    with reading(bind) as connection:
        offices = set(connection.execute(select(kept_forecasts.c.district)).scalars())
    assert offices == {"", "HBG", "ADG"}
    assert counts["forecasts"] == rows(bind)
    shown(bind, clock.today())
    assert rows(bind) == counts["forecasts"]
