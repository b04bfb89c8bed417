"""A running clock with the dates derived from it: start + term + calendar − suspensions + extensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from procedures.calendar import Calendars
from procedures.facts import CaseState, ClockState
from procedures.reckoning import Extension, Reckoning, Suspension, ends_on, reckon
from procedures.schema import Procedure
from procedures.terms import Term

_term = lru_cache(maxsize=1024)(Term.parse)


@dataclass(frozen=True, slots=True)
class Derived:
    """One deadline of a case. No `ends_on`: the clock stands still."""

    key: str
    kind: str
    starts_on: date
    ends_on: date | None
    status: str
    ended_on: date | None
    who: str
    article: str
    sum: dict[str, Any]


def derive(procedure: Procedure, clock: ClockState, calendars: Calendars) -> Derived:
    """The deadline of a clock."""
    kind = procedure.deadlines[clock.key]
    total = sum_of(procedure, clock)
    return Derived(
        clock.key,
        kind.kind,
        clock.starts_on,
        end_of_sum(total, calendars),
        clock.status,
        clock.ended_on,
        kind.who,
        kind.article,
        total,
    )


def derive_all(procedure: Procedure, state: CaseState, calendars: Calendars) -> dict[str, Derived]:
    return {key: derive(procedure, clock, calendars) for key, clock in state.clocks.items()}


def sum_of(procedure: Procedure, clock: ClockState) -> dict[str, Any]:
    """What a deadline is derived from, as JSON: enough to derive it again under another calendar."""
    kind = procedure.deadlines[clock.key]
    total: dict[str, Any] = {"start": clock.starts_on.isoformat(), "kind": kind.kind, "seq": clock.seq}
    if kind.until:
        return total | {"until": procedure.programme[kind.until].on.isoformat()}
    total["term"] = kind.term
    if kind.calendar:
        total["calendar"] = kind.calendar
    if clock.pauses:
        total["pauses"] = [
            [pause.from_on.isoformat(), pause.to_on.isoformat() if pause.to_on else None, pause.reason]
            for pause in clock.pauses
        ]
    if clock.extensions:
        total["extensions"] = [[item.days, item.decision] for item in clock.extensions]
        total["cap"] = kind.cap
    return total


def end_of_sum(total: dict[str, Any], calendars: Calendars) -> date | None:
    """The end date of a sum as `sum_of` writes it."""
    if "until" in total:
        return date.fromisoformat(total["until"])
    return ends_on(date.fromisoformat(total["start"]), _term(total["term"]), calendars, **_rest(total))


def explain_sum(total: dict[str, Any], calendars: Calendars) -> Reckoning | None:
    """The lines of a sum; none for a fixed programme date, which is not counted."""
    if "until" in total:
        return None
    return reckon(date.fromisoformat(total["start"]), _term(total["term"]), calendars, **_rest(total))


def _rest(total: dict[str, Any]) -> dict[str, Any]:
    if len(total) <= 4 and "calendar" not in total:  # start, kind, seq, term: nothing stood still, nothing was added
        return {"kind": total["kind"]}
    cap = total.get("cap")
    return {
        "kind": total["kind"],
        "calendar": total.get("calendar"),
        "suspensions": _pauses(total),
        "extensions": _extensions(total) if cap else (),  # a deadline without a cap cannot be extended
        "cap": _term(cap) if cap else None,
    }


def _pauses(total: dict[str, Any]) -> Sequence[Suspension]:
    return tuple(
        Suspension(date.fromisoformat(start), date.fromisoformat(end) if end else None, reason, "")
        for start, end, reason in total.get("pauses", ())
    )


def _extensions(total: dict[str, Any]) -> Sequence[Extension]:
    return tuple(Extension(days, decision) for days, decision in total.get("extensions", ()))


def nearest(derived: Sequence[Derived], *, legal: bool) -> date | None:
    """The earliest open legal limit, or the earliest open internal or programme date."""
    ends = [
        item.ends_on
        for item in derived
        if item.status == "open" and item.ends_on is not None and (item.kind == "legal") == legal
    ]
    return min(ends, default=None)
