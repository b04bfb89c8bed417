"""A year worked out by the library of holidays, and the snapshot of it that the product keeps."""

from datetime import date
from pathlib import Path

import pytest
import yaml

import procedures
from procedures.legal_time.calendar_draft import FIRST, LAST, as_text, drafted

FILE = Path(procedures.__file__).parent / "calendars" / "national.yaml"
KEPT = yaml.safe_load(FILE.read_text(encoding="utf-8"))["schedules"]
COMPUTED = {schedule["year"]: schedule for schedule in KEPT if schedule["version"] == "computed"}
FINAL = {schedule["year"]: schedule for schedule in KEPT if schedule["version"] == "final"}


@pytest.mark.parametrize("year", COMPUTED)
def test_what_is_kept_as_computed_is_what_the_library_says(year: int) -> None:
    assert drafted(year)["days"] == COMPUTED[year]["days"]


@pytest.mark.parametrize("year", FINAL)
def test_the_library_and_the_official_schedules_agree_on_the_days(year: int) -> None:
    """23/02/2015 is a day in lieu by the decision, the fifth of Tết by the library: off for everybody."""
    assert set(drafted(year)["days"]) == set(FINAL[year]["days"])
    agencies_only = {on for on, day in FINAL[year]["days"].items() if day["kind"] in ("swap", "worked")}
    assert {on for on, day in drafted(year)["days"].items() if day["kind"] in ("swap", "worked")} == agencies_only


@pytest.mark.parametrize("year", [2013, 2015, 2026, 2031, 2100])
def test_the_text_to_paste_says_the_same(year: int) -> None:
    assert yaml.safe_load(as_text(year)) == [drafted(year)]


@pytest.mark.parametrize("year", range(FIRST, LAST + 1))
def test_every_year_has_its_lunar_days_and_nothing_verified(year: int) -> None:
    days = drafted(year)["days"]
    assert {"Tết Nguyên đán (mùng 1)", "Giỗ Tổ Hùng Vương"} <= {day["vi"] for day in days.values()}
    assert {day["confidence"] for day in days.values()} == {"recalled"}
    assert days[date(year, 4, 30)]["kind"] == "holiday"
