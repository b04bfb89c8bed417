"""A year worked out by the library of holidays, and the snapshot of it that the product keeps."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

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


NOT_IN_LIBRARY = {
    2013: {date(2012, 12, 31), date(2013, 1, 5), date(2013, 2, 15), date(2013, 2, 23)},
    2014: {date(2014, 1, 25), date(2014, 1, 28), date(2014, 1, 29), date(2014, 2, 5), date(2014, 2, 8)},
}  # what the decisions have and the library lacks, or has as a general holiday


def days_of(schedule: Mapping[str, Any]) -> dict[date, bool]:
    """Each marked day, and whether it binds agencies only."""
    return {on: day["kind"] in ("swap", "worked") for on, day in schedule["days"].items()}


@pytest.mark.parametrize("year", FINAL)
def test_the_library_and_the_official_schedules_agree_on_the_days(year: int) -> None:
    """23/02/2015 is a day in lieu by the decision, the fifth of Tết by the library: a general day off."""
    differing = {on for on, _ in days_of(drafted(year)).items() ^ days_of(FINAL[year]).items()}
    assert differing == NOT_IN_LIBRARY.get(year, set())


@pytest.mark.parametrize("year", [2013, 2015, 2026, 2031, 2100])
def test_the_text_to_paste_says_the_same(year: int) -> None:
    assert yaml.safe_load(as_text(year)) == [drafted(year)]


@pytest.mark.parametrize("year", range(FIRST, LAST + 1))
def test_every_year_has_its_lunar_days_and_nothing_verified(year: int) -> None:
    days = drafted(year)["days"]
    assert {"Tết Nguyên đán (mùng 1)", "Giỗ Tổ Hùng Vương"} <= {day["vi"] for day in days.values()}
    assert {day["confidence"] for day in days.values()} == {"recalled"}
    assert days[date(year, 4, 30)]["kind"] == "holiday"
