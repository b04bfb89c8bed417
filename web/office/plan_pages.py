"""The plans that letters cite: all roles read; managers and administrators record number, day and issuer."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.office import plans
from casework.office.data_rights import may_edit
from casework.office.office_journal import acts_on_data
from casework.office.plans import PlanBook, PlanEntry
from casework.unit_rows import district_names
from letters.programme_plan import Plan
from models.database import reading, writing
from models.errors import Refused, WrongInput
from procedures.state_machine.field_values import parse_day
from templates.formats import date_vi
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
FIELDS = ("number", "signed_on", "issuer", "title")


@router.get("/office/plans", name="plans")
def plan_list(here: Here) -> Response:
    return _page(here)


@router.post("/office/plans", name="plan_now")
def plan_now(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind) as connection:
            texts = {name: sent.text(name) for name in ("number", "issuer", "title")}
            day = parse_day("signed_on", sent.text("signed_on")) if sent.text("signed_on") else None
            entry = PlanEntry(**texts, signed_on=day, district=sent.text("district") or None)
            plans.record(connection, entry, by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _page(here, sent, error)
    return RedirectResponse("/office/plans", 303)


def _page(here: Visit, sent: Typed | None = None, error: WrongInput | Refused | None = None) -> Response:
    with reading(here.bind) as connection:
        names = district_names(connection)
        places = [None, *(names if here.person.district is None else [here.person.district])]
        book = PlanBook(connection)
        shown = [_shown(connection, book, here, place, sent) for place in places]
        journal = acts_on_data(connection, plans.ACTS, here.person.district)
    return page(
        here, "office/plans.html", plans=shown,
        districts=names, journal=journal, typed_in=sent.text("district") if sent else None,
        **error_content(error, here.lang),
    )  # fmt: skip


def _shown(
    connection: Connection, book: PlanBook, here: Visit, place: str | None, sent: Typed | None
) -> dict[str, object]:
    """A plan's form with what was typed, what is known, or what is usual; how letters cite it."""
    row = book.row(place)
    known = {name: row[name] for name in FIELDS} if row else {}
    usual = {"number": "", "signed_on": "", "issuer": plans.usual_issuer(connection, place)}
    usual |= {"title": plans.usual_title() if place is None else ""}
    values = {name: known.get(name, usual[name]) for name in FIELDS}
    values["signed_on"] = date_vi(known["signed_on"]) if known else ""
    if sent is not None and sent.text("district") == (place or ""):
        values = {name: sent.text(name) for name in FIELDS}
    cited = Plan(**known).cited() if known else ""
    return {"district": place or "", "row": row, "values": values, "cited": cited, "may": may_edit(here.person, place)}
