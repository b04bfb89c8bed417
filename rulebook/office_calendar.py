"""The calendars of an office: the national ones with the closing days that the city and the office adopted."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from models.driver_sql import DriverStatement
from models.tables import closings
from procedures.legal_time.calendar import Calendars, Closing, load_calendars
from rulebook.office_edition import office_edition


def office_of(case: Mapping[str, Any]) -> str | None:
    """Return the district whose office handles a case; None for the city's office."""
    return case["district_code"] if case["level"] == "district" else None


def adopted_closings(known_before: datetime | None = None) -> Select[Any]:
    """Select the closing days in force: adopted and not withdrawn by a later record."""
    found = select(closings).order_by(closings.c.on, closings.c.id).where(closings.c.takes_back.is_(None))
    gone = select(closings.c.takes_back).where(closings.c.takes_back.is_not(None))
    if known_before is not None:
        found = found.where(closings.c.adopted_at < known_before)
        gone = gone.where(closings.c.adopted_at < known_before)
    return found.where(closings.c.id.not_in(gone))


_IN_FORCE = DriverStatement(adopted_closings())
_CLOSING = tuple(closings.c.keys())


class OfficeCalendars:
    """The AGENCY and GENERAL calendars of every office.

    Args:
        known_before: only closing days and editions recorded before this instant; None: all.
        edition: number of another edition of the national days off; None: the office's own.
    """

    def __init__(
        self, connection: Connection, known_before: datetime | None = None, edition: int | None = None
    ) -> None:
        self.edition = edition or office_edition(connection, known_before)
        found = _in_force(connection) if known_before is None else _then(connection, known_before)
        self._adopted = [
            (row["district_code"], Closing(row["on"], row["layer"], row["reason"], row["decision"])) for row in found
        ]
        self._known: dict[str | None, Calendars] = {}

    def of(self, office: str | None) -> Calendars:
        """Return the calendars of a district's office (None: the city's)."""
        if office not in self._known:
            self._known[office] = load_calendars(closings=self.closings(office), edition=self.edition)
        return self._known[office]

    def closings(self, office: str | None) -> tuple[Closing, ...]:
        """Return the closing days of the city and of the office."""
        return tuple(item for code, item in self._adopted if item.layer == "city" or (office and code == office))


def _in_force(connection: Connection) -> Iterable[Mapping[str, Any]]:
    return (dict(zip(_CLOSING, row, strict=True)) for row in _IN_FORCE.rows(connection, {}))


def _then(connection: Connection, known_before: datetime) -> Iterable[Mapping[str, Any]]:
    return (dict(row) for row in connection.execute(adopted_closings(known_before)).mappings())


def calendars_of(connection: Connection, office: str | None = None, known_before: datetime | None = None) -> Calendars:
    """Return the AGENCY and GENERAL calendars of a district's office (None: the city's)."""
    return OfficeCalendars(connection, known_before).of(office)
