"""My work: what is mine today, ordered by legal risk."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.as_of import AsOf
from casework.lists.as_of_tables import lists_as_of
from casework.lists.first_steps import first_steps
from casework.lists.list_order import known_order
from casework.lists.worklist import NO_OFFICER, Filter, light_counts, open_counts, worklist
from casework.office.list_views import start_of
from models.database import reading
from oversight.lights import OPEN_LIGHTS
from oversight.thresholds import upcoming_days, upcoming_until
from rulebook.versions import Versions
from templates.words import t
from web.access import may_open
from web.as_of_form import asked_sight, looking_of
from web.cases.asked_cases import AskedCases
from web.cases.bulk_choice import DOES, FILES, may_do
from web.cases.case_columns import FILE, ON_PAGE
from web.cases.case_rows import decorate
from web.cases.case_table import case_lines
from web.cases.home import home_of
from web.list_navigation import lay
from web.list_options import PATHS, ListChoice, list_choice
from web.lists import PAGE, district_names, officers_of, pages_of
from web.rendering import page
from web.request_context import Here, Visit

router = APIRouter()
HOME = "home"


@dataclass(frozen=True, slots=True)
class Asked(AskedCases):
    """A page of the list, or of the list as it was or was known on a day."""

    p: int = 1
    as_of: str = ""
    known_on: str = ""
    sort: str = ""
    cols: str = ""
    view: str = ""  # home: the home page, whatever the person begins with


@router.get("/work")
def work(here: Here, asked: Annotated[Asked, Depends()]) -> Response:
    mine = asked.only_own(here.person)
    sight, message = asked_sight(here, asked.as_of, asked.known_on)
    if not here.request.url.query or asked.view == HOME:
        return _begin(here, asked)
    with reading(here.bind) as connection:
        choice = list_choice(connection, here, "cases", ON_PAGE, sort=known_order(asked.sort), cols=asked.cols)
        wanted = asked.wanted(connection, here.person, sight.day(here.today), sight.known_before)
        with lists_as_of(connection, sight, wanted.district):
            content = _listed(connection, here, wanted, sight, (max(asked.p, 1) - 1) * PAGE, choice)
        content |= {
            "first": first_steps(connection, wanted.district) if not content["total"] else None,
            "versions": (versions := Versions(connection)),
            "procedure": versions.in_force,
            "lines": case_lines(connection, here, content["rows"], choice.keys),
            "districts": district_names(connection),
            "officers": officers_of(connection, wanted.district, besides=asked.officer)
            | {NO_OFFICER: t("pages.nobody", here.lang)},
        }
    pages = pages_of(asked.p, content["total"])
    lay(here, content["rows"], pages)
    return page(
        here, "cases/work.html", status=422 if message else 200, mine=mine, asked=asked, message=message, sight=sight,
        looking=looking_of(sight), pages=pages, choice=choice, cells=FILE, may=_may(here, sight, asked),
        lights=OPEN_LIGHTS, coming_in=upcoming_days(), may_drop=sight.is_now and _may_drop(here), **content,
    )  # fmt: skip


def _begin(here: Visit, asked: Asked) -> Response:
    """The view that the person begins with, or what waits for the person."""
    if asked.view != HOME:
        with reading(here.bind) as connection:
            start = start_of(connection, here.person.id)
        if start is not None:
            return RedirectResponse(f"{PATHS[start.page]}?{start.query}", 303)
    return _home(here, asked)


def _may(here: Visit, sight: AsOf, asked: Asked) -> list[str]:
    """What may be done with selected cases; nothing with those of another day, or with closed ones."""
    if not sight.is_now:
        return []
    return [do for do in DOES if may_do(here, do) and (do in FILES or not asked.closed)]


def _home(here: Visit, asked: Asked) -> Response:
    """What waits for the person, by sections; the lists lead on from it."""
    with reading(here.bind) as connection:
        wanted = asked.wanted(connection, here.person, here.today)
        home = home_of(connection, here, wanted)
        content: dict[str, Any] = {
            "districts": district_names(connection),
            "first": None if home.rows else first_steps(connection, wanted.district),
            "counts": light_counts(connection, wanted, here.today),
        }
    lay(here, home.rows, pages_of(1, len(home.rows), max(len(home.rows), 1)))
    return page(
        here, "cases/home.html", home=home, mine=asked.only_own(here.person), lights=OPEN_LIGHTS, days=upcoming_days(),
        may_drop=_may_drop(here), **content,
    )  # fmt: skip


def _may_drop(here: Visit) -> bool:
    return may_open("documents_now", here.person.role, here.person.district)


def _listed(
    connection: Connection, here: Visit, wanted: Filter, sight: AsOf, offset: int, choice: ListChoice
) -> dict[str, Any]:  # fmt: skip
    """A page of the list, the open cases of the same filter under each light, and those with a date soon."""
    every, day = replace(wanted, light=None, closed=False, falls=None), sight.day(here.today)
    soon = (day, upcoming_until(day))
    counts = open_counts(connection, every, soon, day)
    total = counts.of(wanted, soon)
    found = worklist(connection, wanted, day, limit=PAGE, offset=offset, order=choice.sort, total=total)
    return {
        "rows": decorate(connection, found.rows, here, sight),
        "total": found.total,
        "counts": counts.lights,
        "coming": counts.falling,
    }
