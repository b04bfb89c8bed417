"""Calendars as cited, versioned data: AGENCY with swapped days, GENERAL with holidays and days in lieu only."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any

from procedures.legal_time.calendar_editions import edition_of

SATURDAY = 5
COMPUTED = "computed"  # a schedule drafted by a library and not compared with an official decision
FOR_ALL = frozenset({"holiday", "compensation"})  # a closing day is no public holiday and moves no legal limit


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why a day is off, or a Saturday worked. `kind`: holiday, compensation, swap, worked, closing or weekend."""

    on: date
    kind: str
    vi: str
    en: str
    confidence: str
    source: str

    def label(self, lang: str) -> str:
        return self.en if lang == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Closing:
    """A closing day of the city or of one office, with the decision that orders it."""

    on: date
    layer: str  # city | office
    reason: str
    decision: str


@dataclass(frozen=True, eq=False)
class Calendar:
    """Which days are worked. Outside the covered years only weekends are off; `covers` is False there."""

    name: str
    marked: Mapping[date, DayOff]
    first: date
    last: date
    computed: frozenset[int] = frozenset()  # the covered years whose schedule was never compared with a decision
    _worked: Sequence[int] = field(default=(), repr=False)  # every one of the covered years
    _odd: Sequence[int] = field(default=(), repr=False)  # weekdays off and worked weekends, in order
    _more: Sequence[int] = field(default=(0,), repr=False)  # running total: working days that `_odd` adds

    @classmethod
    def of(
        cls, name: str, marked: Mapping[date, DayOff], years: Collection[int], computed: Collection[int] = ()
    ) -> "Calendar":
        """Build the calendar of the years with a known schedule; days marked in other years count but cover no year."""
        first, last = date(min(years), 1, 1), date(max(years), 12, 31)
        worked = [
            ordinal
            for ordinal in range(first.toordinal(), last.toordinal() + 1)
            if _is_worked(date.fromordinal(ordinal), marked)
        ]
        odd = sorted(day.toordinal() for day in marked if _is_worked(day, marked) != _is_worked(day, {}))
        signs = (1 if _is_worked(date.fromordinal(ordinal), marked) else -1 for ordinal in odd)
        return cls(name, marked, first, last, frozenset(computed), worked, odd, list(accumulate(signs, initial=0)))

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_working(self, day: date) -> bool:
        return _is_worked(day, self.marked)

    def day_off(self, day: date) -> DayOff | None:
        """Return why the day is off; None for a working day."""
        found = self.mark(day)
        return None if found is None or found.kind == "worked" else found

    def mark(self, day: date) -> DayOff | None:
        """Return why the day is off, or that it is a worked weekend day; None for a plain working day."""
        found = self.marked.get(day)
        if found is not None:
            return found
        if day.weekday() < SATURDAY:
            return None
        saturday = day.weekday() == SATURDAY
        return DayOff(
            day, "weekend", "Thứ bảy" if saturday else "Chủ nhật", "Saturday" if saturday else "Sunday", "verified", ""
        )

    def next_working(self, day: date) -> date:
        """Return the day itself when it is worked, else the next working day."""
        while not self.is_working(day):
            if day == date.max:
                return day
            day += timedelta(days=1)
        return day

    def previous_working(self, day: date) -> date:
        """Return the day itself when it is worked, else the last working day before it."""
        while not self.is_working(day):
            if day == date.min:
                return day
            day -= timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """Return the count-th working day after `day` (before it when negative); `day` itself is not counted."""
        if count == 0:
            return day
        ordinals = self._worked
        if count > 0:
            place = bisect_right(ordinals, day.toordinal()) + count - 1
        else:
            place = bisect_left(ordinals, day.toordinal()) + count
        if self.covers(day) and 0 <= place < len(ordinals):
            return date.fromordinal(ordinals[place])
        return self._found(day, count)

    def working_days_between(self, after: date, until: date) -> int:
        """Working days after `after` up to and including `until`; negative when `until` is earlier."""
        return self._until(until.toordinal()) - self._until(after.toordinal())

    def _until(self, ordinal: int) -> int:
        """The number of working days since 01/01/0001, a Monday."""
        weeks, days = divmod(ordinal, 7)
        return weeks * SATURDAY + min(days, SATURDAY) + self._more[bisect_right(self._odd, ordinal)]

    def _found(self, day: date, count: int) -> date:
        """`add_working_days` outside the covered years, limited to date.min and date.max."""
        target = self._until(day.toordinal()) + count if count > 0 else self._until(day.toordinal() - 1) + count + 1
        if target <= 0:
            return date.min
        time = range(date.max.toordinal() + 1)
        return date.fromordinal(min(bisect_left(time, target, key=self._until), len(time) - 1))


def _is_worked(day: date, marked: Mapping[date, DayOff]) -> bool:
    found = marked.get(day)
    return found.kind == "worked" if found is not None else day.weekday() < SATURDAY


@dataclass(frozen=True, eq=False)
class Calendars:
    """The two calendars of an office. `version`: hash of their days; `edition`: number of the national days off."""

    agency: Calendar
    general: Calendar
    version: str
    edition: int


@lru_cache(maxsize=256)
def load_calendars(
    version: str | None = None,
    closings: tuple[Closing, ...] = (),
    year: int | None = None,
    edition: int | None = None,
) -> Calendars:
    """Return the national calendars of an edition with an office's closing days.

    Args:
        version: prefer schedules of that name (`draft`), for one `year` or for all years that have one.
        closings: closing days of the city and the office.
        year: the year to which `version` applies; None: all.
        edition: number of the edition; None: the newest.

    Raises:
        NotFound: an edition that the product does not ship.

    Example: `load_calendars().agency.add_working_days(date(2015, 4, 27), 5)`.
    """
    chosen = _schedules(version, year, edition)
    national = {day: off for schedule in chosen.values() for day, off in _days(schedule)}
    closed = {
        item.on: DayOff(item.on, "closing", item.reason, item.reason, "verified", item.decision) for item in closings
    }
    agency = {**national, **closed}
    general = {day: off for day, off in national.items() if off.kind in FOR_ALL}
    computed = [number for number, schedule in chosen.items() if schedule["version"] == COMPUTED]
    return Calendars(
        Calendar.of("agency", agency, chosen, computed),
        Calendar.of("general", general, chosen, computed),
        _hash(agency.values()),
        edition_of(edition).number,
    )


def schedules_of(year: int, edition: int | None = None) -> list[str]:
    """Return the names of a year's schedules, the one in force first; empty for an unknown year."""
    return [str(item["version"]) for item in edition_of(edition).schedules if item["year"] == year]


def _schedules(version: str | None, year: int | None, edition: int | None) -> Mapping[int, Mapping[str, Any]]:
    """The schedule chosen for each year."""
    chosen: dict[int, Mapping[str, Any]] = {}
    for schedule in edition_of(edition).schedules:
        known = chosen.get(schedule["year"])
        preferred = schedule["version"] == version and year in (None, schedule["year"])
        if known is None or preferred:
            chosen[schedule["year"]] = schedule
    return chosen


def _days(schedule: Mapping[str, Any]) -> Iterable[tuple[date, DayOff]]:
    """The marked days of a schedule; a day off or a worked Saturday may fall in the previous year."""
    for day, item in schedule["days"].items():
        source = item.get("source", schedule["source"])
        yield day, DayOff(day, item["kind"], item["vi"], item["en"], item["confidence"], source)


def _hash(days: Iterable[DayOff]) -> str:
    text = "\n".join(sorted(f"{day.on} {day.kind} {day.source}" for day in days))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
