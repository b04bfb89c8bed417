"""What each day of a computed term was: counted, left out, stood still, the first or the last."""

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
    """The days of one reckoning, asked for one by one. While the clock stands still they go on without end."""

    found: ComputedDate
    term: Term
    calendar: Calendar
    pauses: tuple[Suspension, ...] = ()

    def of(self, day: date) -> Mark | None:
        """None outside the term; the last day counts too, unless it was moved there from a day off."""
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
    """The marks of a reckoning, with the suspensions that it was given."""
    return DayMarks(found, term, calendar, () if term.backwards else tuple(merged(pauses)))
