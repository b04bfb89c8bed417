"""The calendars an office counts by: the national ones with the closing days that the city and the office adopted."""

from sqlalchemy import Connection, select

from models.tables import closings
from procedures.calendar import Calendars, Closing, load_calendars


class OfficeCalendars:
    """AGENCY and GENERAL of every office, their closing days read in one query."""

    def __init__(self, connection: Connection) -> None:
        found = connection.execute(select(closings).order_by(closings.c.on, closings.c.id)).mappings()
        self._adopted = [
            (row["district_code"], Closing(row["on"], row["layer"], row["reason"], row["decision"])) for row in found
        ]
        self._known: dict[str | None, Calendars] = {}

    def of(self, district: str | None) -> Calendars:
        """The calendars of a district's office (none: the city's own)."""
        if district not in self._known:
            own = tuple(item for code, item in self._adopted if item.layer == "city" or code == district)
            self._known[district] = load_calendars(closings=own)
        return self._known[district]


def calendars_of(connection: Connection, district: str | None = None) -> Calendars:
    """AGENCY and GENERAL for a district's office (none: the city's own)."""
    return OfficeCalendars(connection).of(district)
