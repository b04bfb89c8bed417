"""Effects of a take-over on a case: the step is entered, clocks run from the days that are known, the rest are gaps.

The fact lists the acts of the case so far, in order. One whose day is known counts like an act that was recorded on
that day; it shares the number of the take-over and names its source. One whose day is unknown (`on` None) only moves
the case on: clocks that it starts are `unknown`, and nothing is invented.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from procedures.facts import IRREGULARITIES, PAPER, CaseState, FactView, Proof
from procedures.former_names import names_of, own_name
from procedures.legal_time.clocks import end, prove, start, start_by
from procedures.schema import FromField, Procedure, Verb
from procedures.state_machine.acts_on_paper import days_by_paper
from procedures.state_machine.unit_data import note_unit

Apply = Callable[[Procedure, CaseState, Verb, FactView], None]


def take_over(procedure: Procedure, state: CaseState, fact: FactView, apply: Apply) -> None:
    """Bring a case to the step at which it was taken over. `apply`: folds one act."""
    state.taken_over = fact
    state.clocks.clear()
    state.path.clear()
    for act in fact.data["acts"]:
        bring(procedure, state, fact, act, apply)
    _settle(procedure, state, fact)
    state.gaps |= dict.fromkeys((_own_gap(procedure, gap) for gap in fact.data["gaps"]), "open")


def bring(procedure: Procedure, state: CaseState, fact: FactView, act: Mapping[str, Any], apply: Apply) -> None:
    """Fold one act of a take-over; one that the version does not know changes nothing."""
    known = known_act(procedure, fact, act)
    verb = procedure.verbs.get(known.kind)
    if verb is None:
        return
    if act["on"] is None:
        _pass(procedure, state, verb, known.data, fact)
        return
    apply(procedure, state, verb, known)
    _forget_invented(state, verb, known)
    _serve(state, verb, act, fact)


def known_act(procedure: Procedure, fact: FactView, act: Mapping[str, Any]) -> FactView:
    """An act of a take-over as a fact of its own, by the names of this version; its day fills what a paper fills."""
    known = names_of(procedure).fact(_known(fact, act))
    verb = procedure.verbs.get(known.kind)
    if verb is None or act["on"] is None:
        return known
    return replace(known, data={**days_by_paper(verb, known.occurred_on), **known.data})


def _own_gap(procedure: Procedure, gap: str) -> str:
    verb, dot, part = gap.partition(".")
    return own_name(procedure, "verbs", verb) + dot + part


def confirm_gaps(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    """A second person has confirmed that of these gaps nothing is on file."""
    confirmed = {_own_gap(procedure, gap) for gap in fact.data["gaps"]}
    state.gaps |= dict.fromkeys((gap for gap in state.gaps if gap in confirmed), "confirmed")


def fill_gaps(state: CaseState, verb: str) -> None:
    """An act that was a gap is recorded: nothing of it is missing any more."""
    if not state.gaps:
        return
    for gap in [gap for gap in state.gaps if gap.partition(".")[0] == verb]:
        del state.gaps[gap]


def confirmed_gap(state: CaseState, verb: str, after: int) -> bool:
    """Whether an act is one of before the take-over of which a second person confirmed that nothing is on file.

    `after`: only acts later than this fact count, such as those since a new decision.
    """
    taken = state.taken_over
    return taken is not None and taken.seq > after and state.gaps.get(verb) == "confirmed"


def _known(fact: FactView, act: Mapping[str, Any]) -> FactView:
    data = dict(act["data"]) | {name: act[name] for name in (PAPER, IRREGULARITIES) if act.get(name)}
    on = date.fromisoformat(act["on"]) if act["on"] else fact.occurred_on
    return FactView(fact.seq, act["verb"], on, fact.by, fact.role, data, fact.evidence, None, None, act["source"])


def _pass(procedure: Procedure, state: CaseState, verb: Verb, data: Mapping[str, Any], fact: FactView) -> None:
    """An act of an unknown day: the case moves on, and the clocks that it starts run from a day that nobody knows."""
    for key in (*verb.meets, *verb.drops):
        end(state, key, "dropped", fact.occurred_on)
    target = verb.to.pick(data) if isinstance(verb.to, FromField) else verb.to
    if target is not None:
        for key in procedure.states[state.state].clocks:
            end(state, key, "dropped", fact.occurred_on)
        entered = procedure.states[target]
        state.state, state.stage, state.outcome = target, entered.stage, None
        for key in entered.clocks:
            _start_unknown(procedure, state, key, fact)
    for spec in verb.starts:
        start_by(state, spec, fact)
        if not spec.served:
            _start_unknown(procedure, state, spec.deadline, fact)
    note_unit(state, verb, data)
    outcome = verb.outcome.pick(data) if isinstance(verb.outcome, FromField) else verb.outcome
    state.outcome = outcome or state.outcome


def _start_unknown(procedure: Procedure, state: CaseState, key: str, fact: FactView) -> None:
    """A clock without its first day; a fixed date of the programme binds the case all the same."""
    start(state, key, fact)
    if not procedure.deadlines[key].until:
        state.clocks[key].starts_on, state.clocks[key].status = None, "unknown"


def _forget_invented(state: CaseState, verb: Verb, known: FactView) -> None:
    """A clock that starts on a date of the act other than its own is unknown where that date is."""
    for spec in verb.starts:
        if spec.from_ and not spec.served and not known.data.get(spec.from_):
            clock = state.clocks[spec.deadline]
            clock.starts_on, clock.status = None, "unknown"


def _serve(state: CaseState, verb: Verb, act: Mapping[str, Any], fact: FactView) -> None:
    if not act.get("served_on"):
        return
    proof = Proof(date.fromisoformat(act["served_on"]), fact.seq)
    for spec in verb.starts:
        for letter in spec.served:
            prove(state.clocks[spec.deadline], letter, proof)


def _settle(procedure: Procedure, state: CaseState, fact: FactView) -> None:
    """The step named by the fact is entered; what ended before the take-over is measured neither on time nor late."""
    target = own_name(procedure, "states", str(fact.data["state"]))
    if state.state != target:  # the way there is another one in this version of the procedure
        state.state, state.stage = target, procedure.states[target].stage
        for key in procedure.states[target].clocks:
            _start_unknown(procedure, state, key, fact)
    for key in [key for key, clock in state.clocks.items() if clock.ended]:
        del state.clocks[key]
    if not state.path or state.path[-1][0] != target:
        state.path.append((target, fact.occurred_on, fact.seq))
