"""The month calendar: limits of the law, dates of the plan and days that were set, of a person or of the office."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import Connection

from casework.lists.month_calendar import (
    KINDS,
    CalendarEntry,
    MonthDates,
    entry_label,
    month_dates,
    month_from,
    month_of,
)
from casework.lists.worklist import NO_OFFICER
from models.database import reading
from procedures.legal_time.calendar import DayOff
from rulebook.office_calendar import calendars_of
from rulebook.versions import Versions
from templates.words import t
from web.cases.asked_cases import AskedCases
from web.lists import district_names, officers_of
from web.rendering import page
from web.request_context import Here, Visit

router = APIRouter()
SHOWN = 3  # entries of a day in the grid; the others are folded
IN_SIGHT = 12  # entries in the list of days that is read on a phone: the days after those are folded


@dataclass(frozen=True, slots=True)
class Asked(AskedCases):
    """The month (YYYY-MM), and whose dates."""

    month: str = ""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A date of a case in words."""

    kind: str
    ref: str
    unit_name: str
    label: str
    past: bool


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day with its entries; `more`: how many others the day has that are not read. `off`: None on a working day."""

    on: date
    inside: bool
    today: bool
    off: DayOff | None
    entries: Sequence[ShownEntry]
    more: int

    @property
    def classes(self) -> str:
        kind = "" if self.off is None else "weekend" if self.off.kind == "weekend" else "holiday"
        return " ".join(filter(None, ("" if self.inside else "outside", kind, "today" if self.today else "")))


@router.get("/calendar")
def calendar(here: Here, asked: Annotated[Asked, Depends()]) -> Response:
    first, last = month_of(month_from(asked.month, here.today) or here.today)
    with reading(here.bind) as connection:
        wanted = asked.wanted(connection, here.person, here.today)
        found = month_dates(connection, wanted, first, last, here.today)
        days = list(_days(connection, here, first, last, found))
        content: dict[str, Any] = {
            "districts": district_names(connection),
            "officers": officers_of(connection, wanted.district, besides=asked.officer)
            | {NO_OFFICER: t("pages.nobody", here.lang)},
        }
    agenda = [day for day in days if day.inside and (day.entries or day.today)]
    coming = [day for day in agenda if day.on >= here.today]
    weeks = [days[place : place + 7] for place in range(0, len(days), 7)]
    return page(
        here, "cases/calendar.html", asked=asked, mine=asked.only_own(here.person), first=first, weeks=weeks,
        agenda=coming or agenda, past=agenda[: -len(coming)] if coming else [],
        unfolded=_unfolded(coming or agenda), shown=SHOWN,
        kinds=[(kind, found.total(kind)) for kind in KINDS], months=_beside(asked, first, last, here.today), **content,
    )  # fmt: skip


def _unfolded(agenda: Sequence[CalendarDay]) -> set[date]:
    """The days in sight at once, from the first, until there is enough to read."""
    seen, found = 0, set[date]()
    for day in agenda:
        if seen < IN_SIGHT:
            found.add(day.on)
        seen += len(day.entries)
    return found


def _beside(asked: Asked, first: date, last: date, today: date) -> dict[str, str]:
    """The addresses of the month before, of this month and of the one after."""
    days = {"before": first - timedelta(days=1), "now": today, "after": last + timedelta(days=1)}
    return {name: "/calendar?" + urlencode(asked.questions | {"month": f"{on:%Y-%m}"}) for name, on in days.items()}


def _days(
    connection: Connection, here: Visit, first: date, last: date, found: MonthDates
) -> Iterator[CalendarDay]:  # fmt: skip
    """Whole weeks from Monday; days of the months beside have no entries."""
    days_off, versions = calendars_of(connection, here.person.district).agency, Versions(connection)
    day = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    while day <= end:
        inside = first <= day <= last
        listed = found.entries.get(day, ()) if inside else ()
        total = sum(found.counts.get(day, {}).values()) if inside else 0
        entries = [_shown(versions, entry, here) for entry in listed]
        yield CalendarDay(day, inside, day == here.today, days_off.day_off(day), entries, total - len(entries))
        day += timedelta(days=1)


def _shown(versions: Versions, entry: CalendarEntry, here: Visit) -> ShownEntry:
    return ShownEntry(
        entry.kind, entry.ref, entry.unit_name, entry_label(versions, entry, here.lang), entry.on < here.today
    )
