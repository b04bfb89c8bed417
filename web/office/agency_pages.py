"""The agencies that letters go to: all roles read; managers and administrators of an office enter its own."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.office import agencies
from casework.office.agencies import AgencyBook, AgencyEntry
from casework.office.data_rights import may_edit
from casework.office.office_journal import acts_on_data
from casework.unit_rows import district_names
from letters.letter_names import usual_addressee
from letters.office_data import AGENCIES, NAMED_ONLY
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
FIELDS = ("kind", "name", "address", "agency")


@router.get("/office/agencies", name="agencies")
def agency_list(here: Here, district: str = "") -> Response:
    return _page(here, here.person.district or district)


@router.post("/office/agencies/{act}")
def agency_now(here: Here, sent: Sent, act: str) -> Response:
    if act not in ("add", "change", "remove"):
        raise NotFound("no_such_page")
    district = here.person.district or sent.text("district")
    try:
        _do(here, sent, act, district)
    except (WrongInput, Refused) as error:
        return _page(here, district, sent, error, act)
    return RedirectResponse(f"/office/agencies?district={district}", 303)


def _do(here: Visit, sent: Typed, act: str, district: str) -> None:
    common: dict[str, Any] = {"by": here.person, "clock": here.clock}
    with writing(here.bind) as connection:
        if act == "add":
            entry = AgencyEntry(sent.text("kind"), sent.text("name"), sent.text("address"), district or None)
            agencies.add(connection, entry, **common)
        elif act == "change":
            name, address = sent.text("name"), sent.text("address")
            agencies.change(connection, sent.number("agency") or 0, name, address, **common)
        else:
            agencies.remove(connection, sent.number("agency") or 0, **common)


def _page(
    here: Visit, district: str, sent: Typed | None = None, error: WrongInput | Refused | None = None, act: str = ""
) -> Response:
    with reading(here.bind) as connection:
        names = district_names(connection)
        chosen = district if district in names else None
        known = AgencyBook(connection).of(chosen)
        journal = acts_on_data(connection, agencies.ACTS, here.person.district)
    typed = {name: sent.text(name) if sent else "" for name in FIELDS}
    area = names.get(chosen or "", "")
    return page(
        here, "office/agencies.html", known=known,
        typed=typed, act=act, districts=names, chosen=chosen or "", named_only=NAMED_ONLY, several=AGENCIES,
        usual={kind: usual_addressee(kind, area[:1].lower() + area[1:]) for kind in AGENCIES},
        may=may_edit(here.person, chosen), journal=journal,
        **error_content(error, here.lang),
    )  # fmt: skip
