"""My work: what is mine today, ordered by legal risk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import Connection, select

from casework.bulk_view import waiting_batches
from casework.first_steps import first_steps
from casework.letter_queue import waiting_count
from casework.lights import LIGHTS
from casework.past_cases import PastLists
from casework.sight import NOW, Sight
from casework.unserved import unserved_of
from casework.worklist import NOBODY, Filter, Page, light_counts, worklist
from models.database import reading
from models.tables import obstacles
from rulebook.versions import Versions
from templates.words import t
from web.access import may_open
from web.asked_cases import AskedCases
from web.labels import letter_name, lifter_of
from web.lists import PAGE, district_names, officers_of, pages_of
from web.looking_back import asked_sight, looking_of
from web.rendering import days_left, page
from web.visit import Here, Visit

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked(AskedCases):
    """A page of the list, or of the list as it stood or was known on a day."""

    p: int = 1
    as_of: str = ""
    known_on: str = ""


@router.get("/work")
def work(here: Here, asked: Annotated[Asked, Depends()]) -> Response:
    mine = asked.only_own(here.person)
    sight, message = asked_sight(here, asked.as_of, asked.known_on)
    with reading(here.bind) as connection:
        wanted = asked.wanted(connection, here.person, sight.day(here.today))
        found, counts = _found(connection, here, wanted, sight, (max(asked.p, 1) - 1) * PAGE)
        content: dict[str, Any] = {
            "rows": decorate(connection, found.rows, here, sight),
            "first": first_steps(connection, wanted.district) if not found.total else None,
            "versions": (versions := Versions(connection)),
            "procedure": versions.in_force,
            "total": found.total,
            "counts": counts,
            "letters": waiting_count(connection, here.person, here.today) if sight.is_now else 0,
            "batches": waiting_batches(connection, here.person, here.today) if sight.is_now else [],
            "districts": district_names(connection),
            "officers": officers_of(connection, wanted.district, besides=asked.officer)
            | {NOBODY: t("pages.nobody", here.lang)},
        }
    return page(
        here, "work.html", status=422 if message else 200, mine=mine, asked=asked, message=message, sight=sight,
        looking=looking_of(sight), pages=pages_of(asked.p, found.total), lights=LIGHTS[:4],
        may_bulk=sight.is_now and may_open("bulk_new", here.person.role, here.person.district), **content,
    )  # fmt: skip


def _found(
    connection: Connection, here: Visit, wanted: Filter, sight: Sight, offset: int
) -> tuple[Page, dict[str, int]]:
    """A page of the list, and the open cases of the same filter under each light."""
    every = replace(wanted, light=None, closed=False)
    if sight.is_now:
        found = worklist(connection, wanted, here.today, limit=PAGE, offset=offset)
        return found, light_counts(connection, every, here.today)
    lists = PastLists(connection, sight, here.today, wanted.district)
    return lists.worklist(wanted, limit=PAGE, offset=offset), lists.light_counts(every)


def decorate(
    connection: Connection, rows: Iterable[dict[str, Any]], here: Visit, sight: Sight = NOW
) -> list[dict[str, Any]]:
    """Rows of a list with the state and next step in words, the days left, and what stands in the way since when."""
    versions, lang, today = Versions(connection), here.lang, sight.day(here.today)
    listed = list(rows)
    standing, unserved = _besides(connection, listed, sight)
    for row in listed:
        pin, state = row["procedure"], versions.part("states", row["state"], row["procedure"])
        row |= {
            "state_label": state.label[lang] if state else row["state"],
            "now": state.now[lang] if state else "",
            "own_district": row["district_code"] == here.person.district,
            "legal_past": row["legal_on"] is not None and row["legal_on"] < today,
            "target_past": row["target_on"] is not None and row["target_on"] < today,
            "legal_left": days_left(today, row["legal_on"], lang),
            "target_left": days_left(today, row["target_on"], lang),
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


def _besides(
    connection: Connection, rows: Sequence[Mapping[str, Any]], sight: Sight
) -> tuple[Mapping[int, Sequence[tuple[str, Any]]], Mapping[int, Sequence[tuple[str, Sequence[str]]]]]:
    """By case: its obstacles with since when, and its clocks that wait for proof; as they stand, or stood."""
    if sight.is_now:
        held = _standing(connection, [row["id"] for row in rows if row["obstacles"]])
        return held, unserved_of(connection, [row["id"] for row in rows])
    then = {row["id"]: [(key, letters) for key, letters, _ in row["unserved"]] for row in rows}
    return {row["id"]: row["in_the_way"] for row in rows}, then


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
