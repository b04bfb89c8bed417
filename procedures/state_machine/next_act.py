"""The next act of a case, and whether this person may do it now."""

from dataclasses import dataclass

from models.errors import CoopcaseError
from procedures.facts import CLOCK, CaseState, Doer
from procedures.schema import Procedure, Verb
from procedures.state_machine.ahead import moves_ahead
from procedures.state_machine.engine import why_not
from procedures.state_machine.guards import check_guards, named
from procedures.state_machine.onward import waits, way_on

OF_KIND = frozenset({"kind_among", "kind_not_among"})


@dataclass(frozen=True, slots=True)
class NextAct:
    """A verb, and the reason why this person may not do it; None: allowed."""

    verb: str
    reason: CoopcaseError | None

    @property
    def mine(self) -> bool:
        return self.reason is None


def next_act(procedure: Procedure, state: CaseState, doer: Doer) -> NextAct | None:
    """The next act: the transition that is ready, else what the nearest transition lacks, else the shortest step.

    A transition open from several stages, such as to the court, does not count as the next one, nor does a rare act.
    Of several missing acts one that this person may do is preferred. Returns None where nothing is left to do.
    """
    checked = [NextAct(verb, why_not(procedure, state, verb, doer)) for verb in _nearest(procedure, state)]
    return next((act for act in checked if act.mine), checked[0] if checked else None)


def act_for(procedure: Procedure, state: CaseState, doer: Doer, deadline: str) -> NextAct | None:
    """The first act that meets a deadline and that this person may do now; None without one."""
    meeting = (name for name, verb in procedure.verbs.items() if deadline and deadline in verb.meets)
    return next((NextAct(name, None) for name in meeting if why_not(procedure, state, name, doer) is None), None)


def states_of_role(procedure: Procedure, role: str, level: str, *, but: str) -> set[str]:
    """The states where the next act may fall to a role alone, and not to the role `but` too.

    `level`: of the office that carries the cases, as this person's office sees it: `same`, or `above` it.
    """
    return {
        state
        for verb in procedure.verbs.values()
        if role in verb.by and but not in verb.by and (verb.level == "above") == (level == "above")
        for state in verb.from_
        if state in procedure.states and not procedure.states[state].final and _may_come_next(procedure, state, verb)
    }


def _may_come_next(procedure: Procedure, state: str, verb: Verb) -> bool:
    """Whether `next_act` may ever name a verb: no move that leads back, nor a rare one that waits for nothing."""
    if verb.to is None:
        return True
    return way_on(procedure, state, verb) is not None and (not verb.rare or waits(verb))


def _nearest(procedure: Procedure, state: CaseState) -> list[str]:
    at = procedure.states.get(state.state)  # none where the facts of a case are lost
    if at is None or at.final:
        return []
    own = [
        name
        for name, verb in procedure.verbs.items()
        if state.state in verb.from_ and set(verb.by) != {CLOCK} and _for_its_kind(procedure, state, verb)
    ]
    usual = [name for name in own if not procedure.verbs[name].rare]
    ways = {name: way for name in own if (way := way_on(procedure, state.state, procedure.verbs[name])) is not None}
    moves = [move for move in moves_ahead(procedure, state) if move.verb in ways]
    if moves:
        lacking = [lack.verb for lack in moves[0].lacks if lack.verb is not None]
        return lacking or [moves[0].verb]
    shortest = sorted((name for name in ways if name in usual), key=lambda name: ways[name])
    ready = [name for name in shortest if check_guards(procedure, state, procedure.verbs[name].guards, None) is None]
    return (ready or shortest)[:1]


def _for_its_kind(procedure: Procedure, state: CaseState, verb: Verb) -> bool:
    """Whether units of this kind have the act at all; nothing done in a case changes that."""
    return check_guards(procedure, state, [guard for guard in verb.guards if named(guard) in OF_KIND], None) is None
