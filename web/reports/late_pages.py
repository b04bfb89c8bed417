"""Late items for the heads: where, why, who can lift it, and whether the programme's dates will be made."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection

from casework.as_of import Sight
from casework.case_view import officer_names
from casework.lists.first_steps import first_steps
from casework.lists.past_cases import PastLists
from casework.lists.worklist import NOBODY, Filter, Page, worklist
from correspondence.letter_queue import waiting_count
from correspondence.stuck_letters import stuck
from models.database import reading
from notifications.delivery.unreachable_people import unreached
from oversight import late_then
from oversight.forecast import forecasts
from oversight.late_items import ObstacleCount, awaited, obstacle_counts, unserved
from oversight.pace import WINDOW_DAYS
from oversight.workload import total, workloads
from rulebook.versions import Versions
from web.as_of_form import asked_sight, looking_of
from web.cases.case_rows import decorate
from web.labels import lifter_of
from web.list_navigation import lay
from web.lists import PAGE, district_names, pages_of
from web.rendering import page
from web.reports.pace_pictures import pace_picture
from web.request_context import Here, Visit

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
            "first": first_steps(connection, scope) if not found.total else None,
            "all": total(counts["groups"]["stage"]),
            "versions": (versions := Versions(connection)),
            "lifters": _lifters(counts["blocked"], versions, here.lang),
            "rows": decorate(connection, found.rows, here, sight),
            "districts": district_names(connection),
            "officers": officer_names(connection, [item.key for item in counts["groups"]["officer"] if item.key]),
        }
    if here.person.district:
        content["groups"].pop("district")
    pages = pages_of(p, found.total)
    lay(here, content["rows"], pages)
    return page(
        here, "reports/late.html", status=422 if message else 200, pages=pages, nobody=NOBODY,
        district=scope or "", message=message, sight=sight, looking=looking_of(sight), day=sight.day(here.today),
        address=partial(_address, "" if here.person.district else district, looking_of(sight)),
        asked={"as_of": as_of, "known_on": known_on}, **content,
    )  # fmt: skip


def _address(district: str, looking: str, /, **asked: str) -> str:
    """The list that a number counts."""
    own = {"district": district} if district else {}
    return "/work?" + urlencode({"scope": "office", **own, **asked}) + looking


def _now(
    connection: Connection, here: Visit, sight: Sight, scope: str | None, offset: int
) -> tuple[Page, dict[str, Any]]:
    found = worklist(connection, Filter(district=scope, late=True), here.today, limit=PAGE, offset=offset)
    ahead = forecasts(connection, here.today, district=scope)
    return found, {
        "groups": {by: workloads(connection, by, here.today, district=scope) for by in GROUPS},
        "blocked": obstacle_counts(connection, here.today, district=scope),
        "awaited": awaited(connection, here.today, district=scope),
        "unserved": unserved(connection, district=scope),
        "milestones": [item.milestone for item in ahead],
        "forecasts": [(item, pace_picture(item, here.today)) for item in ahead],
        "tried_on": here.today - timedelta(days=WINDOW_DAYS),
        "unreached": len({item.login for item in unreached(connection, scope)}),
        "letters": waiting_count(connection, here.person, here.today),
        **_held(connection, here, scope),
    }


def _then(
    connection: Connection, here: Visit, sight: Sight, scope: str | None, offset: int
) -> tuple[Page, dict[str, Any]]:
    """The same of a day gone by; of letters and messages only today's state is kept, and nothing is forecast."""
    day, lists = sight.day(here.today), PastLists(connection, sight, here.today, scope)
    return lists.worklist(Filter(late=True), limit=PAGE, offset=offset), {
        "groups": {by: late_then.workloads(lists.rows, by) for by in GROUPS},
        "blocked": late_then.obstacle_counts(lists.rows, day),
        "awaited": late_then.awaited(lists.rows),
        "unserved": late_then.unserved(lists.rows),
        "milestones": late_then.milestones(connection, lists.rows, day),
        "forecasts": [],
        "tried_on": day,
        "unreached": 0,
        "letters": 0,
        "held": [],
        "held_total": 0,
    }


def _lifters(found: list[ObstacleCount], versions: Versions, lang: str) -> Mapping[str, list[ObstacleCount]]:
    """What others can lift, by who can; whoever keeps most overdue cases first."""
    listed: dict[str, list[ObstacleCount]] = {}
    for item in found:
        listed.setdefault(lifter_of(versions, item.code, lang), []).append(item)
    worst = sorted(listed, key=lambda who: (-sum(item.overdue for item in listed[who]), who))
    return {who: listed[who] for who in worst}


def _held(connection: Connection, here: Visit, district: str | None) -> dict[str, Any]:
    """The letters that got stuck, the longest first."""
    found = stuck(connection, here.today, [district] if district else None)
    return {"held": found[:SHOWN], "held_total": len(found)}
