"""state = fold(procedure, facts): the state of a case is nothing but what its standing facts make of it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from procedures.facts import CaseState, ClockState, FactView, Lengthening, Pause
from procedures.schema import FromField, Procedure, Verb


def fold(procedure: Procedure, facts: Iterable[FactView]) -> CaseState:
    """Fold facts in the order they were recorded; annulled ones and their annulments do not count."""
    listed = facts if isinstance(facts, list | tuple) else list(facts)
    annulled = {fact.annuls for fact in listed if fact.annuls is not None}
    state = CaseState()
    for fact in listed:
        if fact.seq in annulled or fact.annuls is not None:
            state.seq = fact.seq
        else:
            step(procedure, state, fact)
    return state


def step(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    """Carry the state over one more standing fact, in place."""
    state.seq = fact.seq
    verb = procedure.verbs.get(fact.kind)
    if verb is not None:
        _apply(procedure, state, verb, fact)
    else:
        _apply_built_in(procedure, state, fact)


def standing(facts: Iterable[FactView]) -> list[FactView]:
    """The facts that count: neither annulled nor annulments."""
    listed = list(facts)
    annulled = {fact.annuls for fact in listed if fact.annuls is not None}
    return [fact for fact in listed if fact.seq not in annulled and fact.annuls is None]


def code(choice: str | FromField | None, data: Mapping[str, Any]) -> str | None:
    """The code that a verb names outright or takes from a field."""
    return choice.pick(dict(data)) if isinstance(choice, FromField) else choice


def _apply_built_in(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    state.done.setdefault(fact.kind, []).append(fact)
    if fact.kind == "opened":
        state.opened_on = fact.occurred_on
        state.unit = fact.data
        state.district = fact.data.get("district")
        state.level = fact.data.get("level", "district")
        state.officer = fact.data.get("officer")
        _enter(procedure, state, procedure.start, fact)
    elif fact.kind == "reassigned":
        state.officer = fact.data.get("officer")


def _apply(procedure: Procedure, state: CaseState, verb: Verb, fact: FactView) -> None:
    state.done.setdefault(fact.kind, []).append(fact)
    data, on = fact.data, fact.occurred_on
    for key in verb.meets:
        _end(state, key, "met", on)
    for key in verb.drops:
        _end(state, key, "dropped", on)
    if verb.to is not None:
        target = code(verb.to, data)
        if target is not None and target != state.state:
            _leave(procedure, state, on)
            _enter(procedure, state, target, fact)
    for start in verb.starts:
        _start(procedure, state, start.deadline, _day(data.get(start.from_)) or on, fact.seq)
    _mark(procedure, state, verb, fact)
    outcome = code(verb.outcome, data)
    if outcome is not None:
        state.outcome = outcome


def _mark(procedure: Procedure, state: CaseState, verb: Verb, fact: FactView) -> None:
    data, on = fact.data, fact.occurred_on
    if (raised := code(verb.raises, data)) is not None:
        _raise_overlay(procedure, state, raised, fact)
    if (lifted := code(verb.lifts, data)) is not None:
        _lift_overlay(state, lifted, on)
    if (named := code(verb.names, data)) is not None:
        state.obstacles[named] = fact
    if (cleared := code(verb.clears, data)) is not None and cleared in state.obstacles:
        state.lifted.append((cleared, state.obstacles.pop(cleared), on))
    if (proven := code(verb.proves, data)) is not None:
        state.grounds[proven] = fact.seq
    if (fallen := code(verb.disproves, data)) is not None:
        state.grounds.pop(fallen, None)
    if verb.extends is not None:
        _extend(state, verb.extends.deadline or str(data.get(verb.extends.deadline_field, "")), verb, fact)


def _enter(procedure: Procedure, state: CaseState, target: str, fact: FactView) -> None:
    spec = procedure.states[target]
    state.state, state.stage = target, spec.stage
    state.path.append((target, fact.occurred_on, fact.seq))
    state.closed_on = fact.occurred_on if spec.final else None
    if not spec.final:
        state.outcome = None
    for key in spec.clocks:
        _start(procedure, state, key, fact.occurred_on, fact.seq)


def _leave(procedure: Procedure, state: CaseState, on: date) -> None:
    for key in procedure.states[state.state].clocks:
        _end(state, key, "dropped", on)


def _start(procedure: Procedure, state: CaseState, key: str, on: date, seq: int) -> None:
    clock = ClockState(key, on, seq)
    state.clocks[key] = clock
    for overlay in state.overlays:
        if key in procedure.overlays[overlay].stops:
            clock.pauses.append(Pause(on, None, overlay, seq))


def _end(state: CaseState, key: str, status: str, on: date) -> None:
    clock = state.clocks.get(key)
    if clock is not None and clock.status == "open":
        clock.status, clock.ended_on = status, on


def _raise_overlay(procedure: Procedure, state: CaseState, overlay: str, fact: FactView) -> None:
    if overlay in state.overlays:
        return
    state.overlays[overlay] = fact.occurred_on
    for key in procedure.overlays[overlay].stops:
        clock = state.clocks.get(key)
        if clock is not None and clock.status == "open":
            clock.pauses.append(Pause(max(fact.occurred_on, clock.starts_on), None, overlay, fact.seq))


def _lift_overlay(state: CaseState, overlay: str, on: date) -> None:
    if state.overlays.pop(overlay, None) is None:
        return
    for clock in state.clocks.values():
        for pause in clock.pauses:
            if pause.reason == overlay and pause.to_on is None:
                pause.to_on = max(on, pause.from_on)


def _extend(state: CaseState, key: str, verb: Verb, fact: FactView) -> None:
    clock = state.clocks.get(key)
    if clock is not None and verb.extends is not None:
        days = int(fact.data.get(verb.extends.days_field) or 0)
        decision = str(fact.data.get(verb.extends.decision_field) or "")
        clock.extensions.append(Lengthening(days, decision, fact.seq))


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if value else None
