"""The course of a case through the stages of its procedure."""

from procedures.facts import CaseState
from procedures.schema import Procedure


def entered_stage(procedure: Procedure, state: CaseState) -> int:
    """The seq of the fact that brought the case into the stage it is in; 0 where none is known."""
    seq = 0
    for name, _, entered in reversed(state.path):
        if procedure.states[name].stage != state.stage:
            break
        seq = entered
    return seq
