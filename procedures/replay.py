"""Whether facts still make a lawful path when one of them no longer counts."""

from collections.abc import Sequence

from procedures.facts import CaseState, FactView
from procedures.fold import standing, step
from procedures.schema import Procedure


def first_broken(procedure: Procedure, facts: Sequence[FactView]) -> FactView | None:
    """The first standing fact whose verb is not of the state the case was in, or that an overlay blocked."""
    state = CaseState()
    for fact in standing(facts):
        verb = procedure.verbs.get(fact.kind)
        if verb is not None and (
            state.state not in procedure.sources(verb)
            or any(fact.kind in procedure.overlays[overlay].blocks for overlay in state.overlays)
        ):
            return fact
        step(procedure, state, fact)
    return None
