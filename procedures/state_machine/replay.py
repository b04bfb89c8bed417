"""Whether facts make a lawful path: when one of them no longer counts, or under another version of the procedure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.clock import HANOI
from models.errors import CoopcaseError, Refused
from procedures.facts import CLOCK, Act, CaseState, Doer, FactView
from procedures.schema import BUILT_IN, Procedure
from procedures.state_machine.engine import decide
from procedures.state_machine.fold import step, valid_facts


@dataclass(frozen=True, slots=True)
class Refusal:
    """The first fact of a case that would not have been allowed, and why."""

    fact: FactView
    reason: CoopcaseError


def first_broken(procedure: Procedure, facts: Sequence[FactView]) -> FactView | None:
    """The first standing fact whose verb is not of the state the case was in, or that an overlay blocked."""
    return retrace(procedure, facts)[1]


def retrace(procedure: Procedure, facts: Sequence[FactView]) -> tuple[CaseState, FactView | None]:
    """The fold of the facts, or how far it came and the first fact that breaks the path."""
    state = CaseState()
    for fact in valid_facts(facts):
        verb = procedure.verbs.get(fact.kind)
        if verb is not None and (
            state.state not in procedure.sources(verb)
            or any(fact.kind in procedure.overlays[overlay].blocks for overlay in state.overlays)
        ):
            return state, fact
        step(procedure, state, fact)
    state.seq = facts[-1].seq if facts else 0
    return state, None


def unknown_code(procedure: Procedure, state: CaseState) -> str | None:
    """An overlay, obstacle or ground of a case that a procedure has no words for."""
    known = (
        (state.times, procedure.overlays),
        (state.obstacles, procedure.obstacles),
        (state.grounds, procedure.grounds),
    )
    return next((code for codes, section in known for code in codes if code not in section), None)


def first_refusal(procedure: Procedure, facts: Sequence[FactView]) -> Refusal | None:
    """Every standing fact decided once more, with its own data, evidence, role and day.

    The first that would be refused; what follows from it is not looked at. Facts are as they were recorded: a fact
    that this procedure could not even fold is refused as an unknown verb or an unknown code.
    """
    state = CaseState()
    for fact in valid_facts(facts):
        try:
            if fact.kind not in BUILT_IN:
                decide(procedure, state, _act(state, fact))
            step(procedure, state, fact)
        except CoopcaseError as reason:
            return Refusal(fact, reason)
        except KeyError as missing:
            return Refusal(fact, Refused("no_such_code", found=str(missing.args[0])))
    return None


def _act(state: CaseState, fact: FactView) -> Act:
    """The act behind a fact; whoever did it sat in the office that carries the case, or it would not stand there."""
    district = state.district if state.level == "district" and fact.role != CLOCK else None
    return Act(
        fact.kind, Doer(fact.by, fact.role, district), fact.occurred_on, _recorded_on(fact), fact.data, fact.evidence
    )


def _recorded_on(fact: FactView) -> date:
    return fact.recorded_at.astimezone(HANOI).date() if fact.recorded_at else fact.occurred_on
