"""One's own password."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.office import sessions
from casework.office.people import actor
from casework.office.staffing import SHORTEST_PASSWORD, choose_password
from models.database import writing
from models.errors import WrongInput
from web.browser_keys import browser_of
from web.rendering import page, sentences
from web.request_context import Here, Sent, Visit

router = APIRouter()


@router.get("/me/password")
def password(here: Here, done: bool = False) -> Response:
    return _form(here, None, done=done)


@router.post("/me/password")
def password_now(here: Here, sent: Sent) -> Response:
    """The new password ends every other session of the person's."""
    try:
        with writing(here.bind) as connection:
            choose_password(connection, here.person, sent.secret("old"), sent.secret("new"), sent.secret("again"))
            sessions.keep_only(connection, browser_of(here.request).key, actor(connection, here.person.login))
    except WrongInput as error:
        return _form(here, error)
    return RedirectResponse("/work" if here.person.temporary else "/me/password?done=true", 303)


def _form(here: Visit, error: WrongInput | None, *, done: bool = False) -> Response:
    wrong = sentences(error, here.lang) if error else {}
    status = 422 if error else 200
    return page(here, "account/password.html", status=status, wrong=wrong, least=SHORTEST_PASSWORD, done=done)
