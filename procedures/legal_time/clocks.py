"""Effects of facts on the clocks of a case: start, suspend, extend, end. All functions change the state in place."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from procedures.deadline_parts import Extend, OfDeadline, Resume, Serve, Start, Suspend
from procedures.facts import CaseState, ClockState, FactView, Lengthening, Pause, Proof
from procedures.legal_time.date_computation import latest_of
from procedures.legal_time.terms import add_days
from procedures.schema import Procedure, Verb


def start(state: CaseState, key: str, fact: FactView) -> None:
    """Start a clock on the day of a fact; a run that it had before is kept, with its end or its wait for service."""
    if (before := state.clocks.get(key)) is not None:
        state.earlier_runs.setdefault(key, []).append(before)
    state.clocks[key] = ClockState(key, fact.occurred_on, fact.seq, fact.occurred_on)


def start_by(state: CaseState, spec: Start, fact: FactView) -> None:
    """Start the clock of an act; with `spec.served` it waits for proof of service of those letters."""
    start(state, spec.deadline, fact)
    clock, on = state.clocks[spec.deadline], day_of(fact.data, spec.from_)
    clock.starts_on, clock.who = on or fact.occurred_on, spec.who
    if spec.served:
        clock.starts_on, clock.status = None, "waiting"
        clock.awaits, clock.not_before = dict.fromkeys(spec.served), on
        for served in state.done.get("letter_served", ()):
            serve(clock, served)


def serve(clock: ClockState, fact: FactView) -> None:
    """Record the service of a letter that a clock waits for; of several services of one letter the earliest counts."""
    letter = str(fact.data.get("template"))
    if letter in clock.awaits and not clock.ended and _is_of(clock, fact):
        prove(clock, letter, Proof(fact.occurred_on, fact.seq))


def prove(clock: ClockState, letter: str, proof: Proof) -> None:
    """Record a proof of service of one of the letters that a clock waits for."""
    known = clock.awaits[letter]
    if known is None or proof.on < known.on:
        clock.awaits[letter] = proof
    days = [item.on if item else None for item in clock.awaits.values()]
    clock.starts_on = latest_of([*days, clock.not_before] if clock.not_before else days)
    clock.status = "waiting" if clock.starts_on is None else "open"


def _is_of(clock: ClockState, fact: FactView) -> bool:
    """Whether the letter served belongs to the act that started the clock; older facts do not name that act."""
    follows = fact.data.get("follows")
    if follows is not None:
        return bool(follows == clock.seq)
    return fact.seq > clock.seq or fact.occurred_on >= clock.triggered_on


def end(state: CaseState, key: str, status: str, on: date) -> None:
    """End every run of a deadline that has not ended."""
    for clock in state.runs(key):
        if not clock.ended:
            clock.status, clock.ended_on = status, on


def raise_overlay(state: CaseState, overlay: str, fact: FactView, *, since: str = "", until: str = "") -> None:
    """Start an overlay on the day in the field `since`, else of the act, up to that in `until`.

    A second notice while it is active adds its own interval.
    """
    first, last = day_of(fact.data, since) or fact.occurred_on, day_of(fact.data, until)
    if overlay in state.overlays and last is None:
        return
    state.overlays.setdefault(overlay, first)
    to_on = add_days(last, 1) if last else None
    state.times.setdefault(overlay, []).append(Pause(first, to_on, overlay, fact.seq))


def lift_overlay(state: CaseState, overlay: str, fact: FactView) -> None:
    if state.overlays.pop(overlay, None) is not None:
        _resume_pauses(state.times[overlay], fact.occurred_on, fact.seq)


def _resume_pauses(pauses: Iterable[Pause], on: date, seq: int) -> None:
    for pause in pauses:
        if pause.to_on is None or pause.to_on > on:
            pause.to_on, pause.ended_by = max(on, pause.from_on), seq


def _clock_of(state: CaseState, part: OfDeadline, fact: FactView) -> ClockState | None:
    return state.clocks.get(part.deadline or str(fact.data.get(part.deadline_field)))


def work_on(state: CaseState, verb: Verb, fact: FactView) -> None:
    """Apply an act to the clock of one deadline: extend, suspend or resume it."""
    if verb.extends is not None:
        _extend(state, verb.extends, fact)
    if verb.suspends is not None:
        _suspend(state, verb.suspends, fact)
    if verb.resumes is not None:
        _resume(state, verb.resumes, fact)


def _extend(state: CaseState, spec: Extend, fact: FactView) -> None:
    clock = _clock_of(state, spec, fact)
    if clock is not None:
        days = int(fact.data.get(spec.days_field) or 0)
        clock.extensions.append(Lengthening(days, str(fact.data.get(spec.decision_field) or ""), fact.seq))


def _suspend(state: CaseState, spec: Suspend, fact: FactView) -> None:
    clock = _clock_of(state, spec, fact)
    if clock is not None and not clock.ended:
        since = day_of(fact.data, spec.from_field) or fact.occurred_on
        reason = str(fact.data.get(spec.reason_field) or "")
        clock.pauses.append(Pause(since, day_of(fact.data, spec.to_field), reason, fact.seq))


def _resume(state: CaseState, spec: Resume, fact: FactView) -> None:
    """Resume the clock, before the foreseen day or where none was foreseen."""
    clock = _clock_of(state, spec, fact)
    if clock is not None:
        _resume_pauses(clock.pauses, day_of(fact.data, spec.on_field) or fact.occurred_on, fact.seq)


def serve_by_act(procedure: Procedure, state: CaseState, spec: Serve, fact: FactView) -> None:
    """Record service of all letters that a clock still waits for; the letters are not in this office's register.

    An answer proves receipt on its day, before the day of a service that is proven already too. Where each notice has
    its clock, an answer shows that all of them were received, any other proof is of the one that waits longest.
    """
    key = spec.deadline or str(fact.data.get(spec.deadline_field))
    on = day_of(fact.data, spec.on_field) or fact.occurred_on
    if not all(fact.data.get(name) == said for name, said in spec.when.items()):
        return
    for clock in counting_runs(procedure, state, key) if spec.when else waiting_runs(procedure, state, key)[:1]:
        for letter in [name for name, proof in clock.awaits.items() if proof is None or spec.when]:
            prove(clock, letter, Proof(on, fact.seq))


def counting_runs(procedure: Procedure, state: CaseState, key: str) -> list[ClockState]:
    """The runs of a deadline that count and have not ended: the latest, or each where every notice has its own."""
    each = key in procedure.deadlines and procedure.deadlines[key].each_run
    return [clock for clock in (state.runs(key) if each else state.runs(key)[-1:]) if not clock.ended]


def waiting_runs(procedure: Procedure, state: CaseState, key: str) -> list[ClockState]:
    """Of the runs that count, those that wait for the service of their letters, the oldest first."""
    return [clock for clock in counting_runs(procedure, state, key) if clock.status == "waiting"]


def day_of(data: Mapping[str, Any], field: str) -> date | None:
    """Return the date in a field of a fact; None where the field is absent or empty."""
    value = data.get(field)
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if value else None
