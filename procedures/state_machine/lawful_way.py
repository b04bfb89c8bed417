"""The acts that still lead a case to a fixed date of the programme, in order; derived from the procedure alone.

A way follows the moves that lead on. Where a move goes to a state that a field chooses, it follows what has been typed
in that field since the case entered its stage, else every choice is a way of its own. What has to be done before a
move comes before it; conditions that only some acts have to meet (`when`, `unless`) are not counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from procedures.facts import CaseState
from procedures.schema import ByIdentity, FromField, Procedure, Verb
from procedures.state_machine.ahead import helping
from procedures.state_machine.guards import GUARDS, named, needs_data, undone
from procedures.state_machine.onward import moves_on
from procedures.state_machine.stages import entered_stage

Ends = frozenset[str] | None
"""Where a way ends: with a verb that meets one of these deadlines; None: with one that gives an outcome."""


@dataclass(frozen=True, slots=True)
class WayAct:
    """An act on the way. `to`: the state it leads to; None for one that only has to be done before a move."""

    verb: str
    at: str
    to: str | None


def lawful_ways(procedure: Procedure, state: CaseState, milestone: str) -> list[tuple[WayAct, ...]]:
    """Return the ways from the current state of a case to an act that meets a deadline of the fixed date.

    Where no such act lies ahead, as for a case that takes another measure: to an act that gives it an outcome. Empty
    for a closed case, and where no way leads on.
    """
    keys = frozenset(key for key, kind in procedure.deadlines.items() if kind.until == milestone)
    return _Ways(procedure, state, keys).found() or _Ways(procedure, state, None).found()


def with_acts_before(procedure: Procedure, moves: Sequence[WayAct]) -> list[WayAct]:
    """The moves of a case about which nothing is known yet, with the acts that have to be done before each of them."""
    return _Ways(procedure, CaseState(procedure.start), frozenset())._prepared(moves)


class _Ways:
    def __init__(self, procedure: Procedure, state: CaseState, ends: Ends) -> None:
        self.procedure, self.state, self.ends = procedure, state, ends

    def found(self) -> list[tuple[WayAct, ...]]:
        if not self.state.state or self.procedure.states[self.state.state].final:
            return []
        ways = _moves(ByIdentity(self.procedure), self.state.state, self.ends, aside=True)
        return [tuple(self._prepared(moves)) for moves in ways if all(map(self._is_chosen, moves))]

    def _is_chosen(self, move: WayAct) -> bool:
        """Whether a move goes to its state, as far as it has been said."""
        leads = self.procedure.verbs[move.verb].to
        if not isinstance(leads, FromField):
            return True
        said = self._said(leads.field)
        return said is None or leads.pick({leads.field: said}) == move.to

    def _said(self, field: str) -> Any:
        after = entered_stage(self.procedure, self.state)
        asking = [name for name, verb in self.procedure.verbs.items() if field in verb.needs]
        facts = [fact for name in asking for fact in self.state.done.get(name, ()) if fact.seq > after]
        return max(facts, key=lambda fact: fact.seq).data.get(field) if facts else None

    def _prepared(self, moves: Sequence[WayAct]) -> list[WayAct]:
        acts: list[WayAct] = []
        for move in moves:
            before = list(self._before(move.verb, move.at, {act.verb for act in acts}))
            acts.extend(WayAct(name, move.at, None) for name in dict.fromkeys(before))
            acts.append(move)
        return acts

    def _before(self, name: str, at: str, passed: set[str]) -> Iterator[str]:
        """What is to be done first, and before that."""
        for guard in _known_guards(ByIdentity(self.procedure), name):
            for verb in self._lacking(guard, at, passed):
                if verb != name:
                    yield from self._before(verb, at, passed)
                    yield verb

    def _lacking(self, guard: str | Mapping[str, Any], at: str, passed: set[str]) -> list[str]:
        since = guard.get("since") or () if isinstance(guard, Mapping) else ()
        anew = not passed.isdisjoint([since] if isinstance(since, str) else since)
        state = CaseState(at, unit=self.state.unit) if anew else self.state
        if isinstance(guard, Mapping) and named(guard) == "done":
            return [verb for verb, _ in undone(self.procedure, state, guard) if verb not in passed or anew]
        if GUARDS[named(guard)](self.procedure, state, {}, guard) is None:
            return []
        found = helping(self.procedure, at, guard)
        return [] if found is None or (found in passed and not anew) else [found]


@lru_cache(4096)
def _moves(by: ByIdentity, at: str, ends: Ends, *, aside: bool = False) -> tuple[tuple[WayAct, ...], ...]:
    """Every way of moves from a state to the end, whatever has been said of a case."""
    procedure = by.procedure
    found: list[tuple[WayAct, ...]] = [
        (WayAct(name, at, None),)
        for name, verb in procedure.verbs.items()
        if verb.to is None and at in procedure.sources(verb) and _ends(verb, ends)
    ]
    for name, target in moves_on(procedure, at, aside=aside):
        move = WayAct(name, at, target)
        following: tuple[tuple[WayAct, ...], ...] = (
            ((),) if _ends(procedure.verbs[name], ends) else _moves(by, target, ends)
        )
        found += [(move, *rest) for rest in following]
    return tuple(found)


def _ends(verb: Verb, ends: Ends) -> bool:
    return verb.outcome is not None if ends is None else not ends.isdisjoint(verb.meets)


@lru_cache(4096)
def _known_guards(by: ByIdentity, name: str) -> tuple[Any, ...]:
    """The guards of a verb that can be asked before its form is filled in."""
    return tuple(guard for guard in by.procedure.verbs[name].guards if not needs_data(guard))
