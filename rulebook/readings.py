"""Readings of unclear points of the law: the city's ruling, else the office's own, else the plain reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.tables import officers, rulings
from procedures.law.interpretations import Readings, read_as
from procedures.schema import Procedure


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling. District None: for the whole city."""

    point: str
    reading: str
    by: str
    name: str  # of the person who ruled
    at: datetime
    reason: str
    district: str | None


class OfficeReadings:
    """The rulings of all offices."""

    def __init__(self, listed: Sequence[Ruled]) -> None:
        self.listed = listed

    def of(self, office: str | None) -> Mapping[str, Ruled]:
        """Return the rulings for an office by point; the city's ruling overrides the office's own."""
        own = {item.point: item for item in self.listed if item.district is not None and item.district == office}
        return own | {item.point: item for item in self.listed if item.district is None}

    def read(self, procedure: Procedure, office: str | None) -> Procedure:
        """Return the procedure with the readings of an office."""
        return read_as(procedure, plain_readings(self.of(office)))


PLAIN = OfficeReadings(())  # no rulings


def office_readings(connection: Connection, known_before: datetime | None = None) -> OfficeReadings:
    """Return the rulings (those recorded before an instant), in one query."""
    columns = rulings.c
    found = select(rulings, officers.c.name).outerjoin(officers, officers.c.login == columns.ruled_by)
    if known_before is not None:
        found = found.where(columns.ruled_at < known_before)
    return OfficeReadings(
        [
            Ruled(
                row["interpretation"], row["reading"], row["ruled_by"], row["name"] or row["ruled_by"],
                row["ruled_at"], row["reason"], row["district_code"],
            )
            for row in connection.execute(found.order_by(columns.id)).mappings()
        ]
    )  # fmt: skip


def plain_readings(ruled: Mapping[str, Ruled]) -> Readings:
    """Return the readings alone, the input of `read_as`."""
    return {point: item.reading for point, item in ruled.items()}
