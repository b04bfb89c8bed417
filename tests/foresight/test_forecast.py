"""Forecasts: within bounds, never less at a longer horizon, covering what comes, withheld where unknowable."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.chances import by_age, by_due, by_step, leaving
from foresight.forecast import forecast
from foresight.log import Case, EventLog, Visit
from foresight.past import Past
from foresight.trials import Trial, interval, verdict
from foresight.worktime import BatchTime
from tests.foresight.offices import ORIGIN, stationary


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 50), at=st.floats(1, 480), a_day=st.sampled_from([0.05, 0.4, 1.5]))
def test_samples_lie_between_none_and_all_and_rise_with_the_horizon(seed: int, at: float, a_day: float) -> None:
    found = forecast(stationary(seed, a_day=a_day), at, [7, 30, 90], runs=200)
    assert found.samples.shape == (3, 200)
    assert found.samples.min() >= 0
    assert found.samples.max(initial=0) <= found.open
    assert (np.diff(found.samples, axis=0) >= 0).all()
    assert ((found.chances >= 0) & (found.chances <= 1)).all()
    assert found.samples.tolist() == forecast(stationary(seed, a_day=a_day), at, [7, 30, 90], runs=200).samples.tolist()


def test_what_comes_later_is_not_looked_at() -> None:
    log = stationary(3)
    assert forecast(log, 300, [30]).samples.tolist() == forecast(log.until(300), 300, [30]).samples.tolist()


def test_intervals_of_stationary_offices_cover_what_comes() -> None:
    """80% promised; seeds 0 to 11, two days and two horizons each."""
    hits = []
    for seed in range(12):
        log = stationary(seed)
        for at in (300, 430):
            found = forecast(log, at, [20, 50], runs=400)
            for row, horizon in enumerate(found.horizons):
                low, high = found.interval(row)
                came = int((log.closed[found.cases] <= at + horizon).sum())
                hits.append(low <= came <= high)
    assert 0.72 <= np.mean(hits) <= 0.95


def test_the_middle_is_near_what_the_known_rates_give() -> None:
    """Exponential lives of 25 days: of the open cases 1 - exp(-h / 25) close, whatever their age."""
    rng = np.random.default_rng(5)
    cases = [Case(str(n), n / 2, closed=n / 2 + float(rng.exponential(25))) for n in range(1200)]
    log = EventLog.of(ORIGIN, cases, [Visit(one.id, "work", one.opened) for one in cases])
    past, open_now = Past.of(log.until(500)), np.flatnonzero(log.open_at(500))
    horizons = np.array([10.0, 30.0])
    by_its_step = by_step(past, np.array([500.0]), horizons, [open_now])[0]
    for found in (by_age(past, 500, horizons, open_now), by_its_step, leaving(past, 500, horizons, open_now)):
        assert found.mean(axis=1) == pytest.approx(1 - np.exp(-horizons / 25), abs=0.05)


def test_days_looked_at_together_say_what_each_says_alone() -> None:
    log = stationary(4)
    past, cuts, horizons = Past.of(log.until(400)), np.array([150.0, 260.0, 400.0]), np.array([20.0, 60.0])
    cases = [np.flatnonzero(log.open_at(cut)) for cut in cuts]
    assert len({len(one) for one in cases}) > 1
    for place, together in enumerate(by_step(past, cuts, horizons, cases)):
        (alone,) = by_step(past, cuts[[place]], horizons, [cases[place]])
        assert together == pytest.approx(alone, abs=1e-12)


def test_working_days_are_what_passes() -> None:
    """Everything closes 10 working days after it opens; the office then shuts for two months."""
    shut = range(date(2016, 11, 1).toordinal(), date(2017, 1, 1).toordinal())

    def worked(day: date) -> bool:
        return day.weekday() < 5 and day.toordinal() not in shut

    cases = []
    for number in range(600):
        opened, left = number * 0.5, 10
        day = int(opened)
        while left:
            day += 1
            left -= worked(date.fromordinal(ORIGIN.toordinal() + day))
        cases.append(Case(str(number), opened, closed=day + 0.5))
    log = EventLog.of(ORIGIN, cases, [Visit(one.id, "work", one.opened) for one in cases])
    at = float(date(2016, 10, 31).toordinal() - ORIGIN.toordinal() + 1)
    assert forecast(log, at, [20], worked=worked).median(0) <= 2
    assert forecast(log, at, [20]).median(0) > 10


def test_a_batch_step_waits_for_its_dates() -> None:
    """A council every 30 days decides on all that wait: none within 5 days before the next, all within 12."""
    cases = [Case(str(n), n * 0.5, closed=float(np.ceil((n * 0.5 + 0.01) / 30) * 30 + 0.2)) for n in range(1300)]
    log = EventLog.of(ORIGIN, cases, [Visit(one.id, "council", one.opened) for one in cases])
    past = Past.of(log.until(590), batch={"council": BatchTime.of([30.0 * n for n in range(40)])})
    (chances,) = by_step(past, np.array([590.0]), np.array([5.0, 12.0]), [np.flatnonzero(log.open_at(590))])
    found = chances.mean(axis=1)
    assert found[0] == pytest.approx(0, abs=0.02)
    assert found[1] > 0.95


def test_a_due_date_acts_on_the_days_before_it() -> None:
    """Cases of very different terms, all closed in the last five days of their term."""
    rng = np.random.default_rng(2)
    terms = rng.uniform(20, 200, 800)
    cases = [
        Case(str(n), n * 0.8, closed=n * 0.8 + term - float(rng.uniform(0, 5)), due=n * 0.8 + term)
        for n, term in enumerate(terms)
    ]
    log = EventLog.of(ORIGIN, cases, [Visit(one.id, "work", one.opened) for one in cases])
    past, open_now = Past.of(log.until(500)), np.flatnonzero(log.open_at(500))
    found = by_due(past, 500, np.array([15.0]), open_now)
    assert found is not None
    soon = log.due[open_now] < 515
    assert found[0][soon].min() > 0.9
    assert found[0][~soon & (log.due[open_now] > 521)].max() < 0.1


def test_only_the_bound_cases_are_counted() -> None:
    cases = [
        Case(str(n), n * 0.5, closed=n * 0.5 + 40, bound={"law": n * 0.5} if n % 3 == 0 else {}) for n in range(800)
    ]
    log = EventLog.of(ORIGIN, cases, [Visit(one.id, "work", one.opened) for one in cases])
    found = forecast(log, 350, [20], bound="law")
    assert set(found.cases % 3) == {0}
    assert found.open == pytest.approx(80 / 3, abs=1)
    with pytest.raises(KeyError):
        forecast(log, 350, [20], bound="unknown")


def test_how_many_leave_a_step() -> None:
    log = stationary(2)
    found = forecast(log, 420, [10, 25], step="decision")
    here = (log.entered <= 420) & ~(log.left <= 420) & (log.step == log.steps.index("decision"))
    assert found.open == here.sum() > 20
    assert {log.ids[case] for case in found.cases} == {log.ids[case] for case in log.case[here]}
    for row, horizon in enumerate(found.horizons):
        low, high = found.interval(row)
        assert low <= (log.left[here] <= 420 + horizon).sum() <= high
    with pytest.raises(KeyError):
        forecast(log, 420, [10], step="nowhere")


def test_a_part_of_the_cases_has_samples_of_its_own() -> None:
    log = stationary(4)
    found = forecast(log, 400, [20, 50])
    half = np.arange(found.open) % 2 == 0
    part = found.part(half)
    assert part.max() <= half.sum()
    assert (np.diff(part, axis=0) >= 0).all()
    assert np.median(part[0]) == pytest.approx(found.median(0) / 2, abs=0.15 * found.open)


def trial(came: int) -> Trial:
    return Trial(0, 30, 100, 20, 30, 40, came)


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([30, 30], "too_few_windows"),
        ([30, 30, 30], "enough"),
        ([30, 50, 30], "enough"),
        ([50, 10, 30, 30, 30], "errors_change_sign"),
        ([50, 50, 30, 30, 30], "trials_failed"),
        ([50, 30, 50, 30, 50], "trials_failed"),
    ],
)
def test_when_a_forecast_is_withheld(came: list[int], expected: str) -> None:
    assert verdict([trial(count) for count in came]) == expected


def test_a_young_office_has_not_enough_data() -> None:
    found = forecast(stationary(1), 60, [30])
    assert found.verdicts == ("too_few_windows",)


def test_nothing_open_is_nothing_to_close() -> None:
    log = EventLog.of(ORIGIN, [Case("A", 0, closed=5)], [Visit("A", "work", 0)])
    found = forecast(log, 10, [30])
    assert (found.open, found.interval(0), found.verdicts) == (0, (0, 0), ("too_few_windows",))
    empty = EventLog.of(ORIGIN, [], [])
    assert forecast(empty, 10, [30]).open == 0


def test_a_small_office_that_has_always_made_it_is_on_course() -> None:
    """Two cases are open at a time, each closed 19 days after its opening: of two, all is likelier than not."""
    cases = [Case(str(n), n * 10.0, closed=n * 10 + 19.0) for n in range(60)]
    found = forecast(EventLog.of(ORIGIN, cases, [Visit(one.id, "work", one.opened) for one in cases]), 500.5, [30])
    assert (found.open, found.verdicts) == (2, ("enough",))
    assert found.at_least(0, 2) > 0.8


def test_a_horizon_must_lie_ahead() -> None:
    with pytest.raises(ValueError, match="horizons"):
        forecast(stationary(1), 100, [0])


def test_the_interval_holds_four_of_five() -> None:
    assert interval(np.arange(1, 1001)) == (100, 900)
