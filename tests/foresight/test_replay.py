"""The replay on a virtual clock: peaks, letters, reminders, jams, and nothing made or lost."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresight.replay import Opened, Rate, ReplayError, run

START = date(2016, 1, 4)


def cases(count: int, a_day: int = 1000, step: str = "one") -> list[Opened]:
    return [Opened(str(n), START + timedelta(days=n // a_day), step) for n in range(count)]


def weekday(day: date) -> bool:
    return day.weekday() < 5


def test_officers_do_what_they_can_each_working_day() -> None:
    found = run(cases(100), {"one": Rate(officers=2, rate=1.5)}, START + timedelta(days=27), worked=weekday)
    (one,) = found.steps
    assert one.left == (15, 15, 15, 15)
    assert one.waiting == (85, 70, 55, 40)
    assert found.closed == (15, 30, 45, 60)
    assert (one.peak, one.peak_on) == (97, START)
    assert found.closed_on["0"] == START
    assert found.closed_on["59"] == date(2016, 1, 29)


def test_slow_work_is_carried_over_and_idleness_is_not() -> None:
    slow = run(cases(4), {"one": Rate(officers=1, rate=0.25)}, START + timedelta(days=20))
    assert [slow.closed_on[str(n)] for n in range(4)] == [START + timedelta(days=d) for d in (3, 7, 11, 15)]
    late = [Opened("A", START, "one"), *(Opened(str(n), START + timedelta(days=10), "one") for n in range(5))]
    found = run(late, {"one": Rate(officers=1, rate=1)}, START + timedelta(days=30))
    assert max(found.closed_on.values()) >= START + timedelta(days=13)


def test_terms_run_on_working_days_and_batches_on_their_dates() -> None:
    rates = {"one": Rate((("council", 1.0),), days=10), "council": Rate(batch=frozenset({date(2016, 2, 1)}))}
    found = run(cases(3), rates, date(2016, 2, 28), worked=weekday)
    assert set(found.closed_on.values()) == {date(2016, 2, 1)}
    early = run(cases(3), rates | {"one": Rate((("council", 1.0),), days=30)}, date(2016, 2, 28), worked=weekday)
    assert early.closed_on == {}
    assert early.open[-1] == 3


def test_letters_and_reminders_are_counted() -> None:
    """Ten cases wait 21 days and are reminded each week: on the 7th and the 14th day, and not after they left."""
    found = run(cases(10), {"one": Rate(days=20, letters=2, reminders=1)}, START + timedelta(days=34))
    (one,) = found.steps
    assert one.letters == (20, 0, 0, 0, 0)
    assert one.reminders == (0, 10, 10, 0, 0)


def test_where_it_jams() -> None:
    """Two decided a week where twenty come: jammed from the start on; the step before it is not."""
    rates = {
        "one": Rate((("two", 1.0),), officers=2, rate=5),
        "two": Rate((("three", 1.0),), officers=1, rate=0.4),
        "three": Rate(officers=1, rate=5),
    }
    found = run(cases(300, a_day=4), rates, START + timedelta(days=100), worked=weekday)
    assert found.bottleneck == "two"
    jams = {one.step: one.jammed_since for one in found.steps}
    assert jams["one"] is jams["three"] is None
    assert START <= (jams["two"] or date.max) <= START + timedelta(weeks=2)
    assert run(cases(20), {"one": Rate(officers=1, rate=5)}, START + timedelta(days=60)).bottleneck is None


@given(
    count=st.integers(1, 60), back=st.floats(0, 0.6), officers=st.integers(0, 3), days=st.integers(0, 9),
    seed=st.integers(0, 9), ahead=st.integers(0, 80),
)  # fmt: skip
def test_every_case_is_open_or_closed(count: int, back: float, officers: int, days: int, seed: int, ahead: int) -> None:
    rates = {
        "one": Rate((("two", 0.8),), officers=officers, rate=2, days=days),
        "two": Rate((("one", back),), days=days),
    }
    found = run(cases(count, a_day=7), rates, START + timedelta(days=ahead), seed=seed)
    begun = sum(one.on <= START + timedelta(days=ahead) for one in cases(count, a_day=7))
    assert found.closed[-1] + found.open[-1] == begun
    assert len(found.closed_on) == found.closed[-1]
    again = run(cases(count, a_day=7), rates, START + timedelta(days=ahead), seed=seed)
    assert (again.steps, again.closed_on) == (found.steps, found.closed_on)


@pytest.mark.parametrize(
    ("rates", "code"),
    [
        ({"two": Rate()}, "unknown_step"),
        ({"one": Rate((("two", 1.0),))}, "unknown_step"),
        ({"one": Rate((("one", 0.7), ("one", 0.4)))}, "chances_above_one"),
        ({"one": Rate(officers=1)}, "no_rate"),
        ({"one": Rate(days=-1)}, "negative"),
        ({"one": Rate(reminder_days=0)}, "negative"),
    ],
)
def test_rates_that_contradict_themselves_are_refused(rates: dict[str, Rate], code: str) -> None:
    with pytest.raises(ReplayError) as refused:
        run(cases(1), rates, START)
    assert refused.value.code == code


def test_nothing_to_replay_is_refused() -> None:
    with pytest.raises(ValueError, match="opened"):
        run([], {}, START)
