"""The clock strip of a sample or trial office: step its day forward. A real office refuses."""

from datetime import date, timedelta

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, func, select

from models.database import writing
from models.errors import NotFound, Refused
from models.office_clock import demo_day, set_demo_day
from models.office_kind import require_not_real
from models.settings import settings
from models.tables import case_rows, deadlines
from web.account.sign_in import safe_target
from web.request_context import Here, Sent

router = APIRouter()
LAST_DAY = date(2030, 12, 31)
STEPS = {"day": timedelta(days=1), "week": timedelta(days=7)}


@router.post("/demo/step")
def demo_step(here: Here, sent: Sent) -> Response:
    with writing(here.bind) as connection:
        require_not_real(connection, "real_day_stepped")
        day = demo_day(connection)
        if day is None:
            raise NotFound("no_such_page")
        if settings().today is not None:
            raise Refused("day_is_set")
        set_demo_day(connection, min(_next(connection, day, sent.text("step"), here.person.district), LAST_DAY))
    return RedirectResponse(safe_target(sent.text("back")), 303)


def _next(connection: Connection, day: date, step: str, district: str | None) -> date:
    if step in STEPS:
        return day + STEPS[step]
    found = (
        select(func.min(deadlines.c.ends_on))
        .join(case_rows, case_rows.c.id == deadlines.c.case_id)
        .where(deadlines.c.status == "open", deadlines.c.ends_on > day, case_rows.c.closed_on.is_(None))
    )
    if district:
        found = found.where(case_rows.c.district_code == district)
    return connection.scalar(found) or day + STEPS["day"]
