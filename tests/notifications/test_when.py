"""When a message may go, and which rung of a deadline a day has come to."""

from datetime import date, datetime

import pytest

from models.clock import HANOI
from notifications.ladder import due_rungs
from notifications.sending_rules import allowed_from
from procedures.legal_time.calendar import Closing, load_calendars

AGENCY = load_calendars().agency
CLOSED = load_calendars(closings=(Closing(date(2016, 3, 14), "office", "Mất điện", "QĐ 5"),)).agency


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=HANOI)


@pytest.mark.parametrize(
    ("ends_on", "today", "rungs"),
    [
        pytest.param("31/03/2016", "16/03/2016", [], id="eleven working days before"),
        pytest.param("31/03/2016", "17/03/2016", ["before_10"], id="ten working days before"),
        pytest.param("31/03/2016", "18/03/2016", ["before_10"], id="nine: the ten is still the nearest"),
        pytest.param("31/03/2016", "24/03/2016", ["before_5"], id="five working days before"),
        pytest.param("31/03/2016", "30/03/2016", ["before_1"], id="the eve"),
        pytest.param("31/03/2016", "31/03/2016", ["on_day"], id="the day itself"),
        pytest.param("31/03/2016", "01/04/2016", ["manager"], id="one working day past"),
        pytest.param("31/03/2016", "02/04/2016", ["manager"], id="on Saturday nothing new is due"),
        pytest.param("31/03/2016", "07/04/2016", ["manager", "leader"], id="five working days past"),
        pytest.param("15/02/2016", "25/01/2016", ["before_10"], id="Tết between: ten working days are three weeks"),
        pytest.param("15/02/2016", "01/02/2016", ["before_5"], id="Tết between: five days before is Monday 1/2"),
        pytest.param("15/02/2016", "05/02/2016", ["before_1"], id="the eve of a day after Tết is before Tết"),
        pytest.param("15/02/2016", "10/02/2016", ["before_1"], id="in the middle of Tết nothing new is due"),
        pytest.param("10/02/2016", "05/02/2016", ["on_day"], id="ends within Tết: reminded on the last day at work"),
        pytest.param("05/02/2016", "12/02/2016", [], id="past, but no working day has passed since"),
        pytest.param("05/02/2016", "15/02/2016", ["manager"], id="the first working day after Tết"),
    ],
)
def test_rungs(ends_on: str, today: str, rungs: list[str]) -> None:
    found = due_rungs(day("01/12/2015"), day(ends_on), day(today), AGENCY)
    assert [rung.key for rung in found] == rungs


@pytest.mark.parametrize(
    ("starts_on", "today", "rungs"),
    [
        pytest.param("28/03/2016", "28/03/2016", [], id="a term of three days has no rung of ten or five"),
        pytest.param("28/03/2016", "30/03/2016", ["before_1"], id="but one of the eve"),
        pytest.param("24/03/2016", "24/03/2016", [], id="a rung on the very day it starts says nothing new"),
    ],
)
def test_rungs_before_the_clock_started_are_none(starts_on: str, today: str, rungs: list[str]) -> None:
    found = due_rungs(day(starts_on), day("31/03/2016"), day(today), AGENCY)
    assert [rung.key for rung in found] == rungs


def test_a_closing_day_of_the_office_moves_a_rung() -> None:
    term = (day("01/12/2015"), day("15/03/2016"))
    assert [rung.key for rung in due_rungs(*term, day("11/03/2016"), AGENCY)] == ["before_5"]
    assert [rung.key for rung in due_rungs(*term, day("11/03/2016"), CLOSED)] == ["before_1"]


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        pytest.param("14/03/2016 09:30", "14/03/2016 09:30", id="in office hours: at once"),
        pytest.param("14/03/2016 06:59", "14/03/2016 07:00", id="too early"),
        pytest.param("14/03/2016 07:00", "14/03/2016 07:00", id="the first minute"),
        pytest.param("14/03/2016 18:00", "15/03/2016 07:00", id="the first quiet minute"),
        pytest.param("18/03/2016 18:01", "21/03/2016 07:00", id="Friday evening waits for Monday"),
        pytest.param("19/03/2016 10:00", "21/03/2016 07:00", id="Saturday"),
        pytest.param("05/02/2016 20:00", "15/02/2016 07:00", id="the eve of Tết waits for the day after it"),
        pytest.param("18/04/2016 10:00", "19/04/2016 07:00", id="a day in lieu of a holiday"),
    ],
)
def test_quiet_hours_and_days(now: str, goes: str) -> None:
    assert allowed_from(moment(now), AGENCY) == moment(goes)


def test_a_closed_office_is_left_in_peace() -> None:
    assert allowed_from(moment("14/03/2016 10:00"), CLOSED) == moment("15/03/2016 07:00")
