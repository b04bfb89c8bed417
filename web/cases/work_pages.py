"""My work: what is mine today, ordered by legal risk."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import Connection

from casework.as_of import AsOf
from casework.lists.as_of_tables import lists_as_of
from casework.lists.first_steps import first_steps
from casework.lists.worklist import NO_OFFICER, Filter, how_many, light_counts, worklist
from models.database import reading
from oversight.lights import OPEN_LIGHTS
from oversight.thresholds import upcoming_days, upcoming_until
from rulebook.versions import Versions
from templates.words import t
from web.access import may_open
from web.as_of_form import asked_sight, looking_of
from web.cases.asked_cases import AskedCases
from web.cases.case_rows import decorate
from web.cases.home import home_of
from web.list_navigation import lay
from web.lists import PAGE, district_names, officers_of, pages_of
from web.rendering import page
from web.request_context import Here, Visit

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked(AskedCases):
    """A page of the list, or of the list as it was or was known on a day."""

    p: int = 1
    as_of: str = ""
    known_on: str = ""


@router.get("/work")
def work(here: Here, asked: Annotated[Asked, Depends()]) -> Response:
    mine = asked.only_own(here.person)
    sight, message = asked_sight(here, asked.as_of, asked.known_on)
    if not asked.questions and asked.p <= 1 and sight.is_now and not message:
        return _home(here, asked)
    with reading(here.bind) as connection:
        wanted = asked.wanted(connection, here.person, sight.day(here.today), sight.known_before)
        with lists_as_of(connection, sight, wanted.district):
            content = _listed(connection, here, wanted, sight, (max(asked.p, 1) - 1) * PAGE)
        content |= {
            "first": first_steps(connection, wanted.district) if not content["total"] else None,
            "versions": (versions := Versions(connection)),
            "procedure": versions.in_force,
            "districts": district_names(connection),
            "officers": officers_of(connection, wanted.district, besides=asked.officer)
            | {NO_OFFICER: t("pages.nobody", here.lang)},
        }
    pages = pages_of(asked.p, content["total"])
    lay(here, content["rows"], pages)
    return page(
        here, "cases/work.html", status=422 if message else 200, mine=mine, asked=asked, message=message, sight=sight,
        looking=looking_of(sight), pages=pages, lights=OPEN_LIGHTS, coming_in=upcoming_days(),
        may_bulk=sight.is_now and may_open("bulk_new", here.person.role, here.person.district), **content,
    )  # fmt: skip


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
        **content,
    )  # fmt: skip


def _listed(connection: Connection, here: Visit, wanted: Filter, sight: AsOf, offset: int) -> dict[str, Any]:
    """A page of the list, the open cases of the same filter under each light, and those with a date soon."""
    every, day = replace(wanted, light=None, closed=False, falls=None), sight.day(here.today)
    found = worklist(connection, wanted, day, limit=PAGE, offset=offset)
    return {
        "rows": decorate(connection, found.rows, here, sight),
        "total": found.total,
        "counts": light_counts(connection, every, day),
        "coming": how_many(connection, replace(every, falls=(day, upcoming_until(day))), day),
    }
