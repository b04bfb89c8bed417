"""The whole procedure walked at random: whatever is allowed, in any order, by any role."""

import random
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import CoopcaseError
from procedures.definition.loader import load
from procedures.facts import CLOCK, Choice, Need
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import derive_all
from procedures.state_machine.engine import available, fold
from procedures.state_machine.fold import step
from samples.paths import PATHS
from tests.builders import Story, doer

ROLES = ("case_officer", "manager", "leader", "legal", "clerk", "commune")
START = date(2015, 1, 5)
PROOF = ("0" * 64,)


def value_for(need: Need, dice: random.Random, today: date) -> Any:
    """A value that the field's type takes; it need not please the guards."""
    if need.type == "date":
        return (today + timedelta(days=dice.randint(1, 40) if need.future else -dice.randint(0, 20))).isoformat()
    if need.type == "choice":
        return dice.choice(sorted(need.options))
    if need.type == "table":
        return [{column.name: value_for(column, dice, today) for column in need.columns}]
    if need.type in ("integer", "money"):
        low, high = need.low or 0, need.high if need.high is not None else 200
        return dice.randint(low, min(high, low + 200))
    return {"boolean": "true"}.get(need.type, "ghi khi thử")


def home_of(story: Story) -> str | None:
    return None if story.state.level == "city" else "HBG"


def try_one(story: Story, choice: Choice, role: str, dice: random.Random, today: date) -> None:
    """A refused act must leave the state as it was."""
    data = {need.name: value_for(need, dice, today) for need in choice.needs}
    before, facts = story.state, len(story.facts)
    try:
        story.act(
            choice.verb, role, on=today, today=today, evidence=PROOF, data=data, district=home_of(story),
            login=f"{role}.{dice.randint(1, 2)}",
        )  # fmt: skip
    except CoopcaseError:
        if len(story.facts) == facts:  # else it is prepared, and its paper may not be issued
            assert story.state == before


def lead_in(story: Story, dice: random.Random) -> date:
    """The first steps of some path, as far as they may be done on the case's level; returns the day reached."""
    steps, today = PATHS[dice.choice(sorted(PATHS))], START
    for scripted in steps[: dice.randint(0, len(steps))]:
        today += timedelta(days=scripted.after)
        try:
            story.act(
                scripted.verb, scripted.role, on=today, today=today, evidence=PROOF if scripted.proof else (),
                data=scripted.fields(today), district=home_of(story),
            )  # fmt: skip
        except CoopcaseError:
            break
    return today


def walk(seed: int, level: str) -> Story:
    """Part of a scripted path, then thirty tries to do something at random, each checked."""
    dice = random.Random(seed)
    story = Story(load(), name="HTX thử", level=level)
    today = lead_in(story, dice)
    state = story.state
    for _ in range(30):
        today += timedelta(days=dice.randint(0, 20))
        role = dice.choice(ROLES)
        who = doer(role, district=home_of(story))
        listed = [item for item in available(story.procedure, story.state, who) if item.allowed]
        known = len(story.facts)
        if listed:
            try_one(story, dice.choice(listed), role, dice, today)
        for fact in story.facts[known:]:
            step(story.procedure, state, fact)
        assert state == fold(story.procedure, story.facts), "carried on fact by fact, or folded at once: the same"
        assert_an_officer_can_act(story)
    return story


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), level=st.sampled_from(["district", "city"]))
def test_a_random_walk_keeps_every_promise(seed: int, level: str) -> None:
    walk(seed, level)


def test_the_walks_get_about() -> None:
    visited = {state for seed in range(25) for state, _, _ in walk(seed, "district").state.path}
    assert len(visited) >= 10, visited


def assert_an_officer_can_act(story: Story) -> None:
    """An open state has a person who can act, or a date that will come."""
    state = story.state
    if state.closed_on is not None:
        return
    can = any(
        item.allowed
        for role in ROLES
        for item in available(story.procedure, state, doer(role, district=home_of(story)))
    )
    dates = derive_all(story.procedure, state, load_calendars()).values()
    assert can or any(item.status == "open" and item.ends_on for item in dates), state.state


def test_the_clock_is_no_person() -> None:
    story = Story(load(), name="HTX thử", level="district")
    allowed = [item for item in available(story.procedure, story.state, doer(CLOCK)) if item.allowed]
    assert all(story.procedure.verbs[item.verb].auto for item in allowed)
