"""The calendar an office counts by: the national one with the closing days that the city and the office adopted."""

from sqlalchemy import Connection, select

from models.tables import closings
from procedures.calendar import Calendars, Closing, load_calendars


def calendars_of(connection: Connection, district: str | None = None) -> Calendars:
    """AGENCY and GENERAL for a district's office (none: the city's own)."""
    found = connection.execute(select(closings).order_by(closings.c.on, closings.c.id)).mappings().all()
    adopted = tuple(
        Closing(row["on"], row["layer"], row["reason"], row["decision"])
        for row in found
        if row["layer"] == "city" or row["district_code"] == district
    )
    return load_calendars(closings=adopted)
