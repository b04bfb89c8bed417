"""Which moves lead a case on through its procedure, rather than back or aside."""

from procedures.facts import CLOCK
from procedures.schema import Procedure, Verb
from procedures.state_machine.guards import UNSETTLED, named, needs_data


def waits(verb: Verb) -> bool:
    """Whether something has to be done or settled before the move, which can be known before its form is filled in."""
    return not all(needs_data(guard) or named(guard) in UNSETTLED for guard in verb.guards)


def way_on(procedure: Procedure, at: str, verb: Verb) -> tuple[int, int] | None:
    """How many stages and states a verb leads on from a state, in the order of the procedure.

    (0, 0) if it moves nothing. None when it leads back, or aside: a way that is open from several stages, such as to
    the court.
    """
    if verb.to is None:
        return 0, 0
    if _from_several_stages(procedure, verb):
        return None
    return min((step for target in targets_of(verb) if (step := leads_on(procedure, at, target))), default=None)


def leads_back(procedure: Procedure, at: str, verb: Verb) -> bool:
    """Whether a move only leads back, or leaves the case where it is, such as asking again for what is missing."""
    targets = targets_of(verb)
    return bool(targets) and not any(leads_on(procedure, at, target) for target in targets)


def targets_of(verb: Verb) -> list[str]:
    """The states that a verb may lead to; none for a verb that moves nothing."""
    if verb.to is None:
        return []
    return [verb.to] if isinstance(verb.to, str) else list(verb.to.map.values())


def moves_on(procedure: Procedure, at: str, *, aside: bool = False) -> list[tuple[str, str]]:
    """The moves that lead on from a state, each as (verb, state it leads to).

    Those that wait for something done first are the way of the procedure; where there is none, the shortest step.
    `aside`: where nothing leads on, also the ways that are open from several stages.
    """
    own = {
        name: verb for name, verb in procedure.verbs.items() if verb.to and at in verb.from_ and set(verb.by) != {CLOCK}
    }
    ways = {name: way for name, verb in own.items() if (way := way_on(procedure, at, verb)) is not None}
    chosen = [name for name in ways if waits(own[name])] or sorted(ways, key=lambda name: ways[name])[:1]
    if not chosen and aside:
        chosen = [name for name, verb in own.items() if _from_several_stages(procedure, verb)]
    return [(name, target) for name in chosen for target in targets_of(own[name]) if leads_on(procedure, at, target)]


def _from_several_stages(procedure: Procedure, verb: Verb) -> bool:
    return len({procedure.states[name].stage for name in verb.from_ if name in procedure.states}) > 1


def leads_on(procedure: Procedure, at: str, target: str) -> tuple[int, int] | None:
    """How many stages and states one state lies behind another; None unless it lies further on."""
    here, there = _place(procedure, at), _place(procedure, target)
    return (there[0] - here[0], there[1] - here[1]) if there > here else None


def _place(procedure: Procedure, state: str) -> tuple[int, int]:
    return list(procedure.stages).index(procedure.states[state].stage), list(procedure.states).index(state)
