"""state = fold(procedure, facts): the state of a case is derived from its valid facts alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from procedures.facts import COMPLETED, TAKEN_OVER, CaseState, FactView
from procedures.former_names import names_of
from procedures.legal_time.clocks import (
    day_of,
    end,
    lift_overlay,
    raise_overlay,
    serve,
    serve_by_act,
    start,
    start_by,
    work_on,
)
from procedures.schema import FromField, Procedure, Verb
from procedures.state_machine import irregularities
from procedures.state_machine.taking_over import bring, confirm_gaps, fill_gaps, known_act, take_over
from procedures.state_machine.unit_data import note_unit


def fold(procedure: Procedure, facts: Iterable[FactView]) -> CaseState:
    """Return the state after facts in the order they were recorded; annulled ones and annulments do not count."""
    listed = facts if isinstance(facts, list | tuple) else list(facts)
    state, names = CaseState(), names_of(procedure)
    for fact in valid_facts(listed):
        _step(procedure, state, names.fact(fact))
    state.seq = listed[-1].seq if listed else 0
    return state


def step(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    """Apply one more valid fact to the state, in place, by the names of this version."""
    _step(procedure, state, names_of(procedure).fact(fact))


def before_each_act(procedure: Procedure, fact: FactView) -> Iterator[tuple[int, FactView, CaseState]]:
    """The acts of a take-over whose day is known: their places, the acts, and the state of the case before each."""
    start = procedure.start
    state = CaseState(state=start, stage=procedure.states[start].stage)
    for place, act in enumerate(fact.data["acts"]):
        known = known_act(procedure, fact, act)
        if act["on"] is not None and known.kind in procedure.verbs:
            yield place, known, state
        bring(procedure, state, fact, act, _apply)


def _step(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    state.seq = fact.seq
    verb = procedure.verbs.get(fact.kind)
    if verb is not None:
        _apply(procedure, state, verb, fact)
    else:
        _apply_built_in(procedure, state, fact)


def valid_facts(facts: Iterable[FactView]) -> list[FactView]:
    """Return the facts that count: neither annulled nor annulments; a take-over with what was found later."""
    listed = list(facts)
    annulled = {fact.annuls for fact in listed if fact.annuls is not None}
    valid = [fact for fact in listed if fact.seq not in annulled and fact.annuls is None]
    found = {int(fact.data["of"]): fact.data for fact in valid if fact.kind == COMPLETED}
    return [_completed(fact, found) for fact in valid] if found else valid


def _completed(fact: FactView, found: Mapping[int, Mapping[str, Any]]) -> FactView:
    later = found.get(fact.seq)
    return fact if later is None else replace(fact, data={**fact.data, "acts": later["acts"], "gaps": later["gaps"]})


def code(choice: str | FromField | None, data: Mapping[str, Any]) -> str | None:
    """Return the code that a verb names directly or takes from a field."""
    return choice if choice is None or isinstance(choice, str) else choice.pick(data)


def _apply_built_in(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    state.done.setdefault(fact.kind, []).append(fact)
    if fact.kind == "opened":
        state.opened_on = fact.occurred_on
        state.unit = fact.data
        state.district = fact.data.get("district")
        state.level = fact.data.get("level", procedure.lower_level)
        state.officer = fact.data.get("officer")
        _enter(procedure, state, procedure.start, fact)
    elif fact.kind == "reassigned":
        state.officer = fact.data.get("officer")
    elif fact.kind == "letter_served":
        for key in state.clocks:
            for clock in state.runs(key):
                serve(clock, fact)
    elif fact.kind == TAKEN_OVER:
        take_over(procedure, state, fact, _apply)
    elif fact.kind == "gaps_confirmed":
        confirm_gaps(procedure, state, fact)
    elif fact.kind == "register_corrected":
        state.unit = {**state.unit, **{name: change["new"] for name, change in fact.data["fields"].items()}}
    elif fact.kind in ("irregularity_confirmed", "irregularity_accepted"):
        irregularities.settle(state, fact)
    else:
        _await_paper(state, fact)


def _await_paper(state: CaseState, fact: FactView) -> None:
    """An act that is prepared waits for its paper until it is withdrawn, or recorded as done."""
    if fact.kind == "act_prepared":
        state.prepared[str(fact.data["verb"])] = fact
    elif fact.kind == "act_withdrawn":
        state.prepared.pop(str(fact.data["verb"]), None)


def _apply(procedure: Procedure, state: CaseState, verb: Verb, fact: FactView) -> None:
    state.done.setdefault(fact.kind, []).append(fact)
    fill_gaps(state, fact.kind)
    state.prepared.pop(fact.kind, None)
    irregularities.note(state, fact)
    data, on = fact.data, fact.occurred_on
    if verb.serves is not None:
        serve_by_act(procedure, state, verb.serves, fact)
    for key in verb.meets:
        end(state, key, "met", day_of(data, verb.met_on) or on)
    for key in verb.drops:
        end(state, key, "dropped", on)
    if verb.to is not None:
        target = code(verb.to, data)
        if target is not None and target != state.state:
            _leave(procedure, state, on)
            _enter(procedure, state, target, fact)
    _start(state, verb, fact)
    for key in verb.meets_started:
        end(state, key, "met", day_of(data, verb.met_on) or on)
    _mark(procedure, state, verb, fact)
    note_unit(state, verb, data)
    _weigh_grounds(procedure, state, fact)
    _weigh_overlays(procedure, state, fact)
    outcome = code(verb.outcome, data)
    if outcome is not None:
        state.outcome = outcome
        for key in _staying(procedure, state):
            end(state, key, "dropped", on)


def _start(state: CaseState, verb: Verb, fact: FactView) -> None:
    for spec in verb.starts:
        if spec.applies(fact.data):
            start_by(state, spec, fact)


def _weigh_grounds(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    """A ground falls with the decision that it rests on, and returns with it."""
    if not state.grounds and not state.fallen:
        return
    for key, ground in procedure.grounds.items():
        if key in state.grounds:
            state.fallen.pop(key, None)
            if any(rule.fits(fact.kind, fact.data) for rule in ground.defeated_by):
                state.fallen[key] = state.grounds.pop(key)
        elif key in state.fallen and any(rule.fits(fact.kind, fact.data) for rule in ground.restored_by):
            state.grounds[key] = state.fallen.pop(key)


def _weigh_overlays(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    """An overlay follows what was decided, whichever act says it."""
    for key in procedure.weighed.get(fact.kind, ()):
        overlay = procedure.overlays[key]
        if any(rule.fits(fact.kind, fact.data) for rule in overlay.raised_by):
            raise_overlay(state, key, fact)
        elif any(rule.fits(fact.kind, fact.data) for rule in overlay.lifted_by):
            lift_overlay(state, key, fact)


def _staying(procedure: Procedure, state: CaseState) -> list[str]:
    return [key for key in state.clocks if key in procedure.deadlines and procedure.deadlines[key].stays]


def _still_open(procedure: Procedure, state: CaseState, verb: Verb, fact: FactView) -> set[str]:
    """What the overlay was raised for and no such act has named yet; one that names nothing settles all."""
    field = verb.lifts_each
    if not field or not fact.data.get(field):
        return set()
    raising = [kind for kind in state.done if kind in procedure.verbs and procedure.verbs[kind].raises == verb.lifts]
    raised = {str(earlier.data.get(field) or "") for kind in raising for earlier in state.done[kind]}
    return raised - {str(earlier.data.get(field) or "") for earlier in state.done[fact.kind]}


def _mark(procedure: Procedure, state: CaseState, verb: Verb, fact: FactView) -> None:
    """What most verbs do not do is not looked for one by one: every act is folded again and again."""
    if verb.raises is not None or verb.lifts is not None:
        _mark_overlays(procedure, state, verb, fact)
    if verb.names is not None or verb.clears is not None:
        _mark_obstacles(state, verb, fact)
    if verb.proves is not None or verb.disproves is not None:
        _mark_grounds(state, verb, fact)
    if verb.waives is not None:
        rows = fact.data.get(verb.waives.field) or ()
        state.waived |= {str(row.get(verb.waives.column)): fact.seq for row in rows}
    work_on(state, verb, fact)


def _mark_overlays(procedure: Procedure, state: CaseState, verb: Verb, fact: FactView) -> None:
    if (raised := code(verb.raises, fact.data)) is not None:
        raise_overlay(state, raised, fact, since=verb.since, until=verb.until)
    if (lifted := code(verb.lifts, fact.data)) is not None and not _still_open(procedure, state, verb, fact):
        lift_overlay(state, lifted, fact)


def _mark_obstacles(state: CaseState, verb: Verb, fact: FactView) -> None:
    if (named := code(verb.names, fact.data)) is not None:
        state.obstacles[named] = fact
    if (cleared := code(verb.clears, fact.data)) is not None and cleared in state.obstacles:
        state.lifted.append((cleared, state.obstacles.pop(cleared), fact.occurred_on))


def _mark_grounds(state: CaseState, verb: Verb, fact: FactView) -> None:
    if (proven := code(verb.proves, fact.data)) is not None:
        state.grounds[proven] = fact.seq
    if (fallen := code(verb.disproves, fact.data)) is not None:
        state.grounds.pop(fallen, None)


def _enter(procedure: Procedure, state: CaseState, target: str, fact: FactView) -> None:
    spec = procedure.states[target]
    state.state, state.stage = target, spec.stage
    state.path.append((target, fact.occurred_on, fact.seq))
    state.closed_on = fact.occurred_on if spec.final else None
    if not spec.final:
        if state.outcome is not None:
            _open_again(procedure, state)
        state.outcome = None
    for key in spec.clocks:
        if key not in spec.keeps_running or key not in state.clocks or state.clocks[key].ended:
            start(state, key, fact)


def _leave(procedure: Procedure, state: CaseState, on: date) -> None:
    spec = procedure.states[state.state]
    for key in spec.clocks:
        if key not in spec.keeps_running and not procedure.deadlines[key].stays:
            end(state, key, "dropped", on)


def _open_again(procedure: Procedure, state: CaseState) -> None:
    """A case that has no outcome any more is bound again by what its outcome had dropped."""
    for key in _staying(procedure, state):
        clock = state.clocks[key]
        if clock.status == "dropped":
            clock.status, clock.ended_on = "open", None
