"""The desk of obstacles: what waits for each body, a try, an answer or the lifting recorded for many cases at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.lists.earlier_texts import earlier_texts
from casework.obstacles.tries import TRIED, WAYS, Try
from casework.obstacles.waiting import (
    ORDERS,
    WaitingObstacle,
    Wanted,
    bodies_waited_for,
    body_of,
    how_many,
    waiting_obstacles,
)
from correspondence.obstacle_acts import ANSWER, LIFT, WAYS_TO_ACT, Said, act_on_obstacles, chosen_of
from models.database import reading
from models.errors import Conflict, InputErrors, NotFound, Refused, WrongInput
from models.letter_links import OBSTACLE_LETTER
from procedures.schema import ObstacleKind, Procedure
from procedures.state_machine.field_values import parse_day
from procedures.state_machine.obstacle_verbs import answering, taken_from_answer
from rulebook.versions import Versions
from templates.words import t
from web.access import may_open
from web.labels import letter_name, lifter_of
from web.lists import PAGE, district_names, pages_of
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
OFFICER = "case_officer"
MOST_NOTES = 3  # earlier texts that are offered
TYPED = ("do", "on", "way", "note", "next_on", "with_whom", "symbol", "lift")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows: one body, district, commune; of an officer the own cases unless the whole office."""

    body: str = ""
    district: str = ""
    commune: str = ""
    by: str = "body"
    scope: str = ""
    letter: str = ""  # those on the list of a letter, of every officer

    def wanted(self, here: Visit) -> Wanted:
        listed = int(self.letter) if self.letter.isdecimal() and len(self.letter) < 10 else None
        own = here.person.role == OFFICER and self.scope != "office" and listed is None
        return Wanted(
            self.body[:40], district=self.district, commune=self.commune[:120],
            officer=here.person.id if own else None, letter=listed,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that wait for the same body, or of the same commune; `letters`: what may be written for all of them."""

    name: str
    place: str
    rows: Sequence[WaitingObstacle]
    letters: Sequence[tuple[str, str, str]]  # kind of obstacle, letter, name of the letter
    body: str = ""  # the body, by a kind of obstacle that it lifts, with how many wait for it; not by commune
    waits: int = 0


@router.get("/obstacles")
def obstacles(
    here: Here, asked: Annotated[Asked, Depends()], p: int = 1, done: str = "", count: str = "", do: str = ""
) -> Response:  # fmt: skip
    """`do`: what is to be recorded for all that are listed: they are ticked, and its form is ready to be typed into."""
    said = t(f"obstacles.done_{done}", here.lang, count=count) if done in WAYS_TO_ACT and count.isdecimal() else ""
    return _page(here, asked, p, recorded=said, do=do if do in WAYS_TO_ACT else "")


@router.post("/obstacles")
def obstacles_now(here: Here, sent: Sent) -> Response:
    asked = Asked(**{name: sent.text(name) for name in asdict(Asked())} | {"by": sent.text("by") or "body"})
    lifted = sent.text("lift_one")  # the button of a row
    try:
        said = Said(LIFT, here.today) if lifted else _said(here, sent)
        chosen = chosen_of([lifted] if lifted else sent.texts("chosen"))
        count = act_on_obstacles(here.bind, chosen, said, by=here.person.login, clock=here.clock)
    except (WrongInput, Refused, Conflict, NotFound) as error:
        return _page(here, asked, sent.number("p") or 1, sent, error)
    if sent.text("back") == "case":
        return RedirectResponse(f"/cases/{chosen[0].ref}#obstacles", 303)
    return RedirectResponse(f"{_address(asked)}&done={said.do}&count={count}", 303)


def _address(asked: Asked) -> str:
    return "/obstacles?" + urlencode({name: value for name, value in asdict(asked).items() if value})


def _said(here: Visit, sent: Typed) -> Said:
    """What was typed. Raises WrongInput with every wrong field in one."""
    errors = InputErrors()
    days: dict[str, date | None] = {"on": here.today, "next_on": None}
    for name in days:
        with errors:
            days[name] = parse_day(name, sent.text(name)) if sent.text(name) else days[name]
    errors.raise_if_any()
    on = days["on"] or here.today
    tried = Try("", on, sent.text("way"), sent.text("with_whom"), sent.text("note"), days["next_on"])
    return Said(sent.text("do"), on, sent.text("note"), sent.text("symbol"), bool(sent.text("lift")), tried)


def _page(
    here: Visit, asked: Asked, p: int, sent: Typed | None = None,
    error: WrongInput | Refused | Conflict | NotFound | None = None, recorded: str = "", do: str = "",
) -> Response:  # fmt: skip
    by = asked.by if asked.by in ORDERS else ORDERS[0]
    with reading(here.bind) as connection:
        wanted, versions = asked.wanted(here), Versions(connection)
        bodies = bodies_waited_for(connection, here.person, Wanted(district=wanted.district, officer=wanted.officer))
        pages = pages_of(p, how_many(connection, here.person, wanted))
        rows = waiting_obstacles(connection, here.person, wanted, by=by, limit=PAGE, offset=(pages.number - 1) * PAGE)
        groups = _groups(
            connection,
            here,
            versions,
            rows,
            by,
            {} if wanted.letter or asked.commune else {(item.body, item.district): item.cases for item in bodies},
        )
        labels = {row.code: versions.label("obstacles", row.code, here.lang, row.procedure) for row in rows}
        lifters = {item.body: lifter_of(versions, item.body, here.lang) for item in bodies}
        districts = district_names(connection)
        answers = any(_may_answer(here, versions, row) for row in rows)
        answered = {item.body for item in bodies if _is_answered(here, versions, item.body)}
        notes = _notes(connection, here, versions, rows)
        answered |= {body_of(versions, row.code) for row in rows if _may_answer(here, versions, row)}
        if do == ANSWER and not notes:
            notes = [t("obstacles.usual_answer", here.lang)]
        whole = bool(wanted.letter)  # a letter is answered as a whole
        ready = [row.mark for row in rows if whole or (do and (do != ANSWER or _may_answer(here, versions, row)))]
    return page(
        here, "cases/obstacles.html", asked=asdict(asked) | {"by": by}, bodies=bodies,
        lifters=lifters, groups=groups, labels=labels, districts=districts, pages=pages, recorded=recorded,
        ways=WAYS, orders=ORDERS,
        ticked=sent.texts("chosen") if sent else ready,
        typed={name: sent.text(name) if sent else "" for name in TYPED} | ({"do": do} if do else {}), ready=bool(do),
        **error_content(error, here.lang),
        may_act=may_open("obstacles_now", here.person.role, here.person.district),
        may_write=may_open("bulk_new", here.person.role, here.person.district), own=here.person.role == OFFICER,
        answers=answers, notes=notes, answered=answered,
    )  # fmt: skip


def _groups(
    connection: Connection, here: Visit, versions: Versions, rows: Sequence[WaitingObstacle], by: str,
    waits: Mapping[tuple[str, str], int],
) -> list[Group]:  # fmt: skip
    names = district_names(connection) if here.person.district is None else {}

    def key(row: WaitingObstacle) -> tuple[str, str]:
        place = names.get(row.district, "")
        if by == "commune":
            return row.commune or t("obstacles.no_commune", here.lang), place
        return lifter_of(versions, row.code, here.lang, row.procedure), place

    gathered: dict[tuple[str, str], list[WaitingObstacle]] = {}
    for name, found in groupby(rows, key):
        gathered.setdefault(name, []).extend(found)
    made = []
    for name, listed in gathered.items():
        body = body_of(versions, listed[0].code) if by == ORDERS[0] else ""
        count = waits.get((body, listed[0].district), 0)
        made.append(Group(*name, listed, _letters(versions, here, listed), body, count))
    return made


def _may_answer(here: Visit, versions: Versions, row: WaitingObstacle) -> bool:
    """Whether the obstacle waits for an answer that this person may record."""
    if row.letter is not None and row.letter.template == OBSTACLE_LETTER and row.letter.issued_on is not None:
        return True
    return _records_answer(here, versions.of(row.procedure), row.code)


def _is_answered(here: Visit, versions: Versions, body: str) -> bool:
    """Whether a body answers letters about some of the obstacles that it lifts, which this person may record."""
    procedure = versions.in_force
    codes = (code for code in procedure.obstacles if body_of(versions, code) == body)
    return any(_records_answer(here, procedure, code) for code in codes)


def _records_answer(here: Visit, procedure: Procedure, code: str) -> bool:
    found = answering(procedure, code)
    return found is not None and here.person.role in procedure.verbs[found.verb].by


def _notes(connection: Connection, here: Visit, versions: Versions, rows: Iterable[WaitingObstacle]) -> list[str]:
    """What the person wrote before of answers to the letters of these obstacles, and of tries."""
    verbs = {
        found.verb: versions.of(row.procedure)
        for row in rows
        if (found := answering(versions.of(row.procedure), row.code)) is not None
    }
    texts: dict[str, None] = {}
    for verb, procedure in verbs.items():
        taken = [name for name, source in taken_from_answer(procedure, verb).items() if source == "summary"]
        for found_of in earlier_texts(connection, verb, taken, here.person).values():
            texts |= dict.fromkeys(found_of)
    texts |= dict.fromkeys(earlier_texts(connection, TRIED, ["note"], here.person).get("note", ()))
    return list(texts)[:MOST_NOTES]


def _letters(versions: Versions, here: Visit, rows: Iterable[WaitingObstacle]) -> list[tuple[str, str, str]]:
    """The kinds of obstacles among the rows that have a letter to write."""
    found: Mapping[str, ObstacleKind | Any] = {
        row.code: versions.part("obstacles", row.code, row.procedure) for row in rows
    }
    return [
        (code, kind.letter, letter_name(kind.letter, here.lang)) for code, kind in found.items() if kind and kind.letter
    ]
