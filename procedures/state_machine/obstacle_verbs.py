"""The acts of a procedure that name an obstacle and lift it, found by what they declare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procedures.schema import FromField, Procedure, Verb

OBSTACLES = "obstacles"


@dataclass(frozen=True, slots=True)
class ObstacleAct:
    """An act on an obstacle, and what of its fields follows from the obstacle."""

    verb: str
    data: Mapping[str, Any]


def naming(procedure: Procedure) -> str:
    """The act that names any obstacle; empty where the procedure has none."""
    found = (name for name, verb in procedure.verbs.items() if _field_of(verb, verb.names))
    return next(found, "")


def lifting(procedure: Procedure, code: str) -> ObstacleAct | None:
    """The act that lifts any obstacle, with the obstacle chosen; None where the procedure has none."""
    found = ((name, _field_of(verb, verb.clears)) for name, verb in procedure.verbs.items())
    return next((ObstacleAct(name, {field: code}) for name, field in found if field), None)


def answering(procedure: Procedure, code: str) -> ObstacleAct | None:
    """The act that records the answer to the letter of an obstacle, with what the letter says of it; None without one.

    Only an act whose other fields may be left empty: it is done for many cases at once.
    """
    letter = procedure.obstacles[code].letter if code in procedure.obstacles else ""
    for kind in procedure.papers.incoming.values():
        verb = procedure.verbs.get(kind.verb)
        if letter and letter in kind.answers and verb is not None:
            fixed = dict(kind.settled(letter))
            if all(name in fixed for name, need in verb.needs.items() if need.required) and verb.evidence != "required":
                return ObstacleAct(kind.verb, fixed)
    return None


def taken_from_answer(procedure: Procedure, verb: str) -> Mapping[str, str]:
    """The fields of an answer that the document itself gives (`symbol`, `summary`), each with where it comes from."""
    return next((kind.takes for kind in procedure.papers.incoming.values() if kind.verb == verb), {})


def note_field(procedure: Procedure, verb: str) -> str:
    """The field of an act that takes a free text; empty without one."""
    needs = procedure.verbs[verb].needs
    return next((name for name, need in needs.items() if need.type == "longtext"), "")


def _field_of(verb: Verb, said: str | FromField | None) -> str:
    """The field by which an act chooses among all obstacles."""
    if not isinstance(said, FromField) or said.map:
        return ""
    need = verb.needs.get(said.field)
    return said.field if need is not None and need.options_from == OBSTACLES else ""
