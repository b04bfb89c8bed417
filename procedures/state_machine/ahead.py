"""The transitions out of a case's state with the conditions that each still lacks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from models.errors import CoopcaseError
from procedures.facts import CaseState
from procedures.schema import Procedure, Verb
from procedures.state_machine.closing import closing_holds
from procedures.state_machine.guards import GUARDS, check_guards, named, needs_data, undone
from procedures.state_machine.onward import leads_back, waits


@dataclass(frozen=True, slots=True)
class Lack:
    """A condition that a transition lacks, and the verb that would fulfil it, where one does.

    `instead`: verbs that take the case another way.
    """

    reason: CoopcaseError
    verb: str | None
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A verb that moves a case to another state once its conditions are fulfilled."""

    verb: str
    lacks: tuple[Lack, ...]

    @property
    def asks_for(self) -> frozenset[str]:
        """The verbs that would fulfil what it lacks."""
        return frozenset(verb for lack in self.lacks for verb in (lack.verb, *lack.instead) if verb is not None)


def moves_ahead(procedure: Procedure, state: CaseState) -> list[Move]:
    """Return the transitions that lack a condition, those that lack least first; transitions back are left out.

    A rare one is among them once nothing lacks: what it asks for is not to be brought about.
    """
    found = [
        Move(name, tuple(_lacks(procedure, state, verb)))
        for name, verb in procedure.verbs.items()
        if verb.to is not None
        and state.state in verb.from_
        and waits(verb)
        and not leads_back(procedure, state.state, verb)
    ]
    listed = [move for move in found if not (move.lacks and procedure.verbs[move.verb].rare)]
    return sorted(listed, key=lambda move: len(move.lacks))


def _lacks(procedure: Procedure, state: CaseState, verb: Verb) -> Iterator[Lack]:
    for guard in verb.guards:
        name = named(guard)
        if needs_data(guard):
            continue
        if name == "done":
            assert isinstance(guard, Mapping)
            yield from (Lack(reason, missing) for missing, reason in undone(procedure, state, guard))
        elif name == "closing_clear":
            yield from (Lack(hold.reason, _able(procedure, state, hold.by)) for hold in closing_holds(procedure, state))
        elif (reason := GUARDS[name](procedure, state, {}, guard)) is not None:
            yield Lack(reason, _doable(procedure, state, helping(procedure, state.state, guard)), _instead(guard))


def _doable(procedure: Procedure, state: CaseState, verb: str | None) -> str | None:
    """The verb, or the first that has to be done before it."""
    if verb is None:
        return None
    before = [guard for guard in procedure.verbs[verb].guards if isinstance(guard, Mapping) and named(guard) == "done"]
    undone_first = (name for guard in before if not needs_data(guard) for name, _ in undone(procedure, state, guard))
    return next(undone_first, verb)


def _instead(guard: str | Mapping[str, Any]) -> tuple[str, ...]:
    rule = guard.get("shortage_weighed") if isinstance(guard, Mapping) else None
    return tuple(rule.get("instead", ())) if rule else ()


def _able(procedure: Procedure, state: CaseState, verbs: Iterable[str]) -> str | None:
    """The first of some verbs whose own conditions hold, else the first that belongs to the state."""
    here = [name for name in verbs if state.state in procedure.sources(procedure.verbs[name])]
    ready = (name for name in here if check_guards(procedure, state, procedure.verbs[name].guards, None) is None)
    return next(ready, here[0] if here else None)


def helping(procedure: Procedure, at: str, guard: str | Mapping[str, Any]) -> str | None:
    """The verb that settles what a guard asks for in a state, where one does and the guard does not list verbs."""
    name = named(guard)
    if name == "at_least":
        assert isinstance(guard, Mapping)
        return str(guard["at_least"]["verb"])
    if name == "ground_proven":
        return next((key for key, verb in procedure.verbs.items() if verb.proves and at in verb.from_), None)
    if isinstance(guard, str):
        return None
    if name == "any_of":
        return helping(procedure, at, guard[name][0])
    if name == "done":
        return str(guard[name][0])
    if name == "last_says":
        verb = guard[name]["verb"]
        return verb if at in procedure.sources(procedure.verbs[verb]) else None
    if name == "undivided_settled":
        first = guard[name]["first"]
        return first if first and at in procedure.verbs[first].from_ else None
    if name == "newspaper_issues":
        return str(guard[name]["verb"])
    return str(guard[name]["by"][0]) if name in ("returned_or_waived", "shortage_weighed") else None
