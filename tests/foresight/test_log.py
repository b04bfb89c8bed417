"""An event log as arrays: what is kept, what was known at a day, what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresight.log import CLOSED, RUNNING, Case, EventLog, LogError, Visit
from tests.foresight.offices import ORIGIN, stationary


def small() -> EventLog:
    cases = [Case("A", 0, closed=9, office="X", due=10, bound={"law": 2}), Case("B", 2, office="Y")]
    visits = [Visit("A", "decision", 3), Visit("A", "intake", 0), Visit("B", "intake", 4), Visit("A", "late", 9.5)]
    return EventLog.of(ORIGIN, cases, visits)


def test_visits_are_ordered_and_end_with_the_next_or_with_the_closing() -> None:
    log = small()
    read = [(log.ids[c], log.steps[s], e) for c, s, e in zip(log.case, log.step, log.entered, strict=True)]
    assert read == [("A", "intake", 0), ("A", "decision", 3), ("B", "", 2), ("B", "intake", 4)]
    assert log.left[:3].tolist() == [3, 9, 4]
    assert np.isnan(log.left[3])
    assert log.next.tolist() == [log.steps.index("decision"), CLOSED, log.steps.index("intake"), RUNNING]


def test_what_was_known_at_a_day() -> None:
    then = small().until(3.5)
    assert then.ids == ("A", "B")
    assert np.isnan(then.closed).all()
    assert then.next.tolist() == [then.steps.index("decision"), RUNNING, RUNNING]
    assert then.bound_at("law", 1).tolist() == [False, False]
    assert then.bound_at("law", 2).tolist() == [True, False]
    assert small().until(1).ids == ("A",)


@pytest.mark.parametrize(
    ("cases", "visits", "code"),
    [
        ([Case("A", 0), Case("A", 1)], [], "case_twice"),
        ([Case("A", 5, closed=4)], [], "closed_before_opened"),
        ([Case("A", 0)], [Visit("B", "x", 1)], "unknown_case"),
    ],
)
def test_a_log_that_contradicts_itself_is_refused(cases: list[Case], visits: list[Visit], code: str) -> None:
    with pytest.raises(LogError) as refused:
        EventLog.of(ORIGIN, cases, visits)
    assert refused.value.code == code


@given(at=st.floats(1, 499), seed=st.integers(0, 5))
def test_knowing_later_what_was_known_then_changes_nothing(at: float, seed: int) -> None:
    log = stationary(seed, a_day=0.1)
    direct, in_two = log.until(at), log.until(at + 50).until(at)
    assert direct.ids == in_two.ids
    for name in ("opened", "closed", "case", "step", "entered", "left", "next"):
        assert np.array_equal(getattr(direct, name), getattr(in_two, name), equal_nan=True), name
    assert direct.open_at(at).sum() == log.open_at(at).sum()


def test_an_office_alone_has_its_own_cases_and_visits() -> None:
    log = small()
    for name in log.offices:
        own = log.of_office(name)
        assert set(own.ids) == {one for one, at in zip(log.ids, log.office, strict=True) if log.offices[at] == name}
        assert len(own.case) == sum(log.offices[log.office[case]] == name for case in log.case)
        assert all(own.entered >= own.opened[own.case])
    assert log.of_office("?").ids == ()
