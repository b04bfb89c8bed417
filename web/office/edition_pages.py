"""The editions of the country's days off: what a newer one would move in this office, and adopting it."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from models.database import reading
from models.errors import Conflict, CoopcaseError, Refused
from rule_changes.adopted_editions import adopt_edition, adopted_editions, may_adopt_edition, waiting_edition
from rule_changes.moved_deadlines import digest_of
from rulebook.office_calendar import OfficeCalendars
from rulebook.versions import Versions
from web.rendering import error_text, page, status_of
from web.request_context import Here, Sent, Visit

router = APIRouter()


@router.get("/office/calendar")
def edition(here: Here, done: int | None = None) -> Response:
    return _edition(here, done=done)


@router.post("/office/calendar")
def edition_now(here: Here, sent: Sent) -> Response:
    try:
        moved = adopt_edition(here.bind, by=here.person.login, clock=here.clock, seen=sent.text("seen"))
    except (Refused, Conflict) as error:
        return _edition(here, error)
    return RedirectResponse(f"/office/calendar?done={len(moved)}", 303)


def _edition(here: Visit, error: CoopcaseError | None = None, *, done: int | None = None) -> Response:
    with reading(here.bind) as connection:
        waiting, own = waiting_edition(connection, here.today, here.person.district), OfficeCalendars(connection)
        return page(
            here, "office/edition.html", status=status_of(error), waiting=waiting, edition=own.edition,
            version=own.of(here.person.district).version, adopted=adopted_editions(connection), done=done,
            may_adopt=may_adopt_edition(here.person), seen=digest_of(waiting.moved) if waiting else "",
            versions=Versions(connection), message=error_text(error, here.lang) if error else "",
        )  # fmt: skip
