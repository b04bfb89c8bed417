"""Who may sign for whom: all roles read, the heads and the administrator of an office add and end."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, select

from correspondence.delegations import RIGHTS, Mandate, add, bodies_of, end, listed, may_delegate
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from models.tables import officers
from procedures.state_machine.field_values import parse_day
from web.lists import district_names
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
FIELDS = ("login", "authority", "body", "from_on", "to_on", "decision", "post")


@router.get("/office/delegations")
def delegations(here: Here) -> Response:
    return _page(here)


@router.post("/office/delegations")
def delegation_now(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind) as connection:
            add(connection, _mandate(sent), by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _page(here, sent, error)
    return RedirectResponse("/office/delegations", 303)


@router.post("/office/delegations/{number:int}/end")
def delegation_end(here: Here, sent: Sent, number: int) -> Response:
    try:
        with writing(here.bind) as connection:
            on = parse_day("on", sent.text("on")) if sent.text("on") else here.today
            end(connection, number, on, sent.text("reason"), by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _page(here, sent, error, number)
    return RedirectResponse("/office/delegations", 303)


def _mandate(sent: Typed) -> Mandate:
    texts = {name: sent.text(name) for name in ("login", "authority", "body", "decision", "post")}
    days = {name: parse_day(name, sent.text(name)) if sent.text(name) else None for name in ("from_on", "to_on")}
    if days["from_on"] is None:
        raise WrongInput("from_on", "missing_field", label={"vi": "Từ ngày", "en": "From"})
    return Mandate(**texts, from_on=days["from_on"], to_on=days["to_on"])


def _page(
    here: Visit, sent: Typed | None = None, error: WrongInput | Refused | NotFound | None = None, ending: int = 0
) -> Response:
    district = here.person.district
    with reading(here.bind) as connection:
        rows = listed(connection, district, here.today)
        people = _people(connection, here)
        names = district_names(connection)
    may = {row["id"] for row in rows if may_delegate(here.person, row["district_code"], row["body"])}
    typed = {name: sent.text(name) if sent and not ending else "" for name in FIELDS}
    return page(
        here, "office/delegations.html", rows=rows, may=may,
        people=people, districts=names, rights=RIGHTS, ending=ending, sent=sent, typed=typed,
        bodies=[key for key in bodies_of(district) if may_delegate(here.person, district, key)],
        **error_content(error, here.lang),
    )  # fmt: skip


def _people(connection: Connection, here: Visit) -> list[tuple[str, str]]:
    """Those of the person's own office who may be named: (login, name and post)."""
    own = here.person.district
    found = (
        select(officers.c.login, officers.c.name, officers.c.post)
        .where(officers.c.active, officers.c.id != here.person.id, officers.c.role != "admin")
        .where(officers.c.district_code.is_(None) if own is None else officers.c.district_code == own)
        .order_by(officers.c.role, officers.c.login)
    )
    return [(row.login, f"{row.name}, {row.post}".rstrip(", ")) for row in connection.execute(found)]
