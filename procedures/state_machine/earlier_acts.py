"""What lies before a step of the procedure, for a case that began on paper: the steps at which it can be taken over,
the way there, and of each act on it the days, values and papers that can be given. Derived from the procedure alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from procedures.facts import CLOCK
from procedures.schema import FieldNeed, FromField, Procedure, Verb
from procedures.state_machine.acts_on_paper import letters_of
from procedures.state_machine.lawful_way import WayAct, with_acts_before
from procedures.state_machine.onward import leads_on, moves_on, targets_of

USUAL, ASIDE = 1, 10  # lengths of a move that leads on, and of one that leads aside, in the search for the way
ENTERED = frozenset({"date", "choice", "text", "integer", "money"})  # types that a column of a workbook can hold


@dataclass(frozen=True, slots=True)
class Step:
    """A step at which a case can be taken over. `verb`: the act that led there, where each gives its own outcome."""

    state: str
    verb: str = ""

    @property
    def key(self) -> str:
        return f"{self.state}.{self.verb}" if self.verb else self.state


@dataclass(frozen=True, slots=True)
class EarlierAct:
    """An act that lies before a step, or may have been done at it.

    `day`: the field that gives the day of the act (empty: its own day). `asked`: a case gets to the step only by it, so
    that it is a gap where it is not known; `needed`: of its fields those that are a gap where it is known without them.
    `paper`: it calls for a letter; `takes_effect`: it takes effect by one. `fixed`: values that follow from the way.
    `served`: it starts a clock that waits for proof of service.
    """

    verb: str
    at: str
    to: str | None
    day: str = ""
    fields: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    asked: bool = False
    paper: bool = False
    takes_effect: bool = False
    served: bool = False
    times: int = 1
    fixed: Mapping[str, Any] = field(default_factory=dict)


def steps(procedure: Procedure) -> list[Step]:
    """The steps at which a case can be taken over: every open one but the first."""
    found: list[Step] = []
    for name, state in procedure.states.items():
        if state.start or state.final:
            continue
        ends = [verb for verb, spec in _entering(procedure, name) if spec.outcome is not None]
        found += [Step(name, verb) for verb in ends] or [Step(name)]
    return found


def step_named(procedure: Procedure, key: str) -> Step | None:
    """The step of a key; None where the procedure has none of it."""
    return next((one for one in steps(procedure) if one.key == key), None)


def acts_before(procedure: Procedure, step: Step) -> list[EarlierAct]:
    """The acts of a case on its way to a step, in order; then those done at the step before the case goes on.

    Among the latter are the acts that say who represents the unit now, which may lie anywhere on the way.
    """
    moves = _way(procedure, step)
    past: dict[str, WayAct] = {}
    for act in with_acts_before(procedure, moves):
        past.setdefault(act.verb, act)
    here: dict[str, WayAct] = {}
    for name, target in moves_on(procedure, step.state):
        for act in with_acts_before(procedure, [*moves, WayAct(name, step.state, target)]):
            if act.verb != name and act.at == step.state:
                here |= _with_wanted(procedure, act)
    for name, verb in procedure.verbs.items():
        if verb.unit and verb.to is None and step.state in procedure.sources(verb):
            here |= _with_wanted(procedure, WayAct(name, step.state, None))
    listed = [_act(procedure, act, asked=True) for act in past.values()]
    return listed + [_act(procedure, act, asked=False) for act in here.values() if act.verb not in past]


def _with_wanted(procedure: Procedure, act: WayAct) -> dict[str, WayAct]:
    """An act at a step, after those that its conditions name."""
    return {verb: WayAct(verb, act.at, None) for verb in _wanted_by(procedure, act)} | {act.verb: act}


def _wanted_by(procedure: Procedure, act: WayAct) -> list[str]:
    """The acts at the same step that the conditions of an act name, those that need its data too."""
    found: list[str] = []
    for guard in procedure.verbs[act.verb].guards:
        for part in _parts(guard) if isinstance(guard, Mapping) else ():
            found += [*_listed(part.get("done")), *([part["verb"]] if "verb" in part else [])]
    known = (verb for verb in found if verb in procedure.verbs)
    return [
        verb for verb in dict.fromkeys(known) if act.at in procedure.sources(procedure.verbs[verb]) and verb != act.verb
    ]


def _entering(procedure: Procedure, target: str) -> Iterator[tuple[str, Verb]]:
    for name, verb in procedure.verbs.items():
        leads = any(leads_on(procedure, at, target) for at in procedure.sources(verb))
        if target in targets_of(verb) and set(verb.by) != {CLOCK} and leads:
            yield name, verb


def _way(procedure: Procedure, step: Step) -> list[WayAct]:
    """The shortest way to a step by moves that lead on; none where the procedure has no way there."""
    waiting: list[tuple[int, int, str, tuple[WayAct, ...]]] = [(0, 0, procedure.start, ())]
    seen: set[str] = set()
    number = 0
    while waiting:
        length, _, at, way = heappop(waiting)
        if at == step.state:
            return list(way)
        if at in seen:
            continue
        seen.add(at)
        for verb, target, cost in _edges(procedure, at):
            if target != step.state or not step.verb or verb == step.verb:
                number += 1
                heappush(waiting, (length + cost, number, target, (*way, WayAct(verb, at, target))))
    return []


def _edges(procedure: Procedure, at: str) -> Iterator[tuple[str, str, int]]:
    usual = set(moves_on(procedure, at))
    for name, verb in procedure.verbs.items():
        if at not in procedure.sources(verb) or set(verb.by) == {CLOCK}:
            continue
        for target in targets_of(verb):
            if leads_on(procedure, at, target):
                yield name, target, USUAL if (name, target) in usual else ASIDE


def _act(procedure: Procedure, act: WayAct, *, asked: bool) -> EarlierAct:
    verb = procedure.verbs[act.verb]
    fixed = _fixed(verb, act.to)
    day = _day_field(verb)
    read = _codes(verb) | _read_by_guards(procedure, act.verb) | set(verb.unit.values())
    fields = [
        name
        for name, need in verb.needs.items()
        if name != day and name not in fixed and need.type in ENTERED
        and (need.type == "date" or name in read or (not asked and need.required))
    ]  # fmt: skip
    needed = [name for name in fields if verb.needs[name].required]
    return EarlierAct(
        act.verb, act.at, act.to, day, tuple(fields), tuple(needed), asked, bool(letters_of(verb)),
        bool(verb.takes_effect_by),
        any(start.served for start in verb.starts), _times(procedure, act.verb), fixed,
    )  # fmt: skip


def _fixed(verb: Verb, to: str | None) -> dict[str, Any]:
    if to is None or not isinstance(verb.to, FromField):
        return {}
    said = next((said for said, target in verb.to.map.items() if target == to), to)
    return {verb.to.field: said}


def _day_field(verb: Verb) -> str:
    """The field with the day of an act: the one that ends its clocks, else the first day that is past; or empty."""
    if verb.met_on:
        return verb.met_on
    return next((name for name, need in verb.needs.items() if _is_past_day(need)), "")


def _is_past_day(need: FieldNeed) -> bool:
    return need.type == "date" and need.required and not need.future


def _codes(verb: Verb) -> set[str]:
    """The fields from which the state of a case takes a code, such as the ground that was proven."""
    parts = (verb.to, verb.raises, verb.lifts, verb.names, verb.clears, verb.proves, verb.disproves, verb.outcome)
    return {part.field for part in parts if isinstance(part, FromField)}


def _read_by_guards(procedure: Procedure, name: str) -> set[str]:
    """The fields of an act that conditions of later ones read."""
    needs = procedure.verbs[name].needs
    found: set[str] = set()
    for verb in procedure.verbs.values():
        for guard in verb.guards:
            if isinstance(guard, Mapping):
                for part in _parts(guard):
                    if part.get("verb") == name:
                        found |= {value for value in part.values() if isinstance(value, str) and value in needs}
                    if name in _listed(part.get("done")):
                        found |= set(part.get("only") or ()) & needs.keys()
    return found


def _times(procedure: Procedure, name: str) -> int:
    """How often a condition asks for an act."""
    guards = [guard for verb in procedure.verbs.values() for guard in verb.guards if isinstance(guard, Mapping)]
    parts = [part for guard in guards for part in _parts(guard) if part.get("verb") == name]
    printed = [guard for guard in guards if (guard.get("newspaper_issues") or {}).get("verb") == name]
    return max([procedure.papers.issues if printed else 1, *(int(part.get("times", 1)) for part in parts)])


def _parts(guard: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield guard
    for value in guard.values():
        if isinstance(value, Mapping):
            yield from _parts(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
