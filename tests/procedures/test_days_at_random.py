"""Random days, lawful and unlawful, at random acts: no case comes to contradict itself, and none closes too early."""

import random
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.upkeep.contradictions import of_facts
from models.errors import CoopcaseError
from procedures.day_vocabulary import REASON
from procedures.definition.loader import load
from procedures.facts import IRREGULARITIES, PAPER, CaseState, FactView
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import derive_all
from procedures.state_machine.closing import Hold, closing_holds
from samples.path_step import Step
from samples.paths import PATHS
from tests.builders import Story
from tests.procedures.lawful import PROOF, START, Walk, step_of, walked

PROCEDURE = load()
FAR = 90  # days by which a day is moved, at most
MOVED = 0.4  # share of the acts whose days are moved


def on_days(step: Step, on: date, dice: random.Random) -> dict[str, object]:
    """The fields of a scripted act, some of its days moved; sometimes with a reason for unlawful ones."""
    fields = step.fields(on)
    needs = PROCEDURE.verbs[step.verb].needs
    for name in [name for name in fields if name in needs and needs[name].type == "date"]:
        if dice.random() < MOVED:
            moved = date.fromisoformat(fields[name]) + timedelta(days=dice.randint(-FAR, FAR))
            fields[name] = moved.isoformat()
    if dice.random() < 0.5:
        fields[REASON] = "Thực tế diễn ra như vậy"
    return fields


def lived(seed: int, path: str) -> Story:
    """A scripted path on random days; an act that is refused on them is done as scripted, or left out."""
    dice = random.Random(seed)
    story, today = Story(PROCEDURE, name="HTX thử", level="district"), START
    for step in PATHS[path]:
        today += timedelta(days=step.after)
        done = today - timedelta(days=dice.randint(0, FAR) if dice.random() < MOVED else 0)
        for on, fields in ((done, on_days(step, done, dice)), (today, step.fields(today))):
            before, facts = story.state, len(story.facts)
            try:
                story.act(step.verb, step.role, on=on, today=today, evidence=PROOF, data=fields)
                break
            except CoopcaseError:
                if len(story.facts) > facts:  # prepared, and its paper may not be issued on that day
                    del story.facts[facts:]
                assert story.state == before
    return story


def disagreements(state: CaseState) -> list[str]:
    """What the clocks, papers and days of a case say against each other, read without the rules on days."""
    found = []
    regular = [(name, on) for name, on, seq in state.path if seq not in state.irregularities]
    found += [f"{name} before the step before it" for (_, first), (name, on) in pairwise(regular) if on < first]
    for key in (key for key in state.clocks if PROCEDURE.deadlines[key].kind != "target"):
        for clock in state.runs(key):  # an office's own target may begin anew before it is known that it was met
            if clock.status == "met" and clock.starts_on and clock.ended_on and clock.ended_on < clock.starts_on:
                found.append(f"{key} was met before it began")
    for key, derived in derive_all(PROCEDURE, state, load_calendars()).items():
        if derived.starts_on and derived.ends_on and not PROCEDURE.deadlines[key].until:
            found += [f"{key} ends before it begins"] if derived.ends_on < derived.starts_on else []
    for facts in state.done.values():
        for fact in facts:
            paper = fact.data.get(PAPER)
            if paper and paper["on"] != fact.occurred_on.isoformat():
                found.append(f"{fact.kind} is not of the day of its paper")
            if IRREGULARITIES in fact.data and fact.seq not in state.irregularities:
                found.append(f"{fact.kind} hides an unlawful day")
    return found


@given(st.integers(0, 2**32), st.sampled_from(sorted(PATHS)))
@settings(max_examples=60, deadline=None)
def test_no_case_contradicts_itself_whatever_days_are_typed(seed: int, path: str) -> None:
    story = lived(seed, path)
    assert disagreements(story.state) == []
    found = [
        one
        for one in of_facts(PROCEDURE, "HP", story.facts)
        if one.code in ("contradiction_days", "contradiction_rule")
    ]
    assert found == []


def sent(walk: Walk, kind: str, hold: Hold) -> None:
    data = {"template": hold.key, "follows": hold.fact}
    walk.facts.append(FactView(len(walk.facts) + 1, kind, walk.today, "clerk.hbg", "clerk", data))


ENDING = sorted(path for path, steps in PATHS.items() if steps[-1].verb == "close_case")


@given(st.integers(0, 2**32), st.sampled_from(ENDING))
@settings(max_examples=40, deadline=None)
def test_no_case_closes_while_anything_holds_it(seed: int, path: str) -> None:
    """Some papers are issued, served or waived, some are not; a complaint may have come."""
    dice = random.Random(seed)
    walk = walked(path, "request_paper_waiver")
    if dice.random() < 0.3:
        walk.take(step_of("dissolved_compulsory_after_complaint", "receive_complaint"))
    for hold in [hold for hold in closing_holds(PROCEDURE, walk.state) if hold.fact is not None]:
        for kind in ("letter_issued", "letter_served") if dice.random() < 0.5 else ("letter_issued",):
            sent(walk, kind, hold)
    lacking = sorted({hold.key for hold in closing_holds(PROCEDURE, walk.state) if hold.fact is not None})
    if lacking and dice.random() < 0.8:
        some = [{"paper": key} for key in lacking if dice.random() < 0.8] or [{"paper": lacking[0]}]
        for verb in ("request_paper_waiver", "approve_paper_waiver"):
            walk.take(step_of(path, verb), papers=some)
    holding = [hold.key for hold in closing_holds(PROCEDURE, walk.state)]
    try:
        walk.take(step_of(path, "close_case"))
    except CoopcaseError:
        assert holding
        assert walk.state.closed_on is None
    else:
        assert holding == []
        assert walk.state.closed_on == walk.today
        assert not {hold.overlay for hold in PROCEDURE.closing.holds.values()} & walk.state.overlays.keys()
