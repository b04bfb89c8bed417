"""The people of the office: a list for its heads, and the administrator's forms."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.office import staffing
from casework.office.absences import may_enter
from casework.office.staffing import LANGUAGES, TITLES, Post, StaffRow, journal, may_manage, roles, staff
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from web.lists import PAGE, district_names, pages_of
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
_FIELDS = ("login", "name", "title", "role", "district", "post", "email", "lang")


@router.get("/office/people")
def people(here: Here, district: str = "", p: int = 1) -> Response:
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        listed = staff(connection, scope)
        acts = journal(connection, scope) if may_manage(here.person, scope) else []
        names = district_names(connection)
    pages = pages_of(p, len(listed))
    rows = listed[pages.offset : pages.offset + PAGE]
    return page(
        here, "office/people.html", rows=rows, pages=pages, acts=acts, districts=names, district=scope or "",
        may=may_manage(here.person, scope), absent_of={row["login"] for row in rows if may_enter(row, here.person)},
    )  # fmt: skip


@router.get("/office/people/new")
def person_new(here: Here) -> Response:
    return _form(here, dict.fromkeys(_FIELDS, "") | {"lang": "vi", "district": here.person.district or ""})


@router.post("/office/people/new")
def person_new_now(here: Here, sent: Sent) -> Response:
    asked = {name: sent.text(name) for name in _FIELDS}
    try:
        with writing(here.bind) as connection:
            password = staffing.add(connection, asked["login"], _post(here, sent), by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _form(here, asked, error=error)
    return _given(here, asked["login"].lower(), password)


@router.get("/office/people/{login}")
def person(here: Here, login: str) -> Response:
    row = _known(here, login)
    return _form(here, _texts_of(row), row)


@router.post("/office/people/{login}/{act}")
def person_now(here: Here, sent: Sent, login: str, act: str) -> Response:
    if act not in ("change", "leave", "back", "password"):
        raise NotFound("no_such_page")
    try:
        password = _do(here, sent, login, act)
    except (WrongInput, Refused) as error:
        typed = {name: sent.text(name) for name in (*_FIELDS[1:], "hand_over_to", "reason") if name in sent.form}
        row = _known(here, login)
        return _form(here, _texts_of(row) | typed, row, error=error)
    return _given(here, login, password) if password else RedirectResponse("/office/people", 303)


def _do(here: Visit, sent: Typed, login: str, act: str) -> str:
    """The password that came of it, if any."""
    if act == "leave":
        asked = {"hand_over_to": sent.text("hand_over_to"), "reason": sent.text("reason")}
        staffing.leave(here.bind, login, **asked, by=here.person.login, clock=here.clock)
        return ""
    with writing(here.bind) as connection:
        if act == "change":
            staffing.change(connection, login, _post(here, sent), by=here.person, clock=here.clock)
            return ""
        give = staffing.come_back if act == "back" else staffing.new_password
        return give(connection, login, by=here.person, clock=here.clock)


def _post(here: Visit, sent: Typed) -> Post:
    texts = {name: sent.text(name) for name in ("name", "role", "title", "post", "email")}
    return Post(**texts, district=sent.text("district") or here.person.district, lang=sent.text("lang") or "vi")


def _known(here: Visit, login: str) -> StaffRow:
    with reading(here.bind) as connection:
        found = next((row for row in staff(connection, here.person.district) if row["login"] == login), None)
    if found is None:
        raise NotFound("no_such_officer", login=login)
    return found


def _texts_of(row: StaffRow) -> dict[str, str]:
    """What the fields of the forms show before anything is typed."""
    return {
        "login": row["login"], "name": row["name"], "title": row["title"], "role": row["role"],
        "district": row["district_code"] or "", "post": row["post"], "email": row["email"], "lang": row["lang"],
        "hand_over_to": "", "reason": "",
    }  # fmt: skip


def _given(here: Visit, login: str, password: str) -> Response:
    """The password, shown this once."""
    return page(here, "office/person_password.html", login=login, password=password)


def _form(
    here: Visit, asked: Mapping[str, str], row: StaffRow | None = None, error: WrongInput | Refused | None = None
) -> Response:
    """The forms of a person; of a new one where `row` is None."""
    with reading(here.bind) as connection:
        names = {code: name for code, name in district_names(connection).items() if may_manage(here.person, code)}
        colleagues = [
            one for one in staff(connection, None)
            if one["active"] and one["role"] == "case_officer" and one["login"] != asked["login"]
            and one["district_code"] == (asked["district"] or None)
        ]  # fmt: skip
        known = roles(connection)
    return page(
        here, "office/person.html", asked=asked, row=row, fresh=row is None,
        districts=names, roles=known, titles=TITLES, langs=LANGUAGES, colleagues=colleagues,
        **error_content(error, here.lang),
    )  # fmt: skip
