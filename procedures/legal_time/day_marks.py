"""The mark of each day of a computed term: start, counted, worked Saturday, skipped, suspended or last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from procedures.legal_time.calendar import Calendar
from procedures.legal_time.date_computation import ComputedDate, Suspension, merged
from procedures.legal_time.terms import Term

Mark = Literal["start", "last", "counted", "worked", "skipped", "suspended"]
MARKS: tuple[Mark, ...] = ("start", "counted", "worked", "skipped", "suspended", "last")


@dataclass(frozen=True, slots=True)
class DayMarks:
    """Marks of the days of one computed term, looked up day by day; unbounded while the clock is stopped."""

    found: ComputedDate
    term: Term
    calendar: Calendar
    pauses: tuple[Suspension, ...] = ()

    def of(self, day: date) -> Mark | None:
        """Return the mark of a day; None outside the term."""
        if day == self.found.ends_on:
            return "last"
        if day == self.found.starts_on:
            return "start"
        first, last = self._span()
        if not first <= day <= last:
            return None
        if any(pause.from_on <= day and (pause.to_on is None or day < pause.to_on) for pause in self.pauses):
            return "suspended"
        return self._counted(day)

    def _counted(self, day: date) -> Mark:
        if not self.term.backwards:
            if day > (self.found.rolls_from_on or date.max):
                return "skipped"
            if day > (self.found.term_ends_on or date.max):
                return "counted"
        if self.term.unit != "working_days":
            return "counted"
        if not self.calendar.is_working(day):
            return "skipped"
        return "worked" if day.weekday() >= 5 else "counted"

    def _span(self) -> tuple[date, date]:
        ends = self.found.ends_on or date.max
        return (ends, self.found.starts_on) if ends < self.found.starts_on else (self.found.starts_on, ends)


def day_marks(found: ComputedDate, term: Term, calendar: Calendar, pauses: Sequence[Suspension] = ()) -> DayMarks:
    """Return the marks of a computed term; `pauses`: the suspensions it was computed with."""
    return DayMarks(found, term, calendar, () if term.backwards else tuple(merged(pauses)))
