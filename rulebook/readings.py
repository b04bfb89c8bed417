"""How unclear points of the law are read: by the city's ruling, else by the office's own, else plainly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.tables import officers, rulings
from procedures.law.interpretations import Readings, read_as
from procedures.schema import Procedure


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling; no district: it holds for the whole city."""

    point: str
    reading: str
    by: str
    name: str  # of whoever ruled
    at: datetime
    reason: str
    district: str | None


class OfficeReadings:
    """The rulings that every office reads the law by."""

    def __init__(self, listed: Sequence[Ruled]) -> None:
        self.listed = listed

    def of(self, office: str | None) -> Mapping[str, Ruled]:
        """By point; the city's ruling stands above the office's own."""
        own = {item.point: item for item in self.listed if item.district is not None and item.district == office}
        return own | {item.point: item for item in self.listed if item.district is None}

    def read(self, procedure: Procedure, office: str | None) -> Procedure:
        """The procedure as an office reads it."""
        return read_as(procedure, plain_readings(self.of(office)))


PLAIN = OfficeReadings(())  # nothing is ruled on


def office_readings(connection: Connection, known_before: datetime | None = None) -> OfficeReadings:
    """The rulings known (before an instant), in one query."""
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
    """The readings alone, as the law's engine wants them."""
    return {point: item.reading for point, item in ruled.items()}
