"""How facts start, stop, lengthen and end the clocks of a case; each changes the state in place."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from procedures.facts import CaseState, ClockState, FactView, Lengthening, Pause, Proof
from procedures.legal_time.date_computation import latest_of
from procedures.legal_time.terms import add_days
from procedures.schema import Extend, OfDeadline, Resume, Serve, Start, Suspend, Verb


def start(state: CaseState, key: str, fact: FactView) -> None:
    """Start a clock on the day of a fact."""
    state.clocks[key] = ClockState(key, fact.occurred_on, fact.seq, fact.occurred_on)


def start_by(state: CaseState, spec: Start, fact: FactView) -> None:
    """Start the clock of an act, or let it wait for the proof that its letters were served."""
    start(state, spec.deadline, fact)
    clock, on = state.clocks[spec.deadline], day_of(fact.data, spec.from_)
    clock.starts_on = on or fact.occurred_on
    if spec.served:
        clock.starts_on, clock.status = None, "waiting"
        clock.awaits, clock.not_before = dict.fromkeys(spec.served), on
        for served in state.done.get("letter_served", ()):
            serve(clock, served)


def serve(clock: ClockState, fact: FactView) -> None:
    """Note the service of a letter that a clock hangs on; of several services of one the first in time counts."""
    letter = str(fact.data.get("template"))
    if letter in clock.awaits and not clock.ended and _is_of(clock, fact):
        _prove(clock, letter, Proof(fact.occurred_on, fact.seq))


def _prove(clock: ClockState, letter: str, proof: Proof) -> None:
    known = clock.awaits[letter]
    if known is None or proof.on < known.on:
        clock.awaits[letter] = proof
    days = [item.on if item else None for item in clock.awaits.values()]
    clock.starts_on = latest_of([*days, clock.not_before] if clock.not_before else days)
    clock.status = "waiting" if clock.starts_on is None else "open"


def _is_of(clock: ClockState, fact: FactView) -> bool:
    """Whether the letter served is the one that the clock's act required. Older facts do not say which act that was."""
    follows = fact.data.get("follows")
    if follows is not None:
        return bool(follows == clock.seq)
    return fact.seq > clock.seq or fact.occurred_on >= clock.triggered_on


def end(state: CaseState, key: str, status: str, on: date) -> None:
    clock = state.clocks.get(key)
    if clock is not None and not clock.ended:
        clock.status, clock.ended_on = status, on


def raise_overlay(state: CaseState, overlay: str, verb: Verb, fact: FactView) -> None:
    """An overlay holds from a day on; a second notice while it holds adds its own interval."""
    since, until = day_of(fact.data, verb.since) or fact.occurred_on, day_of(fact.data, verb.until)
    if overlay in state.overlays and until is None:
        return
    state.overlays.setdefault(overlay, since)
    to_on = add_days(until, 1) if until else None
    state.times.setdefault(overlay, []).append(Pause(since, to_on, overlay, fact.seq))


def lift_overlay(state: CaseState, overlay: str, fact: FactView) -> None:
    if state.overlays.pop(overlay, None) is not None:
        _go_on(state.times[overlay], fact.occurred_on, fact.seq)


def _go_on(pauses: Iterable[Pause], on: date, seq: int) -> None:
    for pause in pauses:
        if pause.to_on is None or pause.to_on > on:
            pause.to_on, pause.ended_by = max(on, pause.from_on), seq


def _clock_of(state: CaseState, part: OfDeadline, fact: FactView) -> ClockState | None:
    return state.clocks.get(part.deadline or str(fact.data.get(part.deadline_field)))


def work_on(state: CaseState, verb: Verb, fact: FactView) -> None:
    """What an act does to the clock of one deadline: lengthen it, stop it, let it go on, prove what it waits for."""
    if verb.extends is not None:
        _extend(state, verb.extends, fact)
    if verb.suspends is not None:
        _suspend(state, verb.suspends, fact)
    if verb.resumes is not None:
        _resume(state, verb.resumes, fact)
    if verb.serves is not None:
        _serve_on_paper(state, verb.serves, fact)


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
    """The clock goes on again, earlier than foreseen or for want of a foreseen day."""
    clock = _clock_of(state, spec, fact)
    if clock is not None:
        _go_on(clock.pauses, day_of(fact.data, spec.on_field) or fact.occurred_on, fact.seq)


def _serve_on_paper(state: CaseState, spec: Serve, fact: FactView) -> None:
    """What a clock still waits for was served; the letters themselves are not in this office's books."""
    clock = _clock_of(state, spec, fact)
    on = day_of(fact.data, spec.on_field) or fact.occurred_on
    if clock is not None:
        for letter in [name for name, proof in clock.awaits.items() if proof is None]:
            _prove(clock, letter, Proof(on, fact.seq))


def day_of(data: Mapping[str, Any], field: str) -> date | None:
    """The day that a field of a fact gives, if there is such a field and it gives one."""
    value = data.get(field)
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if value else None
