"""From cases selected in a list to what is done with them: an act, a letter, other officers, a file."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.lists.list_order import known_order
from casework.lists.worklist import worklist
from models.database import reading
from models.errors import Refused, WrongInput
from web.access import may_open
from web.cases.asked_cases import MOST_SELECTED, AskedCases
from web.rendering import error_text, page
from web.request_context import Here, Visit

router = APIRouter()
DOES: Mapping[str, str] = {  # what may be done with selected cases, and the page that does it
    "act": "grid", "obstacle": "grid", "letter": "bulk_new", "reassign": "sharing",
    "xlsx": "work_file", "csv": "work_file",
}  # fmt: skip
FILES = ("xlsx", "csv")
ACTS: Mapping[str, str] = {"act": "", "obstacle": "name_obstacle"}  # the act, empty where it is chosen on the next page


def may_do(here: Visit, do: str) -> bool:
    return may_open(DOES[do], here.person.role, here.person.district)


@router.get("/bulk")
def bulk_choose(here: Here, asked: Annotated[AskedCases, Depends()], do: str = "", every: bool = False) -> Response:
    """Leads on with the ticked cases, or with all of the filter; a list for an act is fixed from here on."""
    chosen = here.request.query_params.getlist("case")
    looked = {name: value for name in ("sort", "cols") if (value := here.request.query_params.get(name))}
    try:
        if do not in DOES:
            raise WrongInput("do", "nothing_to_do")
        if not may_do(here, do):
            raise Refused("page_not_yours")
        if not chosen and not every and do not in FILES:  # a file of nothing chosen is of the whole list
            raise WrongInput("case", "no_case_selected")
        return RedirectResponse(_address(here, asked, do, [] if every else chosen, looked), 303)
    except WrongInput as error:
        back = "/work?" + urlencode({"scope": "office"} | asked.questions | looked)
        message = error_text(error, here.lang)
        return page(here, "cases/bulk_empty.html", status=422, message=message, list_address=back)


def _address(here: Visit, asked: AskedCases, do: str, chosen: list[str], looked: dict[str, str]) -> str:
    """Where it leads. Files and letters take a whole filter; the others a list, the first ones of a longer one."""
    questions = asked.questions if not chosen else {"scope": "office", "refs": ",".join(chosen[:MOST_SELECTED])}
    if do in FILES:
        return f"/work.{do}?" + urlencode(questions | looked, safe=",")
    if do == "letter":
        return "/letters/bulk/new?" + urlencode(questions, safe=",")
    more: dict[str, str] = {}
    if not chosen:
        with reading(here.bind) as connection:
            refs, total = _first(connection, here, asked, looked.get("sort", ""))
        questions = {"scope": "office", "refs": ",".join(refs)}
        more = {"of": str(total)} if total > len(refs) else {}
    if do in ACTS:
        verb = {"verb": ACTS[do]} if ACTS[do] else {}
        return "/grid?" + urlencode({**verb, "case": questions["refs"], **more}, safe=",")
    return "/reassign?" + urlencode(questions | more, safe=",")


def _first(connection: Connection, here: Visit, asked: AskedCases, sort: str) -> tuple[list[str], int]:
    """The first cases of a filter in the order of its list, and how many there are."""
    wanted = asked.wanted(connection, here.person, here.today)
    found = worklist(connection, wanted, here.today, limit=MOST_SELECTED, order=known_order(sort))
    return [row.ref for row in found.rows], found.total
