"""Tết and Giỗ Tổ by the moon and the sun, against the library's table and against the days that the product keeps."""

from datetime import date, timedelta

import holidays
import pytest

from procedures.legal_time.calendar import load_calendars
from tests.procedures.legal_time.lunar import lunar

TET, GIO_TO = "Tết Nguyên đán (mùng 1)", "Giỗ Tổ Hùng Vương"


def by_library(year: int, name: str) -> date:
    (day,) = [
        on for on, label in holidays.country_holidays("VN", years=year, language="en_US").items() if label == name
    ]
    return day


@pytest.mark.parametrize(
    ("year", "tet"),
    [(1985, date(1985, 1, 21)), (2007, date(2007, 2, 17)), (2012, date(2012, 1, 23)), (2030, date(2030, 2, 2))],
)
def test_new_year_where_viet_nam_and_china_part(year: int, tet: date) -> None:
    """1985 (a month) and 2007, 2030 (a day) are the years in which the two calendars differ: Hanoi's time decides."""
    assert lunar(year, 1, 1) == tet


@pytest.mark.parametrize("year", range(2012, 2031))
def test_the_library_has_the_lunar_days_of_the_sky(year: int) -> None:
    assert lunar(year, 1, 1) == by_library(year, "Lunar New Year")
    assert lunar(year, 3, 10) == by_library(year, "Hung Kings' Commemoration Day")


@pytest.mark.parametrize("year", range(2013, 2031))
def test_the_days_off_that_the_product_keeps_are_those_of_the_sky(year: int) -> None:
    for edition in (1, 2):
        marked = load_calendars(edition=edition).agency.marked
        named = {
            name: [on for on, off in marked.items() if on.year == year and off.vi == name] for name in (TET, GIO_TO)
        }
        assert named == {TET: [lunar(year, 1, 1)], GIO_TO: [lunar(year, 3, 10)]}
        assert not load_calendars(edition=edition).agency.is_working(lunar(year, 1, 1) - timedelta(days=1))
