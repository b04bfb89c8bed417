"""Deadlines derived from the clocks of a case: start + term + calendar + suspensions + extensions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from procedures.facts import CaseState, ClockState, Pause
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.date_computation import ComputedDate, Extension, Suspension, compute_date, ends_on
from procedures.legal_time.terms import Term
from procedures.schema import DeadlineKind, Procedure

OURS = ("programme", "target")  # set by the office, not by law
UNSERVED = "unserved"  # in a sum: that of another run of the deadline, which waits for the service of its letters
UNLIMITED = "unlimited"  # as a cap: by a ruling extensions of any length count
_term = lru_cache(maxsize=1024)(Term.parse)


@dataclass(frozen=True, slots=True)
class Derived:
    """One deadline of a case.

    `starts_on` None: its letters are not served yet. `ends_on` None: not started, or its clock is stopped.
    """

    key: str
    kind: str
    starts_on: date | None
    ends_on: date | None
    status: str
    ended_on: date | None
    who: str
    article: str
    triggered_on: date
    sum: dict[str, Any]

    @property
    def law_on(self) -> date:
        """The day by which the version of its article is chosen."""
        return self.starts_on or self.triggered_on


def derive(procedure: Procedure, state: CaseState, clock: ClockState, calendars: Calendars) -> Derived:
    """Return the deadline derived from a clock."""
    kind = procedure.deadlines[clock.key]
    total = sum_of(procedure, state, clock)
    return Derived(
        clock.key,
        kind.kind,
        clock.starts_on,
        end_of_sum(total, calendars),
        clock.status,
        clock.ended_on,
        clock.who or kind.who,
        kind.article,
        clock.triggered_on,
        total,
    )


def derive_all(procedure: Procedure, state: CaseState, calendars: Calendars) -> dict[str, Derived]:
    """Return every deadline of a case by its key: the one by which lists and the light of the case go."""
    return {key: derive_current(procedure, state, key, calendars) for key in state.clocks}


def derive_moved(
    procedure: Procedure, before: CaseState, after: CaseState, calendars: Calendars
) -> tuple[dict[str, Derived], dict[str, Derived]]:
    """Return the deadlines of a case before and after a fact, as `derive_all` does, without those that ended earlier.

    A deadline is derived twice only where the fact moved one of its inputs; nothing of one that had ended is open.
    """
    if before.times != after.times or before.opened_on != after.opened_on:
        return derive_all(procedure, before, calendars), derive_all(procedure, after, calendars)
    earlier: dict[str, Derived] = {}
    later: dict[str, Derived] = {}
    for key in dict.fromkeys((*before.clocks, *after.clocks)):
        was, now = before.clocks.get(key), after.clocks.get(key)
        same = was == now and before.earlier_runs.get(key) == after.earlier_runs.get(key)
        if same and now is not None and now.ended:
            continue
        if now is not None:
            later[key] = derive_current(procedure, after, key, calendars)
        if was is not None:
            earlier[key] = later[key] if same else derive_current(procedure, before, key, calendars)
    return earlier, later


def derive_current(procedure: Procedure, state: CaseState, key: str, calendars: Calendars) -> Derived:
    """Return a deadline by its latest run; where each run counts, by the one that ends first of those that are open.

    A run beside it that waits for the service of its letters is part of its sum: it is asked for like any other.
    """
    latest = derive(procedure, state, state.clocks[key], calendars)
    if key not in state.earlier_runs or not procedure.deadlines[key].each_run or state.clocks[key].ended:
        return latest
    earlier = (derive(procedure, state, clock, calendars) for clock in state.earlier_runs[key] if not clock.ended)
    runs = (*earlier, latest)
    going = [item for item in runs if item.status == "open" and item.ends_on is not None]
    current = min(going, key=lambda item: item.ends_on or date.max, default=latest)
    unserved = next((item.sum for item in runs if item.status == "waiting" and item is not current), None)
    return current if unserved is None else replace(current, sum=current.sum | {UNSERVED: unserved})


def sum_of(procedure: Procedure, state: CaseState, clock: ClockState) -> dict[str, Any]:
    """Return the inputs of a deadline as JSON, enough to derive it again under another calendar."""
    kind = procedure.deadlines[clock.key]
    start = clock.starts_on.isoformat() if clock.starts_on else None
    total: dict[str, Any] = {"start": start, "kind": kind.kind, "seq": clock.seq}
    if kind.until:
        return total | _fixed_day(kind, procedure, state)
    total["term"] = kind.term
    if kind.calendar:
        total["calendar"] = kind.calendar
    if clock.awaits:
        total["awaits"] = {
            letter: [proof.on.isoformat(), proof.seq] if proof else None for letter, proof in clock.awaits.items()
        }
        total["asked"] = clock.triggered_on.isoformat()
        total |= {"not_before": clock.not_before.isoformat()} if clock.not_before else {}
    if pauses := [_written(pause, clock) for pause in _pauses_of(procedure, state, clock)]:
        total["pauses"] = pauses
    if clock.extensions:
        total["extensions"] = [[item.days, item.decision, item.seq] for item in clock.extensions]
        total["cap"] = kind.cap
    return total


def _fixed_day(kind: DeadlineKind, procedure: Procedure, state: CaseState) -> dict[str, str]:
    """The day of a fixed date; a date of the plan older than the case (`fixed`) counts from the day it was opened.

    Nobody could have met it before: a case taken in today is not late by the age of the plan. A legal limit stays.
    """
    on = procedure.programme[kind.until].on
    if kind.kind == "legal" or state.opened_on is None or state.opened_on <= on:
        return {"until": on.isoformat()}
    return {"until": state.opened_on.isoformat(), "fixed": on.isoformat()}


def _pauses_of(procedure: Procedure, state: CaseState, clock: ClockState) -> Iterator[Pause]:
    """The clock's own pauses and those of the overlays that stop it, within its running time."""
    for overlay, times in state.times.items():
        if clock.key in procedure.overlays[overlay].stops:
            yield from (pause for pause in times if _touches(pause, clock))
    yield from clock.pauses


def _touches(pause: Pause, clock: ClockState) -> bool:
    if clock.ended_on is not None and pause.from_on > clock.ended_on:
        return False
    return clock.starts_on is None or pause.to_on is None or pause.to_on > clock.starts_on


def _written(pause: Pause, clock: ClockState) -> list[Any]:
    since = max(pause.from_on, clock.starts_on or pause.from_on)
    facts = [pause.seq] if pause.ended_by is None else [pause.seq, pause.ended_by]
    return [since.isoformat(), pause.to_on.isoformat() if pause.to_on else None, pause.reason, facts]


def end_of_sum(total: dict[str, Any], calendars: Calendars) -> date | None:
    """Return the end date of inputs as `sum_of` writes them; None without a start or while the clock is stopped."""
    if "until" in total:
        return date.fromisoformat(total["until"])
    if total["start"] is None:
        return None
    return ends_on(date.fromisoformat(total["start"]), _term(total["term"]), calendars, **_rest(total))


def explain_sum(total: dict[str, Any], calendars: Calendars) -> ComputedDate | None:
    """Return the computation of inputs as `sum_of` writes them; None for a fixed programme date or without a start."""
    if "until" in total or total["start"] is None:
        return None
    return compute_date(date.fromisoformat(total["start"]), _term(total["term"]), calendars, **_rest(total))


def _rest(total: dict[str, Any]) -> dict[str, Any]:
    if total.keys().isdisjoint(("calendar", "pauses", "extensions")):  # no suspension, no extension
        return {"kind": total["kind"]}
    cap = total.get("cap")
    return {
        "kind": total["kind"],
        "calendar": total.get("calendar"),
        "suspensions": _suspensions(total),
        "extensions": _extensions(total) if cap else (),  # a deadline without a cap cannot be extended
        "cap": _term(cap) if cap and cap != UNLIMITED else None,
    }


def _suspensions(total: dict[str, Any]) -> Sequence[Suspension]:
    return tuple(
        Suspension(date.fromisoformat(start), date.fromisoformat(end) if end else None, reason, facts=tuple(*facts))
        for start, end, reason, *facts in total.get("pauses", ())
    )


def _extensions(total: dict[str, Any]) -> Sequence[Extension]:
    return tuple(Extension(days, decision, facts=tuple(seq)) for days, decision, *seq in total["extensions"])


def lacking(total: dict[str, Any]) -> list[str]:
    """Return the templates of the letters whose service the deadline still waits for, in the run that waits."""
    return [letter for letter, proof in total.get(UNSERVED, total).get("awaits", {}).items() if proof is None]


def asked_on(total: dict[str, Any]) -> date:
    """The day since which the run of a deadline that waits for service does so."""
    return date.fromisoformat(total.get(UNSERVED, total)["asked"])


def waits_for_service(item: Derived) -> bool:
    """Whether a run of a deadline has not started, because service of its letters is not proven."""
    return item.status == "waiting" or UNSERVED in item.sum


def nearest(derived: Sequence[Derived], *, legal: bool) -> date | None:
    """Return the earliest open legal limit, or with `legal=False` the earliest open target or programme date."""
    ends = [
        item.ends_on
        for item in derived
        if item.status == "open" and item.ends_on is not None and item.kind in (OURS if not legal else ("legal",))
    ]
    return min(ends, default=None)
