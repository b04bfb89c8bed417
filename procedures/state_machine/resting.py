"""What rests on a recorded act: later facts that would not have been lawful without it, letters issued on it."""

from collections.abc import Collection, Iterator, Sequence

from procedures.facts import CaseState, FactView
from procedures.former_names import names_of
from procedures.schema import Procedure, Verb
from procedures.state_machine.day_rules import contradicting_days, days_of
from procedures.state_machine.fold import fold, step, valid_facts
from procedures.state_machine.guards import check_guards
from procedures.state_machine.onward import leads_on


def resting_on(procedure: Procedure, facts: Sequence[FactView], seq: int) -> FactView | None:
    """The first later fact that would not have been lawful without the fact `seq`, or that followed from it."""
    return _first_resting(procedure, names_of(procedure).facts(valid_facts(facts)), seq)


def left_hanging(procedure: Procedure, facts: Sequence[FactView], seq: int) -> FactView | None:
    """The first later fact that would be left without an act on which it rests; None where the act may be annulled.

    Where the case was led back to a step at which the act can be recorded, its steps between the two stays there are
    done again: they do not count. What belongs to no step, a complaint or a waiver, is not done again.
    """
    listed = names_of(procedure).facts(valid_facts(facts))
    verb = next((procedure.verbs.get(fact.kind) for fact in listed if fact.seq == seq), None)
    if verb is None:
        return None
    now = fold(procedure, [fact for fact in facts if fact.seq != seq])
    again = now.state in procedure.sources(verb)
    return _first_resting(procedure, listed, seq, _to_do_again(procedure, now) if again else ())


def _to_do_again(procedure: Procedure, state: CaseState) -> range:
    """The numbers of the facts between the first and the present stay at a step to which a case was led back."""
    stays = [place for place, (name, _, _) in enumerate(state.path) if name == state.state]
    if len(stays) < 2 or leads_on(procedure, state.state, state.path[stays[-1] - 1][0]) is None:
        return range(0)
    return range(state.path[stays[0]][2] + 1, state.path[stays[-1]][2] + 1)


def not_redone(procedure: Procedure, facts: Sequence[FactView]) -> Iterator[tuple[FactView, FactView]]:
    """Annulled acts that were not recorded again, each with the first valid fact that rested on it."""
    valid = names_of(procedure).facts(valid_facts(facts))
    annulled = {fact.annuls: fact.seq for fact in facts if fact.annuls is not None}
    for fact in names_of(procedure).facts([fact for fact in facts if fact.seq in annulled]):
        if fact.kind in procedure.verbs and not any(item.kind == fact.kind and item.seq > fact.seq for item in valid):
            listed = sorted([*valid, fact], key=lambda item: item.seq)
            if (resting := _first_resting(procedure, listed, fact.seq)) is not None:
                yield fact, resting


def _first_resting(
    procedure: Procedure, listed: Sequence[FactView], seq: int, done_again: Collection[int] = ()
) -> FactView | None:
    with_it, without = CaseState(), CaseState()
    for fact in listed:
        if fact.seq > seq and fact.kind in procedure.verbs:
            verb = procedure.verbs[fact.kind]
            again = fact.seq in done_again and not verb.at_any_step
            if not again and _leans(procedure, with_it, without, verb, fact):
                return fact
        step(procedure, with_it, fact)
        if fact.seq != seq:
            step(procedure, without, fact)
    return None


def _leans(procedure: Procedure, with_it: CaseState, without: CaseState, verb: Verb, fact: FactView) -> bool:
    lawful = [_lawful(procedure, state, verb, fact) for state in (with_it, without)]
    return lawful[0] and not lawful[1]


def _lawful(procedure: Procedure, state: CaseState, verb: Verb, fact: FactView) -> bool:
    here = state.state in procedure.sources(verb)
    data = {**fact.data, "occurred_on": fact.occurred_on}
    if not here or check_guards(procedure, state, verb.guards, data) is not None:
        return False
    return next(contradicting_days(days_of(procedure, state, fact), fact), None) is None


def followed(facts: Sequence[FactView], seq: int, but: int) -> Iterator[FactView]:
    """Valid facts of letters other than `but` (its id) that were issued on the fact `seq`."""
    for fact in valid_facts(facts):
        if fact.kind == "letter_issued" and fact.data.get("follows") == seq and fact.data.get("letter") != but:
            yield fact
