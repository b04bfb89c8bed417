"""The act that comes next after one that asks for nothing, so that both can be done in one form."""

from datetime import date

from casework.ledger import LoadedCase
from casework.office.people import Actor
from procedures.facts import Choice, FactView
from procedures.schema import Verb
from procedures.state_machine.engine import available, fold, why_not
from procedures.state_machine.next_act import next_act
from procedures.state_machine.own_day import own_day_of


def asks_nothing(verb: Verb) -> bool:
    """Whether an act has no field, no evidence and no paper: its form would be a button alone."""
    return not verb.needs and verb.evidence != "required" and not verb.takes_effect_by


def following(loaded: LoadedCase, name: str, person: Actor, today: date) -> Choice | None:
    """What the same person may do next once an act that asks for nothing is done today; None without such an act."""
    procedure, doer = loaded.procedure, person.doer()
    if not asks_nothing(procedure.verbs[name]) or why_not(procedure, loaded.state, name, doer) is not None:
        return None
    done = FactView(loaded.state.seq + 1, name, today, person.login, person.role)
    after = fold(procedure, [*loaded.facts, done])
    coming = next_act(procedure, after, doer)
    if coming is None or not coming.mine or asks_nothing(procedure.verbs[coming.verb]):
        return None
    choice = next(choice for choice in available(procedure, after, doer) if choice.verb == coming.verb)
    return None if own_day_of(procedure.verbs[coming.verb], choice.needs) else choice  # both are of one day
