"""Pictures of the months of a computed term: each day with what it was and why it is off."""

import calendar as months
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from procedures.legal_time.calendar import Calendar, DayOff
from procedures.legal_time.day_marks import DayMarks

MOST = 12  # of a longer term the first and the last months are drawn


@dataclass(frozen=True, slots=True)
class DayPicture:
    """A day of a month; `mark` one of MARKS or None, `off` None on a working day, `classes` of its cell."""

    on: date
    mark: str | None
    off: DayOff | None
    classes: str


@dataclass(frozen=True, slots=True)
class MonthPicture:
    """A month by weeks from Monday, None for days of its neighbours; `after_gap`: months are left out before it."""

    first: date
    after_gap: bool
    weeks: Sequence[Sequence[DayPicture | None]]


def month_pictures(marks: DayMarks, chosen: Calendar, today: date) -> tuple[list[MonthPicture], int]:
    """The months from the start to the end, and how many in the middle are left out."""
    first, last = _ends(marks)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    kept = range(count) if count <= MOST else (*range(MOST // 2), *range(count - MOST // 2, count))
    listed = [_month(first, place) for place in kept]
    gap = listed[MOST // 2] if count > MOST else None
    return [MonthPicture(month, month == gap, list(_weeks(month, marks, chosen, today))) for month in listed], max(
        count - MOST, 0
    )


def _ends(marks: DayMarks) -> tuple[date, date]:
    """Of a term that is suspended without an end: up to the month in which it stopped."""
    found = marks.found
    stopped = [line.from_on for line in found.lines if line.code == "stands_still"]
    end = found.ends_on or max(found.starts_on, *stopped)
    return min(found.starts_on, end), max(found.starts_on, end)


def _month(first: date, place: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + place, 12)
    return date(year, month + 1, 1)


def _weeks(month: date, marks: DayMarks, chosen: Calendar, today: date) -> Iterator[list[DayPicture | None]]:
    days = months.monthrange(month.year, month.month)[1]
    cells: list[DayPicture | None] = [None] * month.weekday()
    cells += [_day(month + timedelta(days=count), marks, chosen, today) for count in range(days)]
    cells += [None] * (-len(cells) % 7)
    yield from (cells[place : place + 7] for place in range(0, len(cells), 7))


def _day(day: date, marks: DayMarks, chosen: Calendar, today: date) -> DayPicture:
    off, mark = chosen.day_off(day), marks.of(day)
    kind = "" if off is None else "weekend" if off.kind == "weekend" else "holiday"
    shown = [name for name in (mark, kind, "today" if day == today else "") if name]
    return DayPicture(day, mark, off, " ".join(shown))
