"""Replays the facts of a case: without an annulled fact, or under another version of the procedure."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from models.errors import CoopcaseError, Refused
from procedures.facts import CLOCK, Act, CaseState, Doer, FactView
from procedures.former_names import names_of
from procedures.schema import BUILT_IN, Procedure
from procedures.state_machine.engine import decide_again
from procedures.state_machine.fold import step, valid_facts


@dataclass(frozen=True, slots=True)
class Refusal:
    """The first fact of a case that would have been refused, and why."""

    fact: FactView
    reason: CoopcaseError


def first_broken(procedure: Procedure, facts: Sequence[FactView]) -> FactView | None:
    """Return the first valid fact whose verb did not belong to the state of the case, or that an overlay blocked."""
    return retrace(procedure, facts)[1]


def retrace(procedure: Procedure, facts: Sequence[FactView]) -> tuple[CaseState, FactView | None]:
    """Return the state after all facts and None, or the state reached and the first fact that breaks the path."""
    state, names = CaseState(), names_of(procedure)
    for fact in valid_facts(facts):
        kind = names.fact(fact).kind
        verb = procedure.verbs.get(kind)
        if verb is not None and (
            state.state not in procedure.sources(verb)
            or any(kind in procedure.overlays[overlay].blocks for overlay in state.overlays)
        ):
            return state, fact
        step(procedure, state, fact)
    state.seq = facts[-1].seq if facts else 0
    return state, None


def unknown_code(procedure: Procedure, state: CaseState) -> str | None:
    """Return an overlay, obstacle, ground or prepared act of a case that a procedure does not define, or None."""
    by_paper = {name for name, verb in procedure.verbs.items() if verb.takes_effect_by}
    known: tuple[tuple[Iterable[str], Container[str]], ...] = (
        (state.times, procedure.overlays),
        (state.obstacles, procedure.obstacles),
        (state.grounds, procedure.grounds),
        (state.prepared, by_paper),
    )
    return next((code for codes, section in known for code in codes if code not in section), None)


def first_refusal(procedure: Procedure, facts: Sequence[FactView]) -> Refusal | None:
    """Decide every valid fact again with its own data, evidence, role and day; return the first refusal or None.

    Later facts are not checked. A fact that this procedure cannot fold is refused as an unknown verb or code.
    """
    state, names = CaseState(), names_of(procedure)
    for fact in valid_facts(facts):
        try:
            if fact.kind not in BUILT_IN:
                own = names.fact(fact)
                decide_again(procedure, state, own, _act(procedure, state, own))
            step(procedure, state, fact)
        except CoopcaseError as reason:
            return Refusal(fact, reason)
        except KeyError as missing:
            return Refusal(fact, Refused("no_such_code", found=str(missing.args[0])))
    return None


def _act(procedure: Procedure, state: CaseState, fact: FactView) -> Act:
    """The act that produced a fact; its author's office is the one that does it, checked when it was recorded."""
    verb = procedure.verbs.get(fact.kind)
    above = fact.role == CLOCK or (verb is not None and verb.level == "above")
    district = None if above else procedure.office_at(state.level, state.district)
    return Act(
        fact.kind, Doer(fact.by, fact.role, district), fact.occurred_on, fact.recorded_on, fact.data, fact.evidence
    )
