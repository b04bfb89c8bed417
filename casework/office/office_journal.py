"""The journal of what was done to the office itself: who did what, when, with the values before and after."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select

from models.clock import Clock
from models.tables import office_acts


def note(connection: Connection, act: str, subject: str, by: str, clock: Clock, data: Mapping[str, Any]) -> None:
    """Write a line. `data` of an act on a district's data has its code under `district`."""
    row = {"act": act, "subject": subject, "by": by, "at": clock.now(), "data": dict(data)}
    connection.execute(office_acts.insert().values(row))


def acts_on_data(
    connection: Connection, acts: Collection[str], district: str | None, limit: int = 30
) -> list[dict[str, Any]]:
    """The lines of some acts that concern a district, or of all, the latest first."""
    found = select(office_acts).where(office_acts.c.act.in_(acts)).order_by(office_acts.c.id.desc())
    rows = (dict(row) for row in connection.execute(found).mappings())
    matching = [row for row in rows if district is None or row["data"].get("district") == district]
    return matching[:limit]
