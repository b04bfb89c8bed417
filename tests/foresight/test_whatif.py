"""What-ifs against a discrete-event truth over twenty seeded offices, and on steps where nothing is to be gained."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from foresight.counts import Chance, simulate
from foresight.log import Case, EventLog, Visit
from foresight.stations import Absence, Batch, Office, Staff, measure
from foresight.whatif import Change, Comparison, compare
from tests.foresight import queueing_truth as truth
from tests.foresight.offices import ORIGIN

AHEAD = 45.0  # working days
SEEDS = range(40)  # runs of the truth
AT = truth.calendar_day(truth.WARM_UP)
DAYS = round(truth.calendar_day(truth.WARM_UP + AHEAD) - AT)


@dataclass(frozen=True)
class Tried:
    """An office as the what-if saw it and as it went on: counts of closed cases, alone and with an officer more."""

    comparison: Comparison
    base: float
    hired: dict[str, float]
    away: str  # the step with an absence

    @property
    def best(self) -> float:
        return max(self.hired.values())


def measured(office: truth.Office) -> Office:
    staff = {
        one.name: Staff(
            one.officers,
            tuple(Absence(truth.calendar_day(a), truth.calendar_day(b) - 1e-6) for _, a, b in one.absent),
        )
        for one in office.stations
        if one.officers
    }
    meetings = [truth.calendar_day(truth.COUNCIL * (n + 0.5) + 0.5) for n in range(40)]
    batches = {one.name: Batch(tuple(meetings)) for one in office.stations if one.every}
    return measure(truth.log_of(office), AT, DAYS, staff, batches=batches, worked=lambda day: day.weekday() < 5)


@cache
def tried(seed: int) -> Tried:
    office, tight = truth.drawn(seed)
    away = next(at for at, one in enumerate(office.stations) if one.absent)
    hired = {
        office.stations[at].name: truth.continued(office, AHEAD, at, seeds=SEEDS) for at in dict.fromkeys((tight, away))
    }
    base = truth.continued(office, AHEAD, seeds=SEEDS)
    return Tried(compare(measured(office)), base, hired, office.stations[away].name)


OFFICES = range(20)


@pytest.mark.parametrize("seed", OFFICES)
def test_counts_are_within_a_tenth_of_the_truth(seed: int) -> None:
    found = tried(seed)
    assert found.comparison.queue == pytest.approx(found.base, rel=0.10)
    for effect in found.comparison.effects:
        if effect.change.step in found.hired:
            assert found.comparison.queue + effect.difference == pytest.approx(
                found.hired[effect.change.step], rel=0.10
            )


def test_the_bottleneck_is_found_in_nine_of_ten() -> None:
    """The right one: where an officer more gains as much as anywhere, up to the noise of the truth."""
    right = [
        found.comparison.bottleneck is not None and found.hired.get(found.comparison.bottleneck, 0) >= 0.97 * found.best
        for found in map(tried, OFFICES)
    ]
    assert sum(right) >= 18


def test_no_gain_is_claimed_where_officers_are_idle() -> None:
    claimed = [
        (seed, effect.change.step, effect.difference)
        for seed in OFFICES
        for effect in tried(seed).comparison.effects
        if effect.gains and effect.change.step not in tried(seed).hired
    ]
    assert claimed == []


def saturated(officers: int = 2, rate: float = 1.0) -> EventLog:
    """Three cases come each day, officers decide `officers * rate`; decisions then wait 20 days for an appeal."""
    cases, visits, decided = [], [], 0.0
    for number in range(900):
        opened = number / 3
        decided = max(decided + 1 / (officers * rate), opened)
        closed = decided + 20
        cases.append(Case(str(number), opened, closed=closed))
        visits += [Visit(str(number), "decide", opened), Visit(str(number), "appeal", decided)]
    return EventLog.of(ORIGIN, cases, visits)


@pytest.fixture(scope="module")
def office() -> Office:
    away = Absence(205, 214)
    return measure(saturated(), 200, 60, {"decide": Staff(2, (away,))})


def effect(office: Office, change: Change) -> float:
    return compare(office, [change]).effects[0].difference


def test_a_wait_is_distinguished_from_work(office: Office) -> None:
    assert {one.name: one.kind for one in office.stations} == {"decide": "served", "appeal": "wait"}
    assert office.stations[0].rate == pytest.approx(1.0, rel=0.05)


def test_a_wait_with_officers_named_is_still_a_wait() -> None:
    """Cases wait 20 days whatever the number of clerks: more of them gain nothing."""
    found = measure(saturated(), 200, 60, {"decide": Staff(2), "appeal": Staff(1)})
    assert found.stations[found.number("appeal")].kind == "wait"


def test_capacity_is_seen_without_a_staff_list_but_no_officer_is_invented() -> None:
    found = measure(saturated(), 200, 60, {})
    decide = found.stations[found.number("decide")]
    assert (decide.kind, decide.staff_known) == ("served", False)
    assert decide.rate == pytest.approx(2.0, rel=0.05)
    assert compare(found).effects == ()
    assert compare(found).bottleneck is None


def test_one_officer_more_decides_one_more_a_day(office: Office) -> None:
    """60 days less the 20 of the appeal: 40 more decided in time."""
    assert effect(office, Change("officers", "decide")) == pytest.approx(40, abs=3)


def test_absences_cancelled_give_their_days_back(office: Office) -> None:
    assert effect(office, Change("no_absences", "decide")) == pytest.approx(10, abs=1.5)
    assert effect(office, Change("no_absences", "appeal")) == 0


def test_one_batch_for_forty_gains_what_is_not_overtaken(office: Office) -> None:
    """Forty decided at once on the tenth day; none of them was to be decided before the 40th day."""
    assert effect(office, Change("batch", "decide", 40, on=210)) == pytest.approx(40, abs=3)
    assert effect(office, Change("batch", "decide", 40, on=250)) == pytest.approx(0, abs=1)


def test_a_limit_moved_moves_what_closes(office: Office) -> None:
    """Five days less of appeal: what is decided on five more days closes in time."""
    assert effect(office, Change("limit", "appeal", -5)) == pytest.approx(10, abs=2)
    assert effect(office, Change("limit", "appeal", 5)) == pytest.approx(-10, abs=2)


def test_effects_are_added_to_the_forecast(office: Office) -> None:
    found = compare(office, [Change("officers", "decide")], median=50)
    assert found.base == 50
    assert found.effects[0].count == pytest.approx(50 + found.effects[0].difference)
    assert compare(office, median=office.bound.sum() - 1).effects[0].count <= office.bound.sum()
    assert found.agrees == (abs(found.queue - 50) <= 0.25 * max(50, found.queue))


def test_an_unknown_step_is_refused(office: Office) -> None:
    with pytest.raises(KeyError):
        compare(office, [Change("officers", "nowhere")])


def test_cases_are_neither_made_nor_lost(office: Office) -> None:
    """What came is closed or waits."""
    chance = Chance.of(office, 50, 3)
    (course,) = simulate(office, chance)
    came = office.stock.sum() + chance.arrivals[office.works > 0].sum(axis=(0, 1)).mean()
    closed = course.left[:, office.number("appeal")].sum()
    assert course.stock[-1].sum() + closed == pytest.approx(came, rel=0.02)
    assert (np.diff(course.closed, axis=0) >= 0).all()
    assert course.closed.max() <= office.bound.sum() + 1e-6
