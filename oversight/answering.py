"""Whose act comes next: who signs its paper where it takes effect by one, otherwise who may do it."""

from letters.issuing_bodies import NOBODY, bodies
from procedures.schema import EffectPaper, Procedure


def answering(procedure: Procedure, verb: str) -> tuple[str, ...]:
    """The roles of the procedure that bring an act into effect.

    An officer prepares an act that takes effect by a paper; on its last useful day the body's signatory has to sign.
    Of a paper that others sign, those who may prepare the act.
    """
    spec = procedure.verbs[verb]
    signing = [role for paper in spec.takes_effect_by for role in _signing(paper)]
    found = [role for role in dict.fromkeys(signing) if role in procedure.roles]
    return tuple(found) or tuple(role for role in spec.by if role in procedure.roles)


def _signing(paper: EffectPaper) -> list[str]:
    """The roles that sign for the body of a paper, in a district and in the city."""
    body = bodies()[paper.body]
    own = [body, bodies()[body.city]] if body.city else [body]
    return [one.signs for one in own if one.signs != NOBODY]
