"""A deadline from its facts: start + term − suspensions + extensions, rolled forward where the law says so.

`ends_on` gives the date alone, fast; `reckon` gives the same date with the lines of the sum.
The first day is not counted and the last ends at midnight: Civil Code 2005 arts 152, 153; 2015 arts 147, 148.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from procedures.calendar import Calendar, Calendars, DayOff
from procedures.terms import Term, add_days, add_months

Kind = Literal["legal", "programme", "target"]
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Suspension:
    """The clock stands still from `from_on` and goes on again on `to_on`; no end means until further notice."""

    from_on: date
    to_on: date | None
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """So much longer, by a decision; an undone one does not count."""

    amount: int
    unit: str = "days"
    decision: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sum: a words key under `time.line_`, the days it speaks of, and the article behind it."""

    code: str
    from_on: date
    to_on: date
    days: int = 0
    params: dict[str, Any] = field(default_factory=dict)
    article: str = ""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A deadline with its sum. No `ends_on`: the clock stands still."""

    starts_on: date
    ends_on: date | None
    calendar: str
    lines: tuple[Line, ...]


def ends_on(
    start: date,
    term: Term,
    calendars: Calendars,
    *,
    kind: Kind = "legal",
    calendar: str | None = None,
    suspensions: Sequence[Suspension] = (),
    extensions: Sequence[Extension] = (),
    cap: Term | None = None,
) -> date | None:
    """The last day of the term, or None while the clock stands still."""
    chosen = _calendar(term, calendars, calendar)
    end: date | None = _raw(start, term, chosen)
    if suspensions:
        end = _suspended(start, end, merged(suspensions), term, chosen)
    if end is not None and extensions:
        end = add_days(end, _granted(extensions, cap))
    if end is None or kind != "legal" or term.backwards:
        return end
    return chosen.next_working(end)


def reckon(
    start: date,
    term: Term,
    calendars: Calendars,
    *,
    kind: Kind = "legal",
    calendar: str | None = None,
    suspensions: Sequence[Suspension] = (),
    extensions: Sequence[Extension] = (),
    cap: Term | None = None,
) -> Reckoning:
    """The deadline with every line of its sum."""
    chosen = _calendar(term, calendars, calendar)
    raw = _raw(start, term, chosen)
    lines = [Line("start", start, start), Line("first_day", start, start, 0, {}, "cc.first_day")]
    lines.append(Line(f"term_{term.unit}", start, raw, term.amount, {"term": term}, ""))
    if term.unit == "working_days":
        lines += _skipped(min(start, raw), max(start, raw), chosen)
    end = raw
    for pause in merged(suspensions):
        longer = _suspended(start, end, [pause], term, chosen)
        if longer is None:
            lines.append(Line("stands_still", pause.from_on, pause.from_on, 0, {"reason": pause.reason}))
            return Reckoning(start, None, chosen.name, tuple(lines))
        if longer != end and pause.to_on is not None:
            days = (pause.to_on - max(pause.from_on, start + ONE)).days
            lines.append(Line("suspended", pause.from_on, pause.to_on, days, {"reason": pause.reason}))
        end = longer
    return _finished(start, end, term, chosen, kind, _grants(extensions, cap), lines)


def _finished(
    start: date,
    end: date,
    term: Term,
    calendar: Calendar,
    kind: Kind,
    grants: Sequence[tuple[Extension, int]],
    lines: list[Line],
) -> Reckoning:
    """The last lines of the sum: extensions, the roll-forward, the result."""
    for extension, days in grants:
        longer = add_days(end, days)
        lines.append(Line("extended", end, longer, days, {"decision": extension.decision}))
        end = longer
    if kind == "legal" and not term.backwards and not calendar.is_working(end):
        rolled = calendar.next_working(end)
        off = [[day.vi, day.en] for day in _days_off(end, rolled, calendar)]
        lines.append(Line("rolled", end, rolled, (rolled - end).days, {"off": off}, "cc.last_day"))
        end = rolled
    if not calendar.covers(end):
        lines.append(Line("not_covered", end, end))
    lines.append(Line("end", end, end))
    return Reckoning(start, end, calendar.name, tuple(lines))


def latest_of(starts: Iterable[date | None]) -> date | None:
    """The latest of several starts; none while one of them has no proof yet."""
    listed = list(starts)
    if not listed or any(day is None for day in listed):
        return None
    return max(day for day in listed if day is not None)


def merged(suspensions: Sequence[Suspension]) -> list[Suspension]:
    """Overlapping or touching suspensions as one, in order; reversed or empty ones fall away."""
    found: list[Suspension] = []
    for item in sorted(suspensions, key=lambda item: item.from_on):
        if item.to_on is not None and item.to_on <= item.from_on:
            continue
        last = found[-1] if found else None
        if last is not None and (last.to_on is None or item.from_on <= last.to_on):
            to_on = None if last.to_on is None or item.to_on is None else max(last.to_on, item.to_on)
            reason = last.reason if item.reason in last.reason else f"{last.reason}; {item.reason}"
            found[-1] = Suspension(last.from_on, to_on, reason, last.evidence or item.evidence)
        else:
            found.append(item)
    return found


def _calendar(term: Term, calendars: Calendars, name: str | None) -> Calendar:
    if name is None:
        name = "agency" if term.unit == "working_days" else "general"
    return calendars.agency if name == "agency" else calendars.general


def _raw(start: date, term: Term, calendar: Calendar) -> date:
    amount = -term.amount if term.backwards else term.amount
    if term.unit == "days":
        return add_days(start, amount)
    if term.unit == "working_days":
        return calendar.add_working_days(start, amount)
    if term.unit == "weeks":
        return add_days(start, 7 * amount)
    return add_months(start, amount if term.unit == "months" else 12 * amount)


def _suspended(
    start: date, end: date | None, pauses: Sequence[Suspension], term: Term, calendar: Calendar
) -> date | None:
    """The end moved on by the days that stood still between the day after the start and the moving end."""
    for pause in pauses:
        if end is None or pause.from_on > end:
            break
        if pause.to_on is None:
            return None
        begin = max(pause.from_on, start + ONE)
        if pause.to_on <= begin:
            continue
        if term.unit == "working_days":
            lost = calendar.working_days_between(begin - ONE, pause.to_on - ONE)
            end = calendar.add_working_days(end, lost)
        else:
            end = add_days(end, (pause.to_on - begin).days)
    return end


def _grants(extensions: Sequence[Extension], cap: Term | None) -> list[tuple[Extension, int]]:
    """Each standing extension with the days it adds, the sum held under the cap."""
    left = cap.amount if cap is not None else None
    grants = []
    for item in extensions:
        if item.undone:
            continue
        days = item.amount * {"weeks": 7}.get(item.unit, 1)
        if left is not None:
            days = min(days, left)
            left -= days
        grants.append((item, days))
    return grants


def _granted(extensions: Sequence[Extension], cap: Term | None) -> int:
    return sum(days for _, days in _grants(extensions, cap))


def _days_off(first: date, last: date, calendar: Calendar) -> list[DayOff]:
    days = range(first.toordinal(), last.toordinal() + 1)
    return [off for ordinal in days if (off := calendar.day_off(date.fromordinal(ordinal))) is not None]


def _skipped(first: date, last: date, calendar: Calendar) -> list[Line]:
    """Runs of days off between two days, each one line; plain weekends are left to the term's own line."""
    if (last - first).days > 1_500:
        return []
    runs: list[list[DayOff]] = []
    for off in _days_off(first + ONE, last, calendar):
        if runs and off.on == runs[-1][-1].on + ONE:
            runs[-1].append(off)
        else:
            runs.append([off])
    lines = []
    for run in runs:
        named = [off for off in run if off.kind != "weekend"] or run
        pairs = dict.fromkeys((off.vi, off.en) for off in named)
        lines.append(Line("skipped", run[0].on, run[-1].on, len(run), {"off": [list(pair) for pair in pairs]}))
    return lines
