"""The two calendars: the official days of law.md 6.2, versions, closing days, and counting against a naive loop."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.clock import SystemClock
from procedures.legal_time.calendar import Calendar, Closing, DayOff, load_calendars, schedules_of

ONE = timedelta(days=1)
KNOWN_TO = 2030
NEAR = st.dates(date(2012, 12, 1), date(2031, 1, 31))
FAR = st.dates(date(1990, 1, 1), date(2060, 12, 31))
NAMES = st.sampled_from(["agency", "general"])


@pytest.fixture(autouse=True)
def _calendars_of_this_test() -> None:
    """Every test builds its calendars itself: one that reads what another has built would notice no change there."""
    load_calendars.cache_clear()


def named(name: str) -> Calendar:
    return load_calendars().agency if name == "agency" else load_calendars().general


def days(first: date, last: date) -> list[date]:
    return [date.fromordinal(at) for at in range(first.toordinal(), last.toordinal() + 1)]


@cache
def year(number: int) -> list[date]:
    return days(date(number, 1, 1), date(number, 12, 31))


OFF_BY_BOTH = [
    *[date(2013, 1, 1), *days(date(2013, 2, 9), date(2013, 2, 14)), date(2013, 4, 30), date(2013, 5, 1)],
    *[date(2014, 1, 1), *days(date(2014, 1, 30), date(2014, 2, 5)), date(2014, 4, 9), date(2014, 4, 30)],
    *[date(2014, 5, 1), date(2014, 9, 2), date(2015, 1, 1), *days(date(2015, 2, 17), date(2015, 2, 23))],
    *[date(2015, 4, 28), date(2015, 4, 30), date(2015, 5, 1), date(2015, 9, 2)],
    *[date(2016, 1, 1), *days(date(2016, 2, 6), date(2016, 2, 14)), date(2016, 4, 16), date(2016, 4, 18)],
    *[date(2016, 4, 30), date(2016, 5, 1), date(2016, 5, 2), date(2016, 5, 3), date(2016, 9, 2)],
    *[date(2017, 1, 1), date(2017, 1, 2), *days(date(2017, 1, 26), date(2017, 2, 1)), date(2017, 4, 6)],
    *[date(2017, 4, 30), date(2017, 5, 1), date(2017, 5, 2), date(2017, 9, 2), date(2017, 9, 4)],
]
SWAPPED = {
    date(2012, 12, 31): date(2013, 1, 5),
    date(2013, 2, 15): date(2013, 2, 23),
    date(2013, 4, 29): date(2013, 5, 4),
    date(2014, 1, 28): date(2014, 1, 25),
    date(2014, 1, 29): date(2014, 2, 8),
    date(2014, 5, 2): date(2014, 4, 26),
    date(2014, 9, 1): date(2014, 9, 6),
    date(2015, 1, 2): date(2014, 12, 27),
    date(2015, 2, 16): date(2015, 2, 14),
    date(2015, 4, 29): date(2015, 4, 25),
}


@pytest.mark.parametrize("day", OFF_BY_BOTH, ids=str)
def test_the_official_days_off_are_off_in_both_calendars(day: date) -> None:
    for calendar in (load_calendars().agency, load_calendars().general):
        assert not calendar.is_working(day)
        assert calendar.day_off(day) is not None


@pytest.mark.parametrize(("off", "worked"), SWAPPED.items(), ids=str)
def test_a_swap_binds_the_agencies_only(off: date, worked: date) -> None:
    agency, general = load_calendars().agency, load_calendars().general
    assert (agency.is_working(off), agency.is_working(worked)) == (False, True)
    assert (general.is_working(off), general.is_working(worked)) == (True, False)
    swapped = agency.day_off(off)
    assert swapped is not None
    assert (swapped.kind, swapped.label("en")) == ("swap", f"Swapped, worked instead on {worked:%d/%m/%Y}")
    assert agency.day_off(worked) is None
    assert general.day_off(off) is None


@pytest.mark.parametrize(
    ("number", "agency", "general"), [(2014, 252, 251), (2015, 250, 251), (2016, 251, 251), (2017, 250, 250)]
)
def test_a_year_has_as_many_working_days_as_the_law_file_counts(number: int, agency: int, general: int) -> None:
    first, last = date(number - 1, 12, 31), date(number, 12, 31)
    assert load_calendars().agency.working_days_between(first, last) == agency
    assert load_calendars().general.working_days_between(first, last) == general


@pytest.mark.parametrize(
    ("day", "agency", "general"),
    [
        (date(2014, 1, 24), date(2014, 1, 25), date(2014, 1, 27)),
        (date(2014, 1, 27), date(2014, 2, 6), date(2014, 1, 28)),
        (date(2014, 2, 7), date(2014, 2, 8), date(2014, 2, 10)),
        (date(2012, 12, 28), date(2013, 1, 2), date(2012, 12, 31)),
        (date(2013, 2, 22), date(2013, 2, 23), date(2013, 2, 25)),
        (date(2017, 1, 25), date(2017, 2, 2), date(2017, 2, 2)),
        (date(2017, 4, 5), date(2017, 4, 7), date(2017, 4, 7)),
    ],
)
def test_one_working_day_around_the_tet_of_the_official_decisions(day: date, agency: date, general: date) -> None:
    found = load_calendars()
    assert (found.agency.add_working_days(day, 1), found.general.add_working_days(day, 1)) == (agency, general)


def test_the_swap_that_no_source_mentions_stays_as_recalled() -> None:
    marked = load_calendars().agency.marked
    for day in (date(2014, 9, 1), date(2014, 9, 6)):
        assert marked[day].confidence == "recalled"
        assert "no denial" in marked[day].source


def test_a_year_is_computed_until_an_official_decision_was_compared() -> None:
    for calendar in (load_calendars().agency, load_calendars().general):
        assert calendar.computed == frozenset(range(2018, KNOWN_TO + 1))
    assert load_calendars(edition=1).agency.computed == frozenset({2013, 2014, *range(2017, KNOWN_TO + 1)})


@pytest.mark.parametrize("number", range(2013, KNOWN_TO + 1))
def test_the_two_calendars_differ_on_swapped_days_only(number: int) -> None:
    agency, general = load_calendars().agency, load_calendars().general
    for day in year(number):
        mark = agency.marked.get(day)
        swapped = mark is not None and mark.kind in ("swap", "worked")
        assert (agency.is_working(day) != general.is_working(day)) == swapped, day


@pytest.mark.parametrize("number", range(2013, KNOWN_TO + 1))
def test_a_day_off_says_why_and_a_working_day_says_nothing(number: int) -> None:
    for name in ("agency", "general"):
        for day in year(number):
            off = named(name).day_off(day)
            assert (off is None) == named(name).is_working(day)
            assert off is None or (off.on == day and off.vi and off.en and off.confidence)


def test_every_mark_does_something() -> None:
    """A worked day is a Saturday or Sunday, a swap is a weekday: a slip of a date would show here."""
    for day, mark in load_calendars().agency.marked.items():
        assert mark.kind in ("holiday", "compensation", "swap", "worked")
        if mark.kind != "holiday":
            assert (day.weekday() >= 5) == (mark.kind == "worked"), day


def test_weekends_are_named_in_both_languages() -> None:
    saturday, sunday = date(2016, 3, 5), date(2016, 3, 6)
    named_days = [load_calendars().general.day_off(day) for day in (saturday, sunday)]
    assert named_days == [
        DayOff(saturday, "weekend", "Thứ bảy", "Saturday", "verified", ""),
        DayOff(sunday, "weekend", "Chủ nhật", "Sunday", "verified", ""),
    ]
    assert [(off.label("vi"), off.label("en")) for off in named_days if off] == [
        ("Thứ bảy", "Saturday"), ("Chủ nhật", "Sunday")
    ]  # fmt: skip
    assert load_calendars().general.day_off(date(2016, 3, 4)) is None


def test_draft_and_final_schedule_of_2015_stand_side_by_side() -> None:
    final, draft = load_calendars().agency, load_calendars("draft").agency
    differing = [day for day in year(2015) if final.is_working(day) != draft.is_working(day)]
    assert differing == [date(2015, 4, 27), date(2015, 5, 9)]
    assert load_calendars("draft").version != load_calendars().version
    assert len(load_calendars().version) == 12
    assert load_calendars("no such").version == load_calendars("final").version == load_calendars().version


def missing(calendar: Calendar, today: date) -> list[int]:
    """The years that ought to have a schedule by now and have none."""
    wanted = range(2013, max(KNOWN_TO, today.year + 1) + 1)
    return [number for number in wanted if not any(day.year == number for day in calendar.marked)]


def test_next_years_calendar_is_there() -> None:
    """Red from the first of January on which the year after has no schedule: docs/how-to-add-a-holiday.md."""
    today = SystemClock().today()
    for name in ("agency", "general"):
        lacking = missing(named(name), today)
        assert not lacking, (
            f"no schedule of {lacking}: add the official days off and worked Saturdays to "
            "procedures/calendars/national.yaml, each with source and confidence (docs/how-to-add-a-holiday.md)"
        )
        assert named(name).covers(date(today.year + 1, 12, 31))


def test_a_missing_year_is_found() -> None:
    agency = load_calendars().agency
    assert missing(agency, date(KNOWN_TO - 1, 12, 31)) == []
    assert missing(agency, date(KNOWN_TO, 1, 1)) == [KNOWN_TO + 1]


def test_each_calendar_has_its_name() -> None:
    assert [calendar.name for calendar in (load_calendars().agency, load_calendars().general)] == ["agency", "general"]


def test_the_calendar_covers_whole_years() -> None:
    for calendar in (load_calendars().agency, load_calendars().general):
        assert (calendar.first, calendar.last) == (date(2013, 1, 1), date(KNOWN_TO, 12, 31))
        covered = [calendar.covers(day) for day in (date(2012, 12, 31), date(2013, 1, 1), date(KNOWN_TO, 12, 31))]
        assert covered == [False, True, True]
        assert not calendar.covers(date(KNOWN_TO + 1, 1, 1))


STORM = Closing(date(2015, 6, 24), "city", "Bão số 1", "15/CĐ")


def test_a_closing_day_closes_the_agencies_and_leaves_the_public_holidays_as_they_are() -> None:
    closed = load_calendars(closings=(STORM,))
    off = closed.agency.day_off(STORM.on)
    assert off is not None
    assert (off.kind, off.vi, off.en, off.source) == ("closing", "Bão số 1", "Bão số 1", "15/CĐ")
    assert closed.general.is_working(STORM.on)
    assert closed.version != load_calendars().version
    assert closed.agency.add_working_days(date(2015, 6, 23), 1) == date(2015, 6, 25)
    assert load_calendars().agency.add_working_days(date(2015, 6, 23), 1) == date(2015, 6, 24)


def test_a_closing_day_on_a_worked_saturday_closes_it() -> None:
    closed = load_calendars(closings=(Closing(date(2015, 2, 14), "office", "Mất điện", "1/QĐ"),))
    assert not closed.agency.is_working(date(2015, 2, 14))


def test_a_closing_day_far_ahead_does_not_pretend_that_its_year_is_known() -> None:
    far = Closing(date(2040, 6, 6), "city", "Bão", "1/QĐ")
    agency = load_calendars(closings=(far,)).agency
    assert not agency.covers(far.on)
    assert agency.last == date(KNOWN_TO, 12, 31)
    assert not agency.is_working(far.on)
    assert agency.add_working_days(date(2040, 6, 5), 1) == date(2040, 6, 7)
    assert agency.working_days_between(date(2040, 6, 5), date(2040, 6, 7)) == 1


@pytest.mark.parametrize(
    ("day", "following", "before"),
    [
        (date(2015, 5, 1), date(2015, 5, 4), date(2015, 4, 29)),
        (date(2016, 4, 30), date(2016, 5, 4), date(2016, 4, 29)),
        (date(2016, 12, 31), date(2017, 1, 3), date(2016, 12, 30)),
        (date(2016, 3, 4), date(2016, 3, 4), date(2016, 3, 4)),
        (date(2016, 3, 5), date(2016, 3, 7), date(2016, 3, 4)),
        (date(2016, 2, 6), date(2016, 2, 15), date(2016, 2, 5)),
    ],
)
def test_the_next_and_the_previous_working_day(day: date, following: date, before: date) -> None:
    general = load_calendars().general
    assert (general.next_working(day), general.previous_working(day)) == (following, before)


def test_the_ends_of_time_are_no_error() -> None:
    calendar = load_calendars().agency
    closed = load_calendars(closings=(Closing(date.max, "city", "x", "y"), Closing(date.min, "city", "x", "y"))).agency
    assert (closed.next_working(date.max), closed.previous_working(date.min)) == (date.max, date.min)
    assert calendar.add_working_days(date(9999, 12, 30), 5) == date.max
    assert calendar.add_working_days(date(1, 1, 2), -5) == date.min
    assert calendar.add_working_days(date.max, 1) == date.max
    assert closed.add_working_days(date(1, 1, 3), -1) == date(1, 1, 2), "the first day of all is off"
    for count in (-2, -3, -4):  # Wednesday of the first week: two working days lie before
        assert calendar.add_working_days(date(1, 1, 3), count) == date.min


@given(NAMES, FAR, st.integers(-600, 600))
def test_working_days_added_are_those_a_loop_counts(name: str, day: date, count: int) -> None:
    calendar, step, at, left = named(name), ONE if count > 0 else -ONE, day, abs(count)
    while left:
        at += step
        left -= calendar.is_working(at)
    assert calendar.add_working_days(day, count) == at


@given(NAMES, NEAR, NEAR)
@example("agency", date(2030, 9, 2), date(2031, 1, 31))  # from a marked day to one that no schedule covers
@example("agency", date(2012, 12, 1), date(2013, 1, 1))
@example("agency", date(2013, 5, 4), date(2012, 12, 1))
def test_working_days_between_are_those_a_loop_counts(name: str, one: date, other: date) -> None:
    calendar = named(name)
    counted = sum(calendar.is_working(day) for day in days(min(one, other) + ONE, max(one, other)))
    assert calendar.working_days_between(one, other) == (counted if one <= other else -counted)


@given(NAMES, NEAR)
def test_next_working_is_the_first_working_day_from_there(name: str, day: date) -> None:
    calendar = named(name)
    for found, step in ((calendar.next_working(day), ONE), (calendar.previous_working(day), -ONE)):
        assert calendar.is_working(found)
        at = day
        while at != found:
            assert not calendar.is_working(at)
            at += step


@pytest.mark.parametrize("name", ["agency", "general"])
@pytest.mark.parametrize("edge", [date(2013, 1, 1), date(KNOWN_TO, 12, 31)], ids=str)
def test_counting_across_the_edge_of_the_calendar_is_counting_by_a_loop(name: str, edge: date) -> None:
    calendar = named(name)
    for shift in range(-4, 5):
        day = edge + shift * ONE
        for count in range(-6, 7):
            at, left = day, abs(count)
            while left:
                at += ONE if count > 0 else -ONE
                left -= calendar.is_working(at)
            assert calendar.add_working_days(day, count) == at
            assert count < 0 or calendar.working_days_between(day, at) == count


def test_a_schedule_is_preferred_for_one_year_alone() -> None:
    assert schedules_of(2015) == ["final", "draft"]
    assert (schedules_of(2016), schedules_of(KNOWN_TO + 1)) == (["final"], [])
    assert load_calendars("draft", year=2015).version == load_calendars("draft").version
    assert load_calendars("draft", year=2016).version == load_calendars().version


SATURDAYS_WORKED = [date(2014, 12, 27), date(2015, 2, 14), date(2015, 4, 25)]


def test_the_final_schedule_works_the_saturdays_of_the_law_file_and_no_others() -> None:
    worked = [day for day, mark in sorted(load_calendars().agency.marked.items()) if mark.kind == "worked"]
    assert [day for day in worked if date(2014, 12, 1) <= day <= date(2016, 12, 31)] == SATURDAYS_WORKED
    lieu = [day for day, mark in sorted(load_calendars().general.marked.items()) if mark.kind == "compensation"]
    assert [day for day in lieu if day.year in (2015, 2016)] == [
        date(2015, 2, 23), date(2016, 4, 18), date(2016, 5, 2), date(2016, 5, 3)
    ]  # fmt: skip


@pytest.mark.parametrize("number", [2015, 2016])
def test_what_the_law_file_has_from_memory_alone_is_marked_so(number: int) -> None:
    """law.md 8(8): National Day of 2015 and New Year's Day of 2016 are recalled, what was seen is verified."""
    recalled = {
        day
        for day in year(number)
        if (mark := load_calendars().agency.marked.get(day)) and mark.confidence == "recalled"
    }
    assert recalled == {2015: {date(2015, 9, 2)}, 2016: {date(2016, 1, 1), date(2016, 2, 7)}}[number]
