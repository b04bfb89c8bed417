"""Late items for the heads: where, why, who can lift it, and whether the programme's dates will be made."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection

from casework.case_view import officer_names
from casework.past_cases import PastLists
from casework.sight import Sight
from casework.stuck_letters import stuck
from casework.worklist import Filter, Page, worklist
from models.database import reading
from notifications.reach import unreached
from oversight import late_then
from oversight.late_items import blocked, milestones, standings, unserved
from rulebook.versions import Versions
from web.lists import PAGE, district_names, pages_of
from web.looking_back import asked_sight, looking_of
from web.rendering import page
from web.visit import Here, Visit
from web.work_pages import decorate

router = APIRouter()
SHOWN = 10  # stuck letters; all of them stand on the list of letters
GROUPS = ("district", "officer", "stage")


@router.get("/late")
def late(here: Here, district: str = "", p: int = 1, as_of: str = "", known_on: str = "") -> Response:
    scope = here.person.district or district or None
    sight, message = asked_sight(here, as_of, known_on)
    counted = _now if sight.is_now else _then
    with reading(here.bind) as connection:
        found, counts = counted(connection, here, sight, scope, (max(p, 1) - 1) * PAGE)
        content: dict[str, Any] = {
            **counts,
            "versions": Versions(connection),
            "rows": decorate(connection, found.rows, here, sight),
            "districts": district_names(connection),
            "officers": officer_names(connection, [item.key for item in counts["groups"]["officer"] if item.key]),
        }
    if here.person.district:
        content["groups"].pop("district")
    return page(
        here, "late.html", status=422 if message else 200, total=found.total, pages=pages_of(p, found.total),
        district=scope or "", message=message, sight=sight, looking=looking_of(sight), day=sight.day(here.today),
        asked={"as_of": as_of, "known_on": known_on}, **content,
    )  # fmt: skip


def _now(
    connection: Connection, here: Visit, sight: Sight, scope: str | None, offset: int
) -> tuple[Page, dict[str, Any]]:
    found = worklist(connection, Filter(district=scope, late=True), here.today, limit=PAGE, offset=offset)
    return found, {
        "groups": {by: standings(connection, by, here.today, district=scope) for by in GROUPS},
        "blocked": blocked(connection, here.today, district=scope),
        "unserved": unserved(connection, district=scope),
        "milestones": milestones(connection, here.today, district=scope),
        "unreached": len({item.login for item in unreached(connection, scope)}),
        **_held(connection, here, scope),
    }


def _then(
    connection: Connection, here: Visit, sight: Sight, scope: str | None, offset: int
) -> tuple[Page, dict[str, Any]]:
    """The same of a day gone by; of letters and messages only today's state is kept."""
    day, lists = sight.day(here.today), PastLists(connection, sight, here.today, scope)
    return lists.worklist(Filter(late=True), limit=PAGE, offset=offset), {
        "groups": {by: late_then.standings(lists.rows, by) for by in GROUPS},
        "blocked": late_then.blocked(lists.rows, day),
        "unserved": late_then.unserved(lists.rows),
        "milestones": late_then.milestones(connection, lists.rows, day),
        "unreached": 0,
        "held": [],
        "held_total": 0,
    }


def _held(connection: Connection, here: Visit, district: str | None) -> dict[str, Any]:
    """The letters that got stuck, the longest first."""
    found = stuck(connection, here.today, [district] if district else None)
    return {"held": found[:SHOWN], "held_total": len(found)}
