"""Random acts in any order, on random days, papers served or not, acts annulled: what a case says agrees all the same.

What follows what is written here a second time, by hand and without the rules on days of the procedure.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from casework.upkeep.contradictions import of_facts
from models.errors import CoopcaseError
from procedures.facts import CaseState, FactView
from procedures.legal_time.clocks import day_of
from procedures.state_machine.closing import closing_holds
from procedures.state_machine.fold import valid_facts
from procedures.state_machine.replay import first_broken
from procedures.state_machine.resting import left_hanging
from samples.path_step import Step
from samples.paths import PATHS
from tests.procedures.lawful import PROOF, Walk
from tests.procedures.test_days_at_random import FAR, disagreements, on_days

STEPS: tuple[Step, ...] = tuple(step for path in sorted(PATHS) for step in PATHS[path])
FOLLOWS: Mapping[str, Sequence[str]] = {  # an act, or a day of it, and what has to be of that day or before
    "record_agency_reply": ("ask_agencies",),
    "classify": ("record_visit.visited_on",),
    "declare_untraceable": ("record_trace.traced_on", "record_posting.posted_to_on"),
    "check_legality": ("propose_measure",),
    "submit_measure": ("propose_measure", "record_consultation.consulted_on"),
    "decide_measure": ("submit_measure",),
    "issue_certificate.issued_on": ("receive_file.received_on",),
    "record_explanation": ("request_explanation",),
    "prove_ground": ("request_explanation", "record_explanation"),
    "prepare_dossier": ("prove_ground|withdraw_certificate",),  # either proves a ground
    "submit_dossier": ("check_legality", "prepare_dossier"),
    "decide_dissolution": ("submit_dossier",),
    "record_newspaper_issue.printed_on": ("decide_dissolution.decided_on",),
    "propose_compulsory_payout": ("record_inventory.taken_on", "notify_creditors.claims_until_on"),
    "approve_compulsory_payout": ("propose_compulsory_payout",),
    "approve_payout": ("propose_payout",),
    "record_completion.completed_on": ("record_inventory.taken_on", "notify_creditors.claims_until_on"),
    "file_compulsory_dossier.received_on": ("record_completion.completed_on",),
    "file_dossier.received_on": ("record_completion.completed_on",),
    "delete_name.deleted_on": ("decide_dissolution.decided_on", "file_compulsory_dossier.received_on"),
    "confirm_dissolution.deleted_on": ("file_dossier.received_on",),
    "accept_complaint": ("receive_complaint.received_on",),
    "settle_complaint": ("accept_complaint",),
    "record_appeal_result": ("record_appeal.filed_on",),
    "approve_waiver": ("request_waiver",),
    "close_case": ("write_closing_report",),
}


def day(fact: FactView, field: str) -> date | None:
    return day_of(fact.data, field) if field else fact.occurred_on


def order_of(state: CaseState, facts: Sequence[FactView]) -> Iterator[str]:
    """What is dated before something that was recorded earlier and has to precede it; irregular days aside."""
    valid = valid_facts(facts)
    for effect, causes in FOLLOWS.items():
        verb, _, field = effect.partition(".")
        for fact in (fact for fact in valid if fact.kind == verb and fact.seq not in state.irregularities):
            for other, _, own in (cause.partition(".") for cause in causes):
                before = [item for item in valid if item.kind in other.split("|") and item.seq < fact.seq]
                days = [said for item in before if (said := day(item, own)) is not None]
                on = day(fact, field)
                if days and on is not None and on < min(days):
                    yield f"{effect} of {on} before {other} of {min(days)}"
    yield from (f"{item.kind} before the case" for item in valid[1:] if item.occurred_on < valid[0].occurred_on)


def service_of(walk: Walk, dice: random.Random) -> None:
    """Some letter for which a clock waits reaches its addressee, or is said to."""
    waiting = [
        (clock, letter) for key in walk.state.clocks for clock in walk.state.runs(key) for letter in clock.awaits
    ]
    if waiting:
        clock, letter = dice.choice(waiting)
        data = {"template": letter, "follows": clock.seq}
        on = max(clock.triggered_on, walk.today - timedelta(days=dice.randint(0, 10)))
        walk.facts.append(FactView(len(walk.facts) + 1, "letter_served", on, "clerk.hbg", "clerk", data))


def taken_back(walk: Walk, dice: random.Random) -> None:
    """Some act is annulled, where the office would let it."""
    own = [fact for fact in valid_facts(walk.facts) if fact.kind in walk.procedure.verbs and "paper" not in fact.data]
    if own and left_hanging(walk.procedure, walk.facts, (fact := dice.choice(own)).seq) is None:
        annulment = FactView(len(walk.facts) + 1, "annulled", walk.today, "m", "manager", {}, (), fact.seq)
        if first_broken(walk.procedure, [*walk.facts, annulment]) is None:
            walk.facts.append(annulment)


def happen(walk: Walk, step: Step, dice: random.Random) -> None:
    """A letter may be served and an act annulled; then the act is tried on random days, and as it was scripted."""
    walk.today += timedelta(days=dice.choice((1, step.after)))
    if dice.random() < 0.15:
        service_of(walk, dice)
    if dice.random() < 0.08:
        taken_back(walk, dice)
    on = walk.today - timedelta(days=dice.randint(0, FAR) if dice.random() < 0.3 else 0)
    for done, data in ((on, on_days(step, on, dice)), (walk.today, step.fields(walk.today))):
        if tried(walk, step, done, data):
            return


def tried(walk: Walk, step: Step, on: date, data: Mapping[str, Any]) -> bool:
    """A refused act leaves the case as it was; a case is closed over nothing that holds it."""
    facts, before = len(walk.facts), walk.state
    office = None if step.above else "HBG"
    try:
        walk.act(step.verb, step.role, on=on, today=walk.today, evidence=PROOF, data=data, district=office)
    except CoopcaseError:
        del walk.facts[facts:]  # prepared at most: its paper may not be issued on that day
        assert walk.state == before
        return False
    assert step.verb != "close_case" or not list(closing_holds(walk.procedure, before))
    return True


def lived_at_random(seed: int) -> Walk:
    """Half of a scripted path, then whatever of any path the case lets happen, on days near and far."""
    dice, walk = random.Random(seed), Walk()
    path = PATHS[dice.choice(sorted(PATHS))]
    for step in path[: dice.randint(1, len(path))]:
        happen(walk, step, dice)
    for _ in range(20):
        at = walk.state.state
        here = [step for step in STEPS if at in walk.procedure.sources(walk.procedure.verbs[step.verb])]
        happen(walk, dice.choice(here), dice)
    return walk


@example(8388607)  # a request for a waiver was annulled after its approval
@example(39799)  # a dossier rests on the ground of a withdrawn certificate, older than the ground proven since
@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_whatever_happens_days_papers_and_facts_agree(seed: int) -> None:
    walk = lived_at_random(seed)
    assert disagreements(walk.state) == []
    assert list(order_of(walk.state, walk.facts)) == []
    found = [one.code for one in of_facts(walk.procedure, "HP", walk.facts)]
    assert {"contradiction_days", "contradiction_rule", "contradiction_closed"}.isdisjoint(found)


def test_the_acts_get_about_and_the_order_sees_what_is_wrong() -> None:
    lives = [lived_at_random(seed) for seed in range(8)]
    assert len({fact.kind for walk in lives for fact in walk.facts} & walk_verbs()) >= 25
    assert any(fact.annuls for walk in lives for fact in walk.facts)
    assert any(walk.state.irregularities for walk in lives)
    walk = Walk().do("accept_case", file_held=True)
    wrong = FactView(3, "ask_agencies", date(2015, 3, 1), "x", "case_officer", {})
    reply = FactView(4, "record_agency_reply", date(2015, 2, 1), "x", "case_officer", {"agency": "tax"})
    assert list(order_of(walk.state, [*walk.facts, wrong, reply])) == [
        "record_agency_reply of 2015-02-01 before ask_agencies of 2015-03-01"
    ]


def walk_verbs() -> set[str]:
    return {step.verb for step in STEPS}
