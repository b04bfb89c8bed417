"""Several cases given to other officers at once: when an officer leaves, falls ill, or has too much."""

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.lists.reassignment import MOST, Shares, all_to, logins_of, offices, shares, spread
from casework.office.absences import absent_until
from correspondence.sharing_out import share_out
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t
from web.cases.asked_cases import AskedCases
from web.lists import district_names
from web.rendering import error_text, page
from web.request_context import Here, Sent, Visit

router = APIRouter()
OF_CASE = "to."  # before the reference of each case, in the names of the form's fields
REASONS = ("ill", "left", "load")  # the usual ones, offered at the field
IN_SELECTS = 12  # so many colleagues are options of each case; more would make the page long: they are one list


@router.get("/reassign")
def sharing(
    here: Here, asked: Annotated[AskedCases, Depends()], even: bool = False, give: str = "", of: int = 0
) -> Response:  # fmt: skip
    """`give`: everything is proposed for this officer; `of`: how many cases the list had that these were taken from."""
    if here.person.district is None and not asked.narrowing:
        return _offices(here)
    return _page(here, asked, even=even, give=give, of=of)


def _offices(here: Visit) -> Response:
    """The city first says whose cases: all of them are more than a page can show."""
    with reading(here.bind) as connection:
        found, names = offices(connection, here.today), district_names(connection)
    return page(here, "cases/sharing_offices.html", offices=found, districts=names)


@router.post("/reassign")
def sharing_now(here: Here, sent: Sent, asked: Annotated[AskedCases, Depends()]) -> Response:
    """The cases are those of the form's own address; who stays with whom is not asked again."""
    wanted = {name.removeprefix(OF_CASE): value for name, value in sent.items() if name.startswith(OF_CASE) and value}
    try:
        with writing(here.bind) as connection:
            wanted = logins_of(connection, wanted)
            done = share_out(connection, wanted, by=here.person, reason=sent.text("reason"), clock=here.clock)
    except (WrongInput, Refused, NotFound) as error:
        return _page(here, asked, chosen=wanted, reason=sent.text("reason"), error=error)
    return RedirectResponse(f"/operations/{done}", 303)


def _page(
    here: Visit,
    asked: AskedCases,
    *,
    even: bool = False,
    give: str = "",
    of: int = 0,
    chosen: dict[str, str] | None = None,
    reason: str = "",
    error: CoopcaseError | None = None,
) -> Response:
    with reading(here.bind) as connection:
        found = shares(connection, asked.wanted(connection, here.person, here.today), here.person, here.today)
        content: dict[str, Any] = {
            "versions": Versions(connection),
            "districts": district_names(connection),
            "reasons": list(_reasons(connection, here, asked, found)),
        }
    return page(
        here, "cases/sharing.html", status=422 if error else 200, found=found, most=MOST, in_selects=IN_SELECTS,
        chosen=spread(found) if even else all_to(found, give) if give else chosen or {}, even=even or bool(give),
        give=give, of=of, reason=reason, asked=asked,
        message=error_text(error, here.lang) if error else "", address=urlencode(asked.questions, safe=","), **content,
    )  # fmt: skip


def _reasons(connection: Connection, here: Visit, asked: AskedCases, found: Shares) -> Iterator[str]:
    """Why the cases of one officer usually change hands: an absence that was entered first. Only offered."""
    people = (one for listed in found.colleagues.values() for one in listed)
    name = next((one.name for one in people if one.login == asked.officer), "")
    if not name:
        return
    if until := absent_until(connection, asked.officer, here.today):
        yield t("sharing.reason_away", here.lang, name=name, until=date_vi(until))
    yield from (t(f"sharing.reason_{key}", here.lang, name=name, day=date_vi(here.today)) for key in REASONS)
