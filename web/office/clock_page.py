"""The machine's clock: whether it jumped, and the word of the city's heads that it is right."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.office import clock_confirmation
from casework.office.office_journal import acts_on_data
from models.clock_watch import jump_of, read_clock, shown
from models.database import reading, writing
from models.errors import WrongInput
from web.rendering import page, sentences
from web.request_context import Here, Sent, Visit

router = APIRouter()


@router.get("/office/clock", name="clock")
def clock_page(here: Here) -> Response:
    return _page(here)


@router.post("/office/clock", name="clock_now")
def clock_now(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind, any_clock=True) as connection:
            clock_confirmation.confirm(connection, here.person, sent.text("reason"))
    except WrongInput as error:
        return _page(here, error)
    return RedirectResponse("/office/clock", 303)


def _page(here: Visit, error: WrongInput | None = None) -> Response:
    with reading(here.bind) as connection:
        jump, journal = jump_of(connection), acts_on_data(connection, ("clock_confirmed",), None)
    wrong = sentences(error, here.lang) if error else {}
    return page(
        here, "office/clock.html", status=422 if error else 200, wrong=wrong, journal=journal,
        now=shown(read_clock().at), expected=shown(jump.expected) if jump else "",
    )  # fmt: skip
