"""What a letter has and lacks of the office's own data: addresses of those it goes to, and what is to be entered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from casework.office.agencies import AgencyBook
from casework.office.data_rights import may_edit
from correspondence.joint.listed_obstacles import listed_in
from letters.office_data import COMMUNE, NAMED_ONLY, PLAN
from letters.tree import Letter
from models.letter_links import OBSTACLE_LETTER
from web.request_context import Visit

ENTERED_AT = {COMMUNE: "/office/communes", PLAN: "/office/plans"} | {
    f"office.{kind}": "/office/agencies" for kind in NAMED_ONLY
}


def surroundings(connection: Connection, here: Visit, row: Mapping[str, Any], tree: Letter) -> dict[str, Any]:
    """`asked`: what is missing, where it is entered and whether this person may; `addresses`: agencies it goes to;
    `list_of`: the obstacles on its list."""
    office = row["district_code"] if row["level"] == "district" else None
    listed = [item for rows in AgencyBook(connection).of(office).values() for item in rows]
    named = {*tree.addressees, *tree.recipients}
    return {
        "asked": [
            _asked(here, item.name, {COMMUNE: row["district_code"], PLAN: None}.get(item.name, office))
            | {"label": item.label}
            for item in tree.missing
            if item.name in ENTERED_AT
        ],
        "addresses": [item for item in listed if item["name"] in named],
        "list_of": listed_in(connection, row["id"], here.lang) if row["template"] == OBSTACLE_LETTER else [],
    }


def _asked(here: Visit, name: str, place: str | None) -> dict[str, Any]:
    """`place` is the district whose office enters it; None: the city's."""
    path = f"{ENTERED_AT[name]}?district={place or ''}"
    return {"path": path, "may": may_edit(here.person, place), "city": place is None}
