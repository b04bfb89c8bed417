"""People who sign in ink and do not sign in: all roles read, clerk, heads and administrator record and end."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.office.communes import communes_of
from correspondence.delegations import RIGHTS, bodies_of
from correspondence.ink.signatories import (
    RECORDERS,
    Signatory,
    end_signatory,
    listed_signatories,
    record_signatory,
)
from models.database import reading, writing
from models.errors import CoopcaseError, Refused, WrongInput
from procedures.state_machine.field_values import parse_day
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
TEXTS = ("name", "post", "body", "authority", "decision", "commune")


@router.get("/office/signatories", name="signatories")
def signatory_list(here: Here) -> Response:
    return _page(here)


@router.post("/office/signatories")
def signatory_now(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind) as connection:
            record_signatory(connection, _signatory(sent), by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _page(here, sent, error)
    return RedirectResponse("/office/signatories", 303)


@router.post("/office/signatories/{number:int}/end")
def signatory_end(here: Here, sent: Sent, number: int) -> Response:
    try:
        with writing(here.bind) as connection:
            on = parse_day("on", sent.text("on")) if sent.text("on") else here.today
            end_signatory(connection, number, on, sent.text("reason"), by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _page(here, sent, error, number)
    return RedirectResponse("/office/signatories", 303)


def _signatory(sent: Typed) -> Signatory:
    days = {name: parse_day(name, sent.text(name)) if sent.text(name) else None for name in ("from_on", "to_on")}
    texts = {name: sent.text(name) for name in TEXTS}
    return Signatory(**texts, from_on=days["from_on"], to_on=days["to_on"])


def _page(here: Visit, sent: Typed | None = None, error: CoopcaseError | None = None, ending: int = 0) -> Response:
    with reading(here.bind) as connection:
        rows = listed_signatories(connection, here.person, here.today)
        places = communes_of(connection, here.person.district) if here.person.district else []
    fields = (*TEXTS, "from_on", "to_on")
    return page(
        here, "office/signatories.html", rows=rows,
        bodies=bodies_of(here.person.district), rights=RIGHTS, communes=[(row["code"], row["name"]) for row in places],
        may=here.person.role in RECORDERS, ending=ending, sent=sent,
        typed={name: sent.text(name) if sent and not ending else "" for name in fields},
        **error_content(error, here.lang),
    )  # fmt: skip
