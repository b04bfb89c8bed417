"""The last day of a term: start + term + suspensions + extensions, rolled forward where the law says so.

`ends_on` returns the date alone, fast; `compute_date` the same date with the lines of the computation.
The first day is not counted and the last ends at midnight: Civil Code 2005 arts 152, 153; 2015 arts 147, 148.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from models.errors import WrongInput
from procedures.legal_time.calendar import Calendar, Calendars, DayOff
from procedures.legal_time.terms import Term, Unit, add_days, add_months

Kind = Literal["legal", "programme", "target", "period"]
ONE = timedelta(days=1)
MAX_LISTED_DAYS = 1_500  # days; the days off in a longer run are counted, not listed


@dataclass(frozen=True, slots=True)
class Suspension:
    """The clock is stopped from `from_on` and runs again on `to_on`; None: until further notice."""

    from_on: date
    to_on: date | None
    reason: str = ""
    evidence: str = ""
    facts: tuple[int, ...] = ()  # seq of the facts of the case that justify it


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension by calendar days under a decision; an `undone` one does not count."""

    days: int
    decision: str = ""
    undone: bool = False
    facts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a computation: a words key under `time.line_`, its days and its article."""

    code: str
    from_on: date
    to_on: date
    days: int = 0
    params: dict[str, Any] = field(default_factory=dict)
    article: str = ""
    facts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ComputedDate:
    """A deadline with the lines of its computation. `ends_on` is None while the clock is stopped.

    `term_ends_on`: end of the term with its suspensions; `rolls_from_on`: end with its extensions, before it is rolled
    forward. Both are None while the clock is stopped before that point.
    """

    starts_on: date
    ends_on: date | None
    calendar: str
    lines: tuple[Line, ...]
    term_ends_on: date | None = None
    rolls_from_on: date | None = None


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
    """Return the last day of the term; None while the clock is stopped.

    Args:
        start: the day of the event; not counted itself.
        term: amount and unit; working days are counted in the calendar of agencies.
        kind: legal limits and periods roll forward from a day off, internal targets and programme dates do not.
        calendar: "agency" or "general"; None: by the unit of the term.
        cap: longest total of all extensions; None: unlimited.

    Example: `ends_on(date(2015, 1, 5), Term.parse("60 days"), load_calendars())`.
    """
    chosen = _calendar(term, calendars, calendar)
    if suspensions or extensions:
        return _Count(chosen, term, suspensions).run(start, kind, extensions, cap).ends_on
    end = _raw(start, term, chosen)
    return chosen.next_working(end) if _rolls(kind, term) else end


def compute_date(
    start: date,
    term: Term,
    calendars: Calendars,
    *,
    kind: Kind = "legal",
    calendar: str | None = None,
    suspensions: Sequence[Suspension] = (),
    extensions: Sequence[Extension] = (),
    cap: Term | None = None,
) -> ComputedDate:
    """Return the deadline with every line of its computation; parameters as of `ends_on`."""
    return ExplainedEndDate(_calendar(term, calendars, calendar), term, suspensions).run(start, kind, extensions, cap)


class _Count:
    """The computation without its lines: each step returns the end date reached so far."""

    def __init__(self, calendar: Calendar, term: Term, suspensions: Sequence[Suspension]) -> None:
        self.calendar, self.term = calendar, term
        self.pauses = [] if term.backwards else merged(suspensions)
        self.lines: list[Line] = []

    def run(self, start: date, kind: Kind, extensions: Sequence[Extension], cap: Term | None) -> ComputedDate:
        of_term = end = self.stops(start, self.count(start), self.term.unit)
        if end is not None:
            end = self.extended(end, extensions, cap)
        extended = end
        rolls = _rolls(kind, self.term)
        if end is not None and rolls:
            end = self.rolled(start, end)
        if end is not None:
            self.finish(end, [start, end] if self.term.unit == "working_days" else [end] if rolls else [])
        return ComputedDate(start, end, self.calendar.name, tuple(self.lines), of_term, extended)

    def count(self, start: date) -> date:
        """The end of the term without suspensions."""
        raw = _raw(start, self.term, self.calendar)
        self.add_line("start", start, start)
        self.add_line("first_day", start, start, article="cc.first_day")
        self.add_line(f"term_{self.term.unit}", start, raw, self.term.amount, {"term": self.term})
        if self.term.unit == "working_days":
            self.add_days_off(*((raw, start - ONE) if raw < start else (add_days(start, 1), raw)))
        return raw

    def stops(self, after: date, end: date, unit: Unit) -> date | None:
        """The end moved by the suspensions after `after`; None while one has no end yet."""
        for pause in self.pauses if after < end else ():
            begin = max(pause.from_on, after + ONE)
            if begin > end:
                break
            if pause.to_on is None:
                self.stop_line(pause)
                return None
            longer = _moved(begin, pause.to_on, end, unit, self.calendar)
            if longer != end:
                days = (pause.to_on - begin).days
                params = {"reason": pause.reason, "end": longer}
                self.add_line("suspended", begin, pause.to_on, days, params, facts=pause.facts)
                if unit == "working_days":
                    self.add_days_off(end + ONE, longer)
            end = longer
        return end

    def extended(self, end: date, extensions: Sequence[Extension], cap: Term | None) -> date | None:
        """The end with every valid extension, their total limited by the cap."""
        left = (_raw(end, cap, self.calendar) - end).days if cap is not None else None
        for item in extensions:
            if item.undone:
                continue
            days = max(0, item.days if left is None else min(item.days, left))
            left = left - days if left is not None else None
            longer = add_days(end, days)
            params = {"decision": item.decision, "asked": item.days}
            code = "extended" if days == item.days else "capped"
            self.add_line(code, end, longer, days, params, facts=item.facts)
            moved = self.stops(end, longer, "days")
            if moved is None:
                return None
            end = moved
        return end

    def rolled(self, start: date, end: date) -> date | None:
        """A last day that is off moves to the next working day on which the clock is not stopped."""
        last = self.calendar.next_working(end)
        if last == end:
            return end
        off = self.off(end, last)
        for pause in self.pauses if start < end else ():
            if last < pause.from_on or (pause.to_on is not None and pause.to_on <= last):
                continue
            if pause.to_on is None:
                self.stop_line(pause)
                return None
            last = self.calendar.next_working(pause.to_on)
            off += [[pause.reason, pause.reason], *self.off(pause.to_on, last)]
        self.add_line("rolled", end, last, (last - end).days, {"off": off}, "cc.last_day")
        return last

    def finish(self, end: date, used: Sequence[date]) -> None:
        """Add the result line, and warnings for days that the calendar does not cover or only computes."""
        if not all(self.calendar.covers(day) for day in used):
            self.add_line("not_covered", end, end)
        if used and (computed := sorted(self.calendar.computed.intersection(_years(used)))):
            self.add_line("computed", end, end, 0, {"years": ", ".join(map(str, computed))})
        self.add_line("end", end, end)

    def stop_line(self, pause: Suspension) -> None:
        self.add_line("stands_still", pause.from_on, pause.from_on, 0, {"reason": pause.reason}, facts=pause.facts)

    def off(self, first: date, last: date) -> list[list[str]]:
        """The names of the days off from `first` until the day before `last`."""
        return [[day.vi, day.en] for on in _days(first, last - ONE) if (day := self.calendar.day_off(on)) is not None]

    def add_line(self, code: str, from_on: date, to_on: date, *more: Any, **named: Any) -> None:
        """Record a line of the computation; ignored here."""

    def add_days_off(self, first: date, last: date) -> None:
        """Record the days off in a range; ignored here."""


class ExplainedEndDate(_Count):
    """The computation with its lines."""

    def add_line(self, code: str, from_on: date, to_on: date, *more: Any, **named: Any) -> None:
        self.lines.append(Line(code, from_on, to_on, *more, **named))

    def add_days_off(self, first: date, last: date) -> None:
        """Add a line for each run of days off and each worked Saturday outside suspensions."""
        if (last - first).days > MAX_LISTED_DAYS:
            return
        run: list[DayOff] = []
        for on in _days(first, last):
            mark = None if any(_paused_on(pause, on) for pause in self.pauses) else self.calendar.mark(on)
            if run and (mark is None or mark.kind == "worked"):
                self.lines.append(_skipped(run))
                run = []
            if mark is not None and mark.kind == "worked":
                self.add_line("worked", on, on, 1, {"off": [[mark.vi, mark.en]]})
            elif mark is not None:
                run.append(mark)
        if run:
            self.lines.append(_skipped(run))


def _skipped(run: Sequence[DayOff]) -> Line:
    """The line of a run of days off; weekends are named only where it has no holiday."""
    named = [off for off in run if off.kind != "weekend"] or run
    pairs = dict.fromkeys((off.vi, off.en) for off in named)
    return Line("skipped", run[0].on, run[-1].on, len(run), {"off": [list(pair) for pair in pairs]})


def _paused_on(pause: Suspension, on: date) -> bool:
    return pause.from_on <= on and (pause.to_on is None or on < pause.to_on)


def _moved(begin: date, to_on: date, end: date, unit: Unit, calendar: Calendar) -> date:
    """The end moved by the days from `begin` to the day before `to_on`."""
    to_on = max(to_on, begin)
    if unit != "working_days":
        return add_days(end, (to_on - begin).days)
    return calendar.add_working_days(end, calendar.working_days_between(begin - ONE, to_on - ONE))


def _years(used: Sequence[date]) -> range:
    return range(min(used).year, max(used).year + 1)


def _days(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _rolls(kind: Kind, term: Term) -> bool:
    return kind in ("legal", "period") and not term.backwards


def require_forwards(term: Term, changed: Sequence[Suspension | Extension]) -> None:
    """Raises WrongInput when a term counted backwards has suspensions or extensions, which have no meaning there."""
    if term.backwards and changed:
        raise WrongInput("term", "backwards_alone")


def latest_of(starts: Iterable[date | None]) -> date | None:
    """Return the latest of several starts; None while one of them is None."""
    listed = list(starts)
    if not listed or any(day is None for day in listed):
        return None
    return max(day for day in listed if day is not None)


def merged(suspensions: Sequence[Suspension]) -> list[Suspension]:
    """Return the suspensions in order, overlapping or adjacent ones joined, empty or reversed ones dropped."""
    found: list[Suspension] = []
    for item in sorted(suspensions, key=lambda item: (item.from_on, item.reason)):
        if item.to_on is not None and item.to_on <= item.from_on:
            continue
        last = found[-1] if found else None
        if last is not None and (last.to_on is None or item.from_on <= last.to_on):
            to_on = None if last.to_on is None or item.to_on is None else max(last.to_on, item.to_on)
            reasons = dict.fromkeys([*last.reason.split("; "), item.reason])
            reason = "; ".join(text for text in reasons if text)
            facts = tuple(dict.fromkeys((*last.facts, *item.facts)))
            found[-1] = Suspension(last.from_on, to_on, reason, last.evidence or item.evidence, facts)
        else:
            found.append(item)
    return found


def _calendar(term: Term, calendars: Calendars, name: str | None) -> Calendar:
    of_agencies = term.unit == "working_days" if name is None else name == "agency"
    return calendars.agency if of_agencies else calendars.general


def _raw(start: date, term: Term, calendar: Calendar) -> date:
    amount = -term.amount if term.backwards else term.amount
    if term.unit == "days":
        return add_days(start, amount)
    if term.unit == "working_days":
        return calendar.add_working_days(start, amount)
    if term.unit == "weeks":
        return add_days(start, 7 * amount)
    return add_months(start, amount if term.unit == "months" else 12 * amount)
