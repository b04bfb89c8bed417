"""Corrections of the register that open cases do not have yet: seen by field, brought over to the ticked cases."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.register_corrections import bring_over, corrections, value_text
from models.database import reading
from models.errors import Conflict, CoopcaseError, Refused, WrongInput
from register.findings import field_label
from web.rendering import error_text, page
from web.request_context import Here, Sent, Visit

router = APIRouter()
TICK = "correction"  # its value: REF:MARK, the mark of the changes that were shown


@router.get("/register/corrections", name="corrections")
def correction_list(here: Here, unit: int | None = None, done: int = 0) -> Response:
    return _page(here, unit=unit, done=done)


@router.post("/register/corrections", name="corrections_now")
def corrections_now(here: Here, sent: Sent) -> Response:
    marks = {ref: mark for ref, _, mark in (tick.partition(":") for tick in sent.texts(TICK))}
    try:
        count = bring_over(here.bind, marks, sent.text("source"), by=here.person.login, clock=here.clock)
    except (Conflict, Refused, WrongInput) as error:
        return _page(here, error=error, source=sent.text("source"))
    return RedirectResponse(f"/register/corrections?done={count}", 303)


def _page(
    here: Visit, *, unit: int | None = None, done: int = 0, source: str = "", error: CoopcaseError | None = None
) -> Response:
    with reading(here.bind) as connection:
        found = corrections(connection, here.person.district, unit)
    return page(
        here, "office/corrections.html", found=found, done=done, source=source, value_text=value_text,
        field_label=field_label, message=error_text(error, here.lang) if error else "", status=422 if error else 200,
    )  # fmt: skip
