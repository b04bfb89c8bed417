"""A copied state, led on by one fact, is what all facts fold to; so are the deadlines that the fact moved."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.known_folds import led_on
from procedures.facts import CaseState, FactView
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import derive_all, derive_moved
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from samples.paths import PATHS
from tests.procedures.lawful import walked
from tests.procedures.test_random_acts import lived_at_random

CALENDARS = load_calendars()


def followed(procedure: Procedure, facts: Sequence[FactView]) -> None:
    """Fact by fact, what a process would keep equals the fold of all facts so far."""
    before = CaseState()
    for place, fact in enumerate(facts):
        listed = facts[: place + 1]
        whole, as_it_was = fold(procedure, listed), fold(procedure, listed[:-1])
        after = led_on(procedure, before, listed, [fact])
        assert after == whole
        assert before == as_it_was, "what was kept is not changed by what follows"
        assert after.copy() == whole
        moved(procedure, before, after)
        before = after


def moved(procedure: Procedure, before: CaseState, after: CaseState) -> None:
    earlier, later = derive_moved(procedure, before, after, CALENDARS)
    every_earlier = derive_all(procedure, before, CALENDARS)
    every_later = derive_all(procedure, after, CALENDARS)
    assert earlier == {key: every_earlier[key] for key in earlier}
    assert later == {key: every_later[key] for key in later}
    for key in every_earlier.keys() - earlier.keys():
        assert every_earlier[key].status in ("met", "dropped")
        assert every_later[key] == every_earlier[key]
    assert every_later.keys() - later.keys() == every_earlier.keys() - earlier.keys()


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_scripted_life(path: str) -> None:
    walk = walked(path, PATHS[path][-1].verb)
    followed(walk.procedure, walk.facts)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_any_life(seed: int) -> None:
    walk = lived_at_random(seed)
    followed(walk.procedure, walk.facts)


def test_a_copy_shares_nothing_that_changes() -> None:
    state = walked("dissolved_compulsory", "close_case").state
    copy = state.copy()
    for clock in copy.clocks.values():
        clock.status = "waiting"
        clock.awaits["x"] = None
        clock.pauses.clear()
        clock.extensions.clear()
    lists: tuple[Any, ...] = (*copy.times.values(), *copy.done.values(), *copy.earlier_runs.values())
    for listed in lists:
        listed.clear()
    copies: tuple[Any, ...] = (
        copy.overlays, copy.times, copy.obstacles, copy.lifted, copy.done, copy.prepared, copy.clocks,
        copy.earlier_runs, copy.grounds, copy.fallen, copy.path, copy.waived, copy.irregularities, copy.gaps,
    )  # fmt: skip
    for part in copies:
        part.clear()
    assert state == walked("dissolved_compulsory", "close_case").state
