"""What rests on a recorded act: later facts that would not have been lawful without it, letters issued on it."""

from collections.abc import Iterator, Sequence

from procedures.facts import CaseState, FactView
from procedures.schema import Procedure, Verb
from procedures.state_machine.fold import step, valid_facts
from procedures.state_machine.guards import check_guards


def resting_on(procedure: Procedure, facts: Sequence[FactView], seq: int) -> FactView | None:
    """The first later fact that would not have been lawful without the fact `seq`, or that followed from it."""
    listed = valid_facts(facts)
    with_it, without = CaseState(), CaseState()
    for fact in listed:
        if fact.seq > seq and _leans(procedure, with_it, without, fact, seq):
            return fact
        step(procedure, with_it, fact)
        if fact.seq != seq:
            step(procedure, without, fact)
    return None


def _leans(procedure: Procedure, with_it: CaseState, without: CaseState, fact: FactView, seq: int) -> bool:
    verb = procedure.verbs.get(fact.kind)
    if verb is None:
        return False
    lawful = [_lawful(procedure, state, verb, fact) for state in (with_it, without)]
    return lawful[0] and not lawful[1]


def _lawful(procedure: Procedure, state: CaseState, verb: Verb, fact: FactView) -> bool:
    here = state.state in procedure.sources(verb)
    data = {**fact.data, "occurred_on": fact.occurred_on}
    return here and check_guards(procedure, state, verb.guards, data) is None


def followed(facts: Sequence[FactView], seq: int, but: int) -> Iterator[FactView]:
    """Valid facts of letters other than `but` (its id) that were issued on the fact `seq`."""
    for fact in valid_facts(facts):
        if fact.kind == "letter_issued" and fact.data.get("follows") == seq and fact.data.get("letter") != but:
            yield fact
