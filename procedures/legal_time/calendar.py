"""Calendars as cited, versioned data: AGENCY with swapped days, GENERAL with holidays and days in lieu only."""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

from models.yaml_text import read_yaml

SATURDAY = 5
FOR_ALL = frozenset({"holiday", "compensation"})  # a closed office is no public holiday: it moves no legal limit


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why a day is off, or a Saturday worked; `kind` is holiday, compensation, swap, worked, closing or weekend."""

    on: date
    kind: str
    vi: str
    en: str
    confidence: str
    source: str

    def label(self, lang: str = "vi") -> str:
        return self.en if lang == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Closing:
    """A day on which the city's or an office's doors are closed, with the decision behind it."""

    on: date
    layer: str  # city | office
    reason: str
    decision: str


@dataclass(frozen=True, eq=False)
class Calendar:
    """Which days are worked. Outside the years it covers only weekends are off, and `covers` says so."""

    name: str
    marked: Mapping[date, DayOff]
    first: date
    last: date
    _worked: Sequence[int] = field(default=(), repr=False)  # every one of the covered years
    _odd: Sequence[int] = field(default=(), repr=False)  # weekdays off and worked weekends, in order
    _more: Sequence[int] = field(default=(0,), repr=False)  # what the first so many of them add to the weekdays

    @classmethod
    def of(cls, name: str, marked: Mapping[date, DayOff], years: Collection[int]) -> "Calendar":
        """The calendar of the years whose schedule is known; days marked beyond them count, but cover no year."""
        first, last = date(min(years), 1, 1), date(max(years), 12, 31)
        worked = [
            ordinal
            for ordinal in range(first.toordinal(), last.toordinal() + 1)
            if _is_worked(date.fromordinal(ordinal), marked)
        ]
        odd = sorted(day.toordinal() for day in marked if _is_worked(day, marked) != _is_worked(day, {}))
        signs = (1 if _is_worked(date.fromordinal(ordinal), marked) else -1 for ordinal in odd)
        return cls(name, marked, first, last, worked, odd, list(accumulate(signs, initial=0)))

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_working(self, day: date) -> bool:
        return _is_worked(day, self.marked)

    def day_off(self, day: date) -> DayOff | None:
        """Why the day is off; None for a working day."""
        found = self.mark(day)
        return None if found is None or found.kind == "worked" else found

    def mark(self, day: date) -> DayOff | None:
        """What sets the day apart: why it is off, or that it is worked although of a weekend."""
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
        """The day itself when it is worked, else the next one that is."""
        while not self.is_working(day):
            if day == date.max:
                return day
            day += timedelta(days=1)
        return day

    def previous_working(self, day: date) -> date:
        """The day itself when it is worked, else the last one before that is."""
        while not self.is_working(day):
            if day == date.min:
                return day
            day -= timedelta(days=1)
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The count-th working day after `day` (before it when negative); `day` itself is not counted."""
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
        """Working days after `after` up to and including `until`; negative when `until` lies before."""
        return self._until(until.toordinal()) - self._until(after.toordinal())

    def _until(self, ordinal: int) -> int:
        """The working days from the first day of time, which was a Monday."""
        weeks, days = divmod(ordinal, 7)
        return weeks * SATURDAY + min(days, SATURDAY) + self._more[bisect_right(self._odd, ordinal)]

    def _found(self, day: date, count: int) -> date:
        """`add_working_days` where the covered years do not reach, held inside the years that dates know."""
        wanted = self._until(day.toordinal()) + count if count > 0 else self._until(day.toordinal() - 1) + count + 1
        if wanted <= 0:
            return date.min
        time = range(date.max.toordinal() + 1)
        return date.fromordinal(min(bisect_left(time, wanted, key=self._until), len(time) - 1))


def _is_worked(day: date, marked: Mapping[date, DayOff]) -> bool:
    found = marked.get(day)
    return found.kind == "worked" if found is not None else day.weekday() < SATURDAY


@dataclass(frozen=True, eq=False)
class Calendars:
    """The two calendars of an office, and the version of the data they were made from."""

    agency: Calendar
    general: Calendar
    version: str


@lru_cache(maxsize=256)
def load_calendars(
    version: str | None = None, closings: tuple[Closing, ...] = (), year: int | None = None
) -> Calendars:
    """The national calendars with an office's closing days.

    `version` prefers schedules of that name (`draft`), of one `year` or of all that have one.
    """
    schedules = _schedules(version, year)
    national = {day: off for days in schedules.values() for day, off in days.items()}
    closed = {
        item.on: DayOff(item.on, "closing", item.reason, item.reason, "verified", item.decision) for item in closings
    }
    agency = {**national, **closed}
    general = {day: off for day, off in national.items() if off.kind in FOR_ALL}
    return Calendars(
        Calendar.of("agency", agency, schedules), Calendar.of("general", general, schedules), _hash(agency.values())
    )


def schedules_of(year: int) -> list[str]:
    """The names of the schedules that a year has, the standing one first; none for a year that is not known."""
    return [str(item["version"]) for item in _national() if item["year"] == year]


def _schedules(version: str | None, year: int | None) -> Mapping[int, Mapping[date, DayOff]]:
    """The marked days by the year of their schedule; a worked Saturday may lie in the year before."""
    chosen: dict[int, Mapping[str, Any]] = {}
    for schedule in _national():
        standing = chosen.get(schedule["year"])
        asked = schedule["version"] == version and year in (None, schedule["year"])
        if standing is None or asked:
            chosen[schedule["year"]] = schedule
    return {
        number: {
            day: DayOff(day, item["kind"], item["vi"], item["en"], item["confidence"], schedule["source"])
            for day, item in schedule["days"].items()
        }
        for number, schedule in chosen.items()
    }


@cache
def _national() -> Sequence[Mapping[str, Any]]:
    text = files("procedures").joinpath("calendars", "national.yaml").read_text(encoding="utf-8")
    schedules: Sequence[Mapping[str, Any]] = read_yaml(text)["schedules"]
    return schedules


def _hash(days: Iterable[DayOff]) -> str:
    text = "\n".join(sorted(f"{day.on} {day.kind} {day.source}" for day in days))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
