"""Late items for the heads: where, why, who can lift it, and whether the programme's dates will be made."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection

from casework.as_of import AsOf
from casework.case_view import officer_names
from casework.lists.as_of_tables import lists_as_of
from casework.lists.first_steps import first_steps
from casework.lists.worklist import NO_OFFICER, Filter, worklist
from correspondence.letter_queue import waiting_count
from correspondence.stuck_letters import letters_at, stuck_places
from models.database import reading
from notifications.delivery.unreachable_people import unreached
from oversight.forecast import Forecast, forecasts
from oversight.kept_forecasts import keep
from oversight.late_items import ObstacleCount, awaited, obstacle_counts, unserved
from oversight.milestones import milestones
from oversight.workload import grouped_workloads, total
from rulebook.versions import Versions
from web.as_of_form import asked_sight, looking_of
from web.cases.case_rows import decorate
from web.labels import lifter_of
from web.list_navigation import lay
from web.lists import district_names, pages_of
from web.rendering import page
from web.reports.fan_pictures import fan_picture
from web.reports.hourly import foretold
from web.request_context import Here, Visit

router = APIRouter()
CASES = 20  # on a page, below what the page answers
SHOWN = 10  # stuck letters; all of them are on the list of letters
GROUPS = ("district", "officer", "stage")


@router.get("/late")
def late(here: Here, district: str = "", p: int = 1, as_of: str = "", known_on: str = "") -> Response:
    scope = here.person.district or district or None
    sight, message = asked_sight(here, as_of, known_on)
    with reading(here.bind) as connection:
        with lists_as_of(connection, sight, scope):
            content = _counted(connection, here, sight, scope, (max(p, 1) - 1) * CASES)
        content |= {
            **(_of_today(connection, here, scope) if sight.is_now else _NOT_KEPT),
            "first": first_steps(connection, scope) if not content["total"] else None,
            "versions": (versions := Versions(connection)),
            "lifters": _lifters(content["blocked"], versions, here.lang),
            "districts": district_names(connection),
            "officers": officer_names(connection, [item.key for item in content["groups"]["officer"] if item.key]),
        }
    if here.person.district:
        content["groups"].pop("district")
    _keep(here, sight, scope, [item for item, _ in content["forecasts"]], content["made_at"])
    pages = pages_of(p, content["total"], CASES)
    lay(here, content["rows"], pages)
    return page(
        here, "reports/late.html", status=422 if message else 200, pages=pages, nobody=NO_OFFICER,
        district=scope or "", message=message, sight=sight, looking=looking_of(sight), day=sight.day(here.today),
        address=partial(_address, "" if here.person.district else district, looking_of(sight)),
        asked={"as_of": as_of, "known_on": known_on}, **content,
    )  # fmt: skip


def _address(district: str, looking: str, /, **asked: str) -> str:
    """The list that a number counts."""
    own = {"district": district} if district else {}
    return "/work?" + urlencode({"scope": "office", **own, **asked}) + looking


def _counted(connection: Connection, here: Visit, sight: AsOf, scope: str | None, offset: int) -> dict[str, Any]:
    """What is late on the day, and why; now or as it was."""
    day = sight.day(here.today)
    found = worklist(connection, Filter(district=scope, late=True), day, limit=CASES, offset=offset)
    groups = grouped_workloads(connection, GROUPS, day, district=scope)
    return {
        "rows": decorate(connection, found.rows, here, sight),
        "total": found.total,
        "groups": groups,
        "all": total(groups["stage"]),
        "blocked": obstacle_counts(connection, day, district=scope),
        "awaited": awaited(connection, day, district=scope),
        "unserved": unserved(connection, district=scope),
        **_dates(connection, here, sight, day, scope),
    }


def _dates(connection: Connection, here: Visit, sight: AsOf, day: date, scope: str | None) -> dict[str, Any]:
    """The fixed dates: now, or as known on a day, with the forecast that was made then; as of a day without one."""
    if not sight.is_now and sight.known_on != day:
        dates = milestones(connection, day, district=scope, known_before=sight.known_before)
        return {"milestones": dates, "forecasts": [], "record": None, "made_at": None}
    if sight.is_now:
        made = foretold(connection, here, scope)
        found, record, made_at = made.result.forecasts, made.result.record, made.made_at
    else:
        found, record, made_at = forecasts(
            connection, day, district=scope, known_before=sight.known_before, fan=True
        ), None, None  # fmt: skip
    drawn = [(item, fan_picture(item, day)) for item in found]
    return {"milestones": [], "forecasts": drawn, "record": record, "made_at": made_at}


def _keep(here: Visit, sight: AsOf, scope: str | None, shown: list[Forecast], made_at: datetime | None) -> None:
    if sight.is_now and here.clock_jump is None:
        keep(here.bind, here.today, scope, shown, made_at or here.clock.now())


_NOT_KEPT: Mapping[str, Any] = {
    "unreached": 0, "letters": 0, "held": [], "held_total": 0,
}  # of letters and messages only today's state is kept  # fmt: skip


def _of_today(connection: Connection, here: Visit, scope: str | None) -> dict[str, Any]:
    return {
        "unreached": len({item.login for item in unreached(connection, scope)}),
        "letters": waiting_count(connection, here.person, here.today),
        **_held(connection, here, scope),
    }


def _lifters(found: list[ObstacleCount], versions: Versions, lang: str) -> Mapping[str, list[ObstacleCount]]:
    """What others can lift, by body; the body with most cases past the legal limit first."""
    listed: dict[str, list[ObstacleCount]] = {}
    for item in found:
        listed.setdefault(lifter_of(versions, item.code, lang), []).append(item)
    worst = sorted(
        listed,
        key=lambda who: (-sum(item.past_legal for item in listed[who]), -sum(item.late for item in listed[who]), who),
    )
    return {who: listed[who] for who in worst}


def _held(connection: Connection, here: Visit, district: str | None) -> dict[str, Any]:
    """The letters that got stuck, the longest first."""
    found = stuck_places(connection, here.today, [district] if district else None)
    return {"held": letters_at(connection, found[:SHOWN]), "held_total": len(found)}
