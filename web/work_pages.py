"""My work: what is mine today, ordered by legal risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import Connection, select

from casework.bulk_view import waiting_batches
from casework.letter_queue import waiting_count
from casework.lights import LIGHTS
from casework.people import stands_in_for
from casework.unserved import unserved_of
from casework.worklist import Filter, light_counts, worklist
from models.database import reading
from models.tables import obstacles
from rulebook.versions import Versions, in_force
from web.access import may_open
from web.labels import letter_name, lifter_of
from web.lists import PAGE, district_names, officers_of, pages_of
from web.rendering import days_left, page
from web.visit import Here, Visit

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is asked to show, as it stands in its address."""

    scope: str = ""
    district: str = ""
    officer: str = ""
    stage: str = ""
    light: str = ""
    obstacle: str = ""
    q: str = ""
    closed: bool = False
    unserved: bool = False
    p: int = 1


@router.get("/work")
def work(here: Here, asked: Annotated[Asked, Depends()]) -> Response:
    mine = here.person.role == "case_officer" and asked.scope != "office"
    with reading(here.bind) as connection:
        wanted = _wanted(connection, here, asked, mine)
        found = worklist(connection, wanted, here.today, limit=PAGE, offset=(max(asked.p, 1) - 1) * PAGE)
        content: dict[str, Any] = {
            "rows": decorate(connection, found.rows, here),
            "procedure": in_force(connection),
            "total": found.total,
            "counts": _counts(connection, wanted, here),
            "letters": waiting_count(connection, here.person, here.today),
            "batches": waiting_batches(connection, here.person, here.today),
            "districts": district_names(connection),
            "officers": officers_of(connection, wanted.district),
        }
    return page(
        here, "work.html", mine=mine, asked=asked, pages=pages_of(asked.p, found.total), lights=LIGHTS[:4],
        may_bulk=may_open("bulk_new", here.person.role, here.person.district), **content,
    )  # fmt: skip


def _wanted(connection: Connection, here: Visit, asked: Asked, mine: bool) -> Filter:
    return Filter(
        district=here.person.district or asked.district or None,
        officer_ids=_mine(connection, here) if mine else (),
        officer=asked.officer or None,
        stage=asked.stage or None,
        light=asked.light if asked.light in LIGHTS else None,
        obstacle=asked.obstacle or None,
        search=asked.q.strip()[:120] or None,
        closed=asked.closed,
        unserved=asked.unserved,
    )


def _mine(connection: Connection, here: Visit) -> tuple[int, ...]:
    return (here.person.id, *stands_in_for(connection, here.person.id, here.today))


def _counts(connection: Connection, wanted: Filter, here: Visit) -> dict[str, int]:
    """Open cases under each light, whatever light is being looked at."""
    every = Filter(district=wanted.district, officer_ids=wanted.officer_ids, officer=wanted.officer)
    return light_counts(connection, every, here.today)


def decorate(connection: Connection, rows: Iterable[dict[str, Any]], here: Visit) -> list[dict[str, Any]]:
    """Rows of a list with the state and next step in words, the days left, and what stands in the way since when."""
    versions, lang = Versions(connection), here.lang
    listed = list(rows)
    standing = _standing(connection, [row["id"] for row in listed if row["obstacles"]])
    unserved = unserved_of(connection, [row["id"] for row in listed])
    for row in listed:
        pin, state = row["procedure"], versions.part("states", row["state"], row["procedure"])
        row |= {
            "state_label": state.label[lang] if state else row["state"],
            "now": state.now[lang] if state else "",
            "own_district": row["district_code"] == here.person.district,
            "legal_past": row["legal_on"] is not None and row["legal_on"] < here.today,
            "target_past": row["target_on"] is not None and row["target_on"] < here.today,
            "legal_left": days_left(here.today, row["legal_on"], lang),
            "target_left": days_left(here.today, row["target_on"], lang),
            "in_the_way": [
                {
                    "label": versions.label("obstacles", code, lang, pin),
                    "by": lifter_of(versions, code, lang, pin),
                    "since": day,
                }
                for code, day in standing.get(row["id"], ())
            ],
            "unserved": [
                {
                    "deadline": versions.label("deadlines", key, lang, pin),
                    "letters": ", ".join(letter_name(letter, lang) for letter in letters),
                }
                for key, letters in unserved.get(row["id"], ())
            ],
        }
    return listed


def _standing(connection: Connection, cases: list[int]) -> dict[int, list[tuple[str, Any]]]:
    if not cases:
        return {}
    found = select(obstacles.c.case_id, obstacles.c.code, obstacles.c.since_on).where(
        obstacles.c.case_id.in_(cases), obstacles.c.lifted_on.is_(None)
    )
    standing: dict[int, list[tuple[str, Any]]] = {}
    for case_id, code, day in connection.execute(found).tuples():
        standing.setdefault(case_id, []).append((code, day))
    return standing
