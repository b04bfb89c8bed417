"""The computation behind the forecast, and whether later counts fall into the range that it returns."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.pace import LEAST_DAYS, WINDOW_DAYS, Pace

COUNTS = st.integers(0, 400)


@pytest.mark.parametrize(
    ("pace", "verdict"),
    [
        pytest.param(Pace(0, 0, 91, 100), "done", id="nothing waits"),
        pytest.param(Pace(10, 40, 91, 91), "on_course", id="four times the pace that is needed"),
        pytest.param(Pace(40, 40, 91, 91), "uncertain", id="exactly the pace that is needed"),
        pytest.param(Pace(160, 40, 91, 91), "short", id="a quarter of it"),
        pytest.param(Pace(7, 0, 91, 109), "short", id="nobody ever did it"),
        pytest.param(Pace(7, 3, LEAST_DAYS - 1, 109), "unknown", id="on record for less than four weeks"),
        pytest.param(Pace(1, 0, 0, 109), "unknown", id="begun today"),
        pytest.param(Pace(3, 9, 91, 0), "short", id="the day is today"),
        pytest.param(Pace(60_000, 20_000, 91, 292), "on_course", id="a whole country"),
    ],
)
def test_the_verdict(pace: Pace, verdict: str) -> None:
    assert pace.verdict == verdict


def test_one_that_can_be_computed_by_hand() -> None:
    # nothing done in as many days as are left: the chance of none again is (1/2) ** (1/2)
    pace = Pace(1, 0, 91, 91)
    assert pace.chance == pytest.approx(1 - 0.5**0.5)
    assert pace.needed == 1


@given(waiting=COUNTS, done=COUNTS, window=st.integers(0, WINDOW_DAYS), left=st.integers(0, 900))
def test_the_range_is_within_what_waits_and_grows_with_what_was_done(
    waiting: int, done: int, window: int, left: int
) -> None:
    pace, quicker = Pace(waiting, done, window, left), Pace(waiting, done + 5, window, left)
    assert 0 <= pace.low <= pace.high <= waiting
    assert -1e-9 <= pace.chance <= 1
    assert quicker.chance >= pace.chance - 1e-9
    assert (quicker.low, quicker.high) >= (pace.low, pace.high)


@pytest.mark.parametrize("weekly", [0.3, 2.0, 15.0])
def test_what_comes_lies_in_the_range_eight_times_in_ten(weekly: float) -> None:
    chance, right, tries = Random(2016), 0, 400

    def days(count: int) -> int:
        """Cases done in so many days, each with the same chance in each quarter of an hour of office."""
        return sum(chance.random() < weekly / 5 / 32 for _ in range(count * 5 * 32 // 7))

    for _ in range(tries):
        pace = Pace(10_000, days(91), 91, 60)
        right += pace.low <= days(60) <= pace.high
    assert 0.75 <= right / tries <= 0.97
