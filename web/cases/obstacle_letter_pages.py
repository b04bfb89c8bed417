"""One letter to the body that lifts obstacles of many cases: whom it goes to, and the list that goes with it."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.obstacles.waiting import WaitingObstacle, Wanted, how_many, obstacles_of_cases, waiting_obstacles
from correspondence.joint.listed_obstacles import AGENCY, REPLY_BY, listed_in
from correspondence.letter_rights import statuses_of
from correspondence.obstacle_acts import chosen_of
from correspondence.obstacle_letters import (
    MOST_LISTED,
    Addressed,
    Offer,
    change_list,
    draft_on_obstacles,
    letter_on_obstacles,
    offer_for,
    unsigned_lists,
)
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from rulebook.versions import Versions
from templates.formats import date_vi
from web.labels import lifter_of
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
ASKED = "asked."
CHOOSE = "choose"  # the desk of obstacles asks for the form with what was ticked there


@router.get("/obstacles/letter")
def obstacle_letter(here: Here, body: str = "", district: str = "", commune: str = "", scope: str = "") -> Response:
    """The form for all that waits for a body."""
    own = here.person.id if here.person.role == "case_officer" and scope != "office" else None
    wanted = Wanted(body[:40], district=district, commune=commune[:120], officer=own)
    with reading(here.bind) as connection:
        rows = waiting_obstacles(connection, here.person, wanted, limit=MOST_LISTED)
        return _form(connection, here, rows, total=how_many(connection, here.person, wanted))


@router.post("/obstacles/letter")
def obstacle_letter_now(here: Here, sent: Sent) -> Response:
    """Draft the letter; from the desk, with what was ticked there, the form for it."""
    marks = sent.texts("chosen")
    if sent.text("step") == CHOOSE:
        return _again(here, sent, None)
    try:
        said = Addressed(sent.text(AGENCY), sent.text(REPLY_BY), _asked(sent))
        with writing(here.bind) as connection:
            made = draft_on_obstacles(connection, marks, said, by=here.person, clock=here.clock)
    except (WrongInput, Refused, NotFound) as error:
        return _again(here, sent, error)
    return RedirectResponse(f"/letters/{made}", 303)


@router.get("/obstacles/letter/{letter_id:int}")
def obstacle_list(here: Here, letter_id: int) -> Response:
    """The list of a draft."""
    return _list(here, letter_id)


@router.post("/obstacles/letter/{letter_id:int}")
def obstacle_list_now(here: Here, sent: Sent, letter_id: int) -> Response:
    try:
        with writing(here.bind) as connection:
            change_list(connection, letter_id, sent.texts("chosen"), _asked(sent), by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _list(here, letter_id, sent, error)
    return RedirectResponse(f"/letters/{letter_id}", 303)


def _asked(sent: Typed) -> dict[str, str]:
    return {name.removeprefix(ASKED): str(text) for name, text in sent.items() if name.startswith(ASKED)}


def _again(here: Visit, sent: Typed, error: WrongInput | Refused | NotFound | None) -> Response:
    """The form with what was ticked and typed."""
    try:
        chosen = chosen_of(sent.texts("listed") or sent.texts("chosen"), MOST_LISTED)
    except WrongInput as none:
        chosen, error = [], error or none
    wanted = {item.mark for item in chosen}
    with reading(here.bind) as connection:
        found = obstacles_of_cases(connection, here.person, [item.ref for item in chosen])
        rows = [row for row in found if row.mark in wanted]
        return _form(connection, here, rows, sent=sent, error=error)


def _form(
    connection: Connection, here: Visit, rows: Sequence[WaitingObstacle], *, total: int = 0, sent: Typed | None = None,
    error: WrongInput | Refused | NotFound | None = None,
) -> Response:  # fmt: skip
    versions = Versions(connection)
    drafts = unsigned_lists(connection, rows)
    offer = offer_for(connection, rows, here.today) if rows else Offer((), None)
    typed: Mapping[str, str] = {
        AGENCY: offer.agencies[0] if len(offer.agencies) == 1 else "", REPLY_BY: date_vi(offer.reply_by)
    }  # fmt: skip
    ticked = [row.mark for row in rows if row.mark not in drafts]
    if sent is not None and sent.text("step") != CHOOSE:
        typed, ticked = dict(sent.items()), sent.texts("chosen")
    return page(
        here, "cases/obstacle_letter.html", rows=rows, offer=offer, typed=typed, drafts=drafts, total=total,
        most=MOST_LISTED, letter=None, ticked=ticked,
        labels={row.mark: versions.label("obstacles", row.code, here.lang, row.procedure) for row in rows},
        lifter=lifter_of(versions, rows[0].code, here.lang, rows[0].procedure) if rows else "",
        **error_content(error, here.lang),
    )  # fmt: skip


def _list(
    here: Visit, letter_id: int, sent: Typed | None = None, error: WrongInput | Refused | NotFound | None = None
) -> Response:
    with reading(here.bind) as connection:
        letter = letter_on_obstacles(connection, letter_id, here.person)
        rows = listed_in(connection, letter_id, here.lang)
    if letter["status"] not in statuses_of("fill") and error is None:
        return RedirectResponse(f"/letters/{letter_id}#list", 303)  # it is not changed any more
    kept = {f"{ASKED}{row.mark}": row.asked for row in rows}
    return page(
        here, "cases/obstacle_letter.html", rows=rows, letter=letter, typed=dict(sent.items()) if sent else kept,
        ticked=sent.texts("chosen") if sent else [row.mark for row in rows if row.stands], drafts={}, total=0,
        most=MOST_LISTED, labels={row.mark: row.label for row in rows}, offer=None, lifter="",
        **error_content(error, here.lang),
    )  # fmt: skip
