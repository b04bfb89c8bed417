"""The paper of an act on record without one: entered from its scan, confirmed or returned by a second person."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.case_view import load_seen, officer_names
from casework.dossier.documents import documents_by_case
from correspondence.delegations import RIGHTS
from correspondence.ink.act_papers import (
    ActPaper,
    confirm_act_paper,
    enter_act_paper,
    entered_in,
    lacking_act,
    return_act_paper,
)
from correspondence.ink.signed_papers import SCANS
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from procedures.state_machine.field_values import parse_day
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()


@router.get("/cases/{ref}/papers/{act:int}")
def act_paper(here: Here, ref: str, act: int) -> Response:
    return _show(here, ref, act)


@router.post("/cases/{ref}/papers/{act:int}")
def act_paper_now(here: Here, sent: Sent, ref: str, act: int) -> Response:
    try:
        with writing(here.bind) as connection:
            made = enter_act_paper(connection, ref, act, _typed(sent), here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _show(here, ref, act, sent, error)
    return RedirectResponse(f"/cases/{ref}?done={made}", 303)


@router.post("/cases/{ref}/papers/{act:int}/{step}")
def act_paper_second(here: Here, sent: Sent, ref: str, act: int, step: str) -> Response:
    """A second person confirms what was entered, or anyone of the office returns it."""
    if step not in ("confirm", "return"):
        raise NotFound("no_such_page")
    try:
        with writing(here.bind) as connection:
            entry = int(sent.text("entry")) if sent.text("entry").isdecimal() else 0
            if step == "confirm":
                confirm_act_paper(connection, ref, entry, here.person, clock=here.clock)
            else:
                return_act_paper(connection, ref, entry, here.person, sent.text("remarks"), clock=here.clock)
    except (WrongInput, Refused) as error:
        return _show(here, ref, act, sent, error)
    return RedirectResponse(f"/cases/{ref}", 303)


def _typed(sent: Typed) -> ActPaper:
    day = parse_day("signed_on", sent.text("signed_on")) if sent.text("signed_on") else None
    file = next(iter(sent.files("file")), None)
    return ActPaper(sent.text("symbol"), day, sent.text("signer"), sent.text("authority"), file, sent.text("document"))


def _show(here: Visit, ref: str, act: int, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        loaded = load_seen(connection, ref, here.person)
        entered = next((item for item in entered_in(loaded) if item.act.seq == act), None)
        fact, kind = lacking_act(loaded, act)
        documents = documents_by_case(connection, [ref], SCANS).get(ref, [])
        names = officer_names(connection, [entered.entry.by] if entered else [])
    verb = loaded.procedure.verbs[fact.kind]
    return page(
        here, "cases/act_paper.html", row=loaded.row,
        documents=documents, fact=fact, verb=verb, kind=kind, entered=entered, names=names, rights=RIGHTS,
        mine=entered is not None and entered.entry.by == here.person.login,
        typed=dict(sent.items()) if sent else {},
        **error_content(error, here.lang),
    )  # fmt: skip
