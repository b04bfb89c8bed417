"""A verdict whose own past forecasts failed is withheld at every door alike, with the trial beside it."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import load_workbook

from casework.lists.at_risk import date_risks
from cli.app import app
from models.clock import FrozenClock
from models.database import reading, writing
from models.office_clock import set_demo_day
from notifications.weekly.digest import weekly
from oversight.forecast import PastForecast, forecasts
from tests.command_line import CliRunner
from tests.oversight.histories import chronicle
from tests.oversight.test_forecast import TODAY, halted
from tests.web.web_office import Office, Visitor, login_of

WITHHELD, LIMIT = "Không đưa ra dự báo: các lần thử trước lệch", "01/07/2016"


@pytest.fixture
def trial(office: Office) -> PastForecast:
    """The latest trial of the limit of the law in an office where nothing has been released for two windows."""
    chronicle(office.bind, halted(75))
    with writing(office.bind) as connection:
        set_demo_day(connection, TODAY)
    with reading(office.bind) as connection:
        (item,) = [one for one in forecasts(connection, TODAY, district="HBG") if one.milestone.on == date(2016, 7, 1)]
    assert item.verdict == "withheld"
    return item.outlook.trials[0]


def said(trial: PastForecast) -> str:
    return f"trong {trial.bound} hồ sơ; thực tế {trial.came}."


@pytest.mark.parametrize("page", ["/late", "/late/report"])
def test_the_pages(office: Office, trial: PastForecast, as_role: Callable[..., Visitor], page: str) -> None:
    text = as_role("leader").get(page).text
    assert WITHHELD in text
    assert said(trial) in text


def test_the_workbook(office: Office, trial: PastForecast, as_role: Callable[..., Visitor]) -> None:
    workbook = load_workbook(io.BytesIO(as_role("leader").get("/late/report.xlsx").content))
    (row,) = [row for row in workbook.worksheets[1].iter_rows(values_only=True) if WITHHELD in row]
    assert not row[5]
    assert not row[6]
    assert row[10] == trial.came


def test_the_weekly_message(office: Office, trial: PastForecast) -> None:
    with reading(office.bind) as connection:
        planned = weekly(connection, TODAY, now=FrozenClock.on(TODAY).now(), risks=date_risks)
    (body,) = [item.message.body for item in planned if item.login == login_of("leader") and item.message]
    (line,) = [line for line in body.splitlines() if line.startswith(f"- {LIMIT}")]
    assert WITHHELD in line
    assert said(trial) in line
    assert "xong thêm" not in line
    besides = body.partition(line)[2].splitlines()[1:4]  # the last day ahead, and what would change the nearest date
    assert besides[0].startswith("  Chậm nhất ")
    assert any(line.startswith("  Thêm một cán bộ ở bước ") for line in besides)


def test_the_command_line(office: Office, trial: PastForecast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.forecasting.engine", lambda: office.bind)
    monkeypatch.setattr("cli.forecasting.clock", lambda: FrozenClock.on(TODAY))
    text = CliRunner().invoke(app, ["forecast", "--district", "HBG"]).stdout
    (line,) = [line for line in text.splitlines() if line.startswith(LIMIT) and WITHHELD in line]
    assert "xong thêm" not in line
    assert said(trial) in text
