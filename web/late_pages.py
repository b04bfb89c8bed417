"""Late items for the heads: where, why, who can lift it, and whether the programme's dates will be made."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection

from casework.stuck_letters import stuck
from casework.worklist import Filter, worklist
from models.database import reading
from notifications.reach import unreached
from oversight.late_items import blocked, milestones, standings, unserved
from rulebook.versions import Versions
from web.lists import PAGE, district_names, officers_of, pages_of
from web.rendering import page
from web.visit import Here, Visit
from web.work_pages import decorate

router = APIRouter()
SHOWN = 10  # stuck letters; all of them stand on the list of letters
GROUPS = ("district", "officer", "stage")


@router.get("/late")
def late(here: Here, district: str = "", p: int = 1) -> Response:
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        groups = {by: standings(connection, by, here.today, district=scope) for by in GROUPS}
        found = worklist(
            connection, Filter(district=scope, late=True), here.today, limit=PAGE, offset=(max(p, 1) - 1) * PAGE
        )
        content: dict[str, Any] = {
            "versions": Versions(connection),
            "blocked": blocked(connection, here.today, district=scope),
            "unserved": unserved(connection, district=scope),
            "milestones": milestones(connection, here.today, district=scope),
            "unreached": len({item.login for item in unreached(connection, scope)}),
            "rows": decorate(connection, found.rows, here),
            **_held(connection, here, scope),
            "districts": district_names(connection),
            "officers": officers_of(connection, scope),
        }
    if here.person.district:
        groups.pop("district")
    return page(
        here, "late.html", groups=groups, total=found.total, pages=pages_of(p, found.total), district=scope or "",
        **content,
    )  # fmt: skip


def _held(connection: Connection, here: Visit, district: str | None) -> dict[str, Any]:
    """The letters that got stuck, the longest first."""
    found = stuck(connection, here.today, [district] if district else None)
    return {"held": found[:SHOWN], "held_total": len(found)}
