"""A copied state, led on by one fact, is what all facts fold to; so are the deadlines that the fact moved."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.known_folds import led_on
from procedures.facts import CaseState, ClockState, FactView, Irregularity, Pause
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


class Part(list[Any]):
    """A part of a state that can be changed, with a copy of its own."""

    def copy(self) -> "Part":
        return Part(self)


def marked(name: str, kind: str) -> Any:
    """A value of a field that no other field has."""
    if kind.startswith("dict"):
        return {name: Part([Part()])}
    if kind.startswith(("list", "set")):
        return {name} if kind.startswith("set") else [Part([name])]
    return name


@pytest.mark.parametrize("kind", [CaseState, ClockState, Irregularity, Pause])
def test_a_copy_has_every_field_at_its_place(kind: type[Any]) -> None:
    whole = kind(**{item.name: marked(item.name, str(item.type)) for item in fields(kind)})
    assert whole.copy() == whole


def shared(one: Any, other: Any, at: str = "") -> Iterator[str]:
    """Where two values have the same thing that can be changed."""
    is_state = isinstance(one, CaseState | ClockState | Irregularity | Pause)
    if one is other and (is_state or isinstance(one, list | dict | set)):
        yield at
    elif is_state:
        for item in (item for item in fields(one) if "Mapping" not in str(item.type)):  # these are replaced
            yield from shared(getattr(one, item.name), getattr(other, item.name), f"{at}.{item.name}")
    elif isinstance(one, dict):
        for key in one:
            yield from shared(one[key], other[key], f"{at}[{key!r}]")
    elif isinstance(one, list):
        for place, (item, same) in enumerate(zip(one, other, strict=True)):
            yield from shared(item, same, f"{at}[{place}]")


@pytest.mark.parametrize("path", sorted(PATHS))
def test_a_copy_shares_nothing_that_changes(path: str) -> None:
    state = walked(path, PATHS[path][-1].verb).state
    assert list(shared(state, state.copy())) == []
