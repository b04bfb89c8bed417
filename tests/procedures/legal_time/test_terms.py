"""Terms: what people write, what is out of range, and months that lack the corresponding day."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import WrongInput
from procedures.legal_time.terms import MOST, Term, Unit, add_days, add_months

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("60 days", Term(60, "days")),
        ("1 day", Term(1, "days")),
        ("60 ngày", Term(60, "days")),
        ("60 ngay", Term(60, "days")),
        ("5 working days", Term(5, "working_days")),
        ("5 working_days", Term(5, "working_days")),
        ("  5   NGÀY  làm việc ", Term(5, "working_days")),
        ("5 ngay lam viec", Term(5, "working_days")),
        ("2 tuần", Term(2, "weeks")),
        ("1 week", Term(1, "weeks")),
        ("12 tháng", Term(12, "months")),
        ("36 months", Term(36, "months")),
        ("1 năm", Term(1, "years")),
        ("1 year", Term(1, "years")),
        ("0 days", Term(0, "days")),
        ("15 days before", Term(15, "days", backwards=True)),
        ("trước 15 ngày", Term(15, "days", backwards=True)),
        ("truoc 15 ngay", Term(15, "days", backwards=True)),
        ("7 working days before", Term(7, "working_days", backwards=True)),
    ],
)
def test_a_term_is_read_as_people_write_it(text: str, term: Term) -> None:
    assert Term.parse(text) == term


@pytest.mark.parametrize(
    "text",
    [
        "",
        "days",
        "60",
        "sixty days",
        "60 fortnights",
        "-1 days",
        "1.5 days",
        "60 days after",
        "60 days 2",
        "12345678 days",
    ],
)
def test_what_is_no_term_is_refused(text: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        Term.parse(text)
    assert (wrong.value.field, wrong.value.code) == ("term", "not_a_term")
    assert wrong.value.params["value"] == text


def test_a_refused_text_is_repeated_up_to_forty_letters() -> None:
    with pytest.raises(WrongInput) as wrong:
        Term.parse("6 " + "x" * 90)
    assert wrong.value.params["value"] == "6 " + "x" * 38


def test_a_term_is_written_as_people_read_it() -> None:
    assert str(Term(5, "working_days", backwards=True)) == "5 working days before"


@pytest.mark.parametrize("unit", get_args(Unit))
def test_the_longest_term_is_taken_and_one_more_is_not(unit: Unit) -> None:
    assert Term.parse(f"{MOST[unit]} {unit}").amount == MOST[unit]
    with pytest.raises(WrongInput) as wrong:
        Term.parse(f"{MOST[unit] + 1} {unit}")
    assert (wrong.value.field, wrong.value.code) == ("term", "term_out_of_range")
    assert wrong.value.params["value"] == f"{MOST[unit] + 1} {unit}"


def test_a_term_of_less_than_nothing_or_of_no_unit_is_refused() -> None:
    for amount, unit in ((-1, "days"), (1, "fortnights")):
        with pytest.raises(WrongInput) as wrong:
            Term(amount, unit)  # type: ignore[arg-type]
        assert wrong.value.code == "term_out_of_range"


@given(st.integers(0, 250), st.sampled_from(sorted(MOST)), st.booleans())
def test_a_term_reads_back_what_it_writes(amount: int, unit: str, backwards: bool) -> None:
    term = Term(amount, unit, backwards)  # type: ignore[arg-type]
    assert Term.parse(str(term)) == term


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2015, 1, 31), 1, date(2015, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2015, 1, 29), 1, date(2015, 2, 28)),
        (date(2016, 1, 29), 1, date(2016, 2, 29)),
        (date(2015, 1, 30), 1, date(2015, 2, 28)),
        (date(2015, 1, 28), 1, date(2015, 2, 28)),
        (date(2015, 3, 31), 1, date(2015, 4, 30)),
        (date(2015, 3, 31), -1, date(2015, 2, 28)),
        (date(2015, 5, 31), -3, date(2015, 2, 28)),
        (date(2016, 2, 29), 12, date(2017, 2, 28)),
        (date(2016, 2, 29), 48, date(2020, 2, 29)),
        (date(2015, 2, 28), 12, date(2016, 2, 28)),
        (date(2015, 12, 15), 1, date(2016, 1, 15)),
        (date(2016, 1, 15), -1, date(2015, 12, 15)),
        (date(2015, 11, 30), 1, date(2015, 12, 30)),
        (date(2013, 7, 1), 36, date(2016, 7, 1)),
        (date(2015, 8, 31), 0, date(2015, 8, 31)),
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
        (date(9999, 12, 5), 1, date.max),
        (date(9000, 5, 5), 3_000 * 12, date.max),
        (date(1, 2, 5), -1, date(1, 1, 5)),
        (date(1, 1, 5), -1, date.min),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last_of_the_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_more_months_never_end_earlier(start: date, some: int, more: int) -> None:
    assert add_months(start, some) <= add_months(start, some + more)


@given(DAYS, st.integers(-400, 400))
def test_months_keep_the_day_unless_the_month_is_too_short(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and add_days(end, 1).day == 1)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2016, 2, 28), 1, date(2016, 2, 29)),
        (date(2015, 2, 28), 1, date(2015, 3, 1)),
        (date(2016, 1, 1), -1, date(2015, 12, 31)),
        (date.max, 0, date.max),
        (date.max, 1, date.max),
        (date(9999, 12, 30), 100_000, date.max),
        (date.min, -1, date.min),
        (date.min, 0, date.min),
    ],
)
def test_days_stay_inside_the_years_that_dates_know(start: date, days: int, end: date) -> None:
    assert add_days(start, days) == end
