"""The sums of a case's dates on a sheet to print: for an inspector, a complaint, the file."""

from fastapi import APIRouter
from fastapi.responses import Response

from casework.case_view import find
from casework.sums.sum_sheet import sum_sheet
from models.database import reading
from web.access import may_open
from web.as_of_form import asked_sight, looking_of
from web.rendering import page
from web.request_context import Here

router = APIRouter()


@router.get("/cases/{ref}/sums")
def sums(here: Here, ref: str, deadline: str = "", as_of: str = "", known_on: str = "") -> Response:
    sight, message = asked_sight(here, as_of, known_on)
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        sheet = sum_sheet(connection, ref, deadline or None, lang=here.lang, at=sight)
    return page(
        here, "cases/sums.html",
        status=422 if message else 200, row=row, sheet=sheet, deadline=deadline, message=message,
        sight=sight, looking=looking_of(sight), now=here.clock.now(),
        may_draft=sight.is_now and may_open("letter_new", here.person.role, here.person.district),
    )  # fmt: skip
