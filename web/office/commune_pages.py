"""The list of communes: all roles read; managers and administrators correct, confirm and load it."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.office import commune_loading, communes, unit_communes
from casework.office.communes import CommuneEntry
from casework.office.data_rights import may_edit
from casework.office.office_journal import acts_on_data
from casework.unit_rows import district_names
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from models.places import CommuneKind
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit, scanned

router = APIRouter()
FIELDS = ("name", "kind", "former", "code", "unit", "commune")
ACTS = ("add", "change", "confirm", "remove", "load", "unit")
MOST_UNITS = 10  # each with a form of its own; the next come when these have their communes


@router.get("/office/communes", name="communes")
def commune_list(here: Here, district: str = "", change: str = "", added: int = -1, there: int = 0) -> Response:
    """`change`: the code of the commune whose form is asked for; a form in every line would make the page long."""
    loaded = {"added": added, "there": there} if added >= 0 else None
    return _page(here, here.person.district or district, loaded=loaded, change=change)


@router.post("/office/communes/{act}")
def commune_now(here: Here, sent: Sent, act: str) -> Response:
    if act not in ACTS:
        raise NotFound("no_such_page")
    district = here.person.district or sent.text("district")
    try:
        done_query = _do(here, sent, act, district)
    except (WrongInput, Refused) as error:
        return _page(here, district, sent, error, act)
    return RedirectResponse(f"/office/communes?district={district}{done_query}", 303)


def _do(here: Visit, sent: Typed, act: str, district: str) -> str:
    """What the address of the next page says of the act."""
    common: dict[str, Any] = {"by": here.person, "clock": here.clock}
    with writing(here.bind) as connection:
        if act == "load":
            files = scanned(sent.files("file"))
            if not files:
                raise WrongInput("file", "no_file_chosen")
            added, there = commune_loading.load_communes(connection, files[0][1], files[0][0], **common)
            return f"&added={added}&there={there}"
        if act == "confirm":
            communes.confirm(connection, district, **common)
        elif act == "remove":
            communes.remove(connection, sent.text("code"), **common)
        elif act == "unit":
            unit_communes.set_commune(connection, sent.number("unit") or 0, sent.text("commune"), **common)
        else:
            _write(connection, sent, act, district, common)
    return ""


def _write(connection: Any, sent: Typed, act: str, district: str, common: dict[str, Any]) -> None:
    entry = CommuneEntry(district, sent.text("name"), sent.text("kind"), sent.text("former").split(","))
    if act == "add":
        communes.add(connection, entry, **common)
    else:
        communes.change(connection, sent.text("code"), entry, **common)
    unit_communes.find_communes(connection)


def _page(
    here: Visit,
    district: str,
    sent: Typed | None = None,
    error: WrongInput | Refused | None = None,
    act: str = "",
    loaded: dict[str, int] | None = None,
    change: str = "",
) -> Response:
    with reading(here.bind) as connection:
        names = district_names(connection)
        chosen = district if district in names else next(iter(names), "")
        rows = communes.communes_of(connection, chosen)
        count, unknown = unit_communes.without_commune(connection, chosen, MOST_UNITS)
        journal = acts_on_data(connection, communes.ACTS, here.person.district)
    typed = {name: sent.text(name) if sent else "" for name in FIELDS}
    return page(
        here, "office/communes.html", rows=rows,
        typed=typed, act=act, changing=change or typed["code"], districts=names,
        chosen=chosen, unknown=unknown, unknown_count=count, loaded=loaded,
        may=may_edit(here.person, chosen), kinds=[(kind.value, kind.word) for kind in CommuneKind], journal=journal,
        recalled=sum(row["confidence"] == "recalled" for row in rows),
        **error_content(error, here.lang),
    )  # fmt: skip
