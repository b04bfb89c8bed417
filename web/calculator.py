"""The calculator of dates: a start, a term, a calendar; the answer with its sum and pictures of the months."""

import calendar as months
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from casework.sums import sum_in_words
from models.database import reading
from models.errors import WrongInput
from procedures.calendar import Calendar, Calendars
from procedures.reckoning import Kind, Reckoning, Suspension, reckon
from procedures.terms import Term
from procedures.values import parse_day
from rulebook.office_calendar import calendars_of
from templates.words import say
from web.rendering import page
from web.visit import Here, Visit

router = APIRouter()
UNITS = ("days", "working_days", "weeks", "months", "years")
MOST_MONTHS = 6


@router.get("/calculator")
def calculator(
    here: Here, start: str = "", amount: str = "", unit: str = "days", kind: str = "legal", backwards: bool = False,
    pause_from: str = "", pause_to: str = "",
) -> Response:  # fmt: skip
    asked = {
        "start": start, "amount": amount, "unit": unit, "kind": kind, "backwards": backwards,
        "pause_from": pause_from, "pause_to": pause_to,
    }  # fmt: skip
    with reading(here.bind) as connection:
        calendars = calendars_of(connection, here.person.district)
    found, wrong = (None, {}) if not start and not amount else _reckon(asked, calendars, here)
    drawn: list[dict[str, Any]] = []
    if found is not None:
        chosen = calendars.agency if found.calendar == "agency" else calendars.general
        drawn = _months(found, chosen, here.today)
    return page(
        here, "calculator.html", status=422 if wrong else 200, asked=asked, found=found, wrong=wrong, drawn=drawn,
        units=UNITS, version=calendars.version, lines=sum_in_words(found, here.lang) if found else (),
    )  # fmt: skip


def _reckon(asked: dict[str, Any], calendars: Calendars, here: Visit) -> tuple[Reckoning | None, dict[str, str]]:
    try:
        if not asked["amount"].isdecimal() or len(asked["amount"]) > 6:
            raise WrongInput("amount", "not_a_number", value=asked["amount"][:40])
        unit = asked["unit"].replace("_", " ") if asked["unit"] in UNITS else "days"
        term = Term.parse(f"{asked['amount']} {unit}" + (" before" if asked["backwards"] else ""))
        kind: Kind = "target" if asked["kind"] == "target" else "legal"
        start = parse_day("start", asked["start"])
        if not 1950 <= start.year <= 2100:
            raise WrongInput("start", "not_a_date", value=asked["start"][:40])
        return reckon(start, term, calendars, kind=kind, suspensions=_pauses(asked)), {}
    except WrongInput as error:
        field = "amount" if error.field == "term" else error.field
        return None, {field: say(error, here.lang)}


def _pauses(asked: dict[str, Any]) -> tuple[Suspension, ...]:
    if not asked["pause_from"]:
        return ()
    until = parse_day("pause_to", asked["pause_to"]) if asked["pause_to"] else None
    return (Suspension(parse_day("pause_from", asked["pause_from"]), until),)


def _months(found: Reckoning, chosen: Calendar, today: date) -> list[dict[str, Any]]:
    """Month pictures from the start to the end; of a long term the first and the last ones."""
    end = found.ends_on or found.starts_on
    first, last = sorted((found.starts_on.replace(day=1), end.replace(day=1)))
    listed: list[date] = []
    while first <= last and len(listed) < 400:
        listed.append(first)
        first = (first + timedelta(days=32)).replace(day=1)
    if len(listed) > MOST_MONTHS:
        listed = listed[: MOST_MONTHS // 2] + listed[-MOST_MONTHS // 2 :]
    return [{"first": month, "weeks": _weeks(month, found, chosen, today)} for month in listed]


def _weeks(month: date, found: Reckoning, chosen: Calendar, today: date) -> list[list[dict[str, Any]]]:
    grid = months.Calendar().monthdatescalendar(month.year, month.month)
    return [[_day(day, month, found, chosen, today) for day in week] for week in grid]


def _day(day: date, month: date, found: Reckoning, chosen: Calendar, today: date) -> dict[str, Any]:
    off = chosen.day_off(day)
    span = sorted((found.starts_on, found.ends_on or found.starts_on))
    marks = [
        name
        for name, holds in (
            ("start", day == found.starts_on),
            ("end", day == found.ends_on),
            ("within", span[0] < day < span[1]),
            ("off", off is not None),
            ("holiday", off is not None and off.kind != "weekend"),
            ("worked", off is None and day.weekday() >= 5),
            ("today", day == today),
        )
        if holds
    ]
    return {"on": day, "inside": day.month == month.month, "marks": marks, "off": off}
