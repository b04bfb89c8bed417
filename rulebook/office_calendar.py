"""The calendars of an office: the national ones with the closing days that the city and the office adopted."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
    text,
    type_coerce,
)

from models.driver_sql import DriverStatement
from models.tables import case_rows, closings
from procedures.legal_time.calendar import Calendars, Closing, load_calendars
from rulebook.office_edition import IN_FORCE, office_edition


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


def calendar_columns(dialect: str) -> list[ColumnElement[Any]]:
    """The edition of the national days off, and as JSON the closing days in force of the city and of the office that
    handles a case: columns of a SELECT of that case."""
    one = adopted_closings().order_by(None).subquery()  # they are put in order where they are read
    own = and_(case_rows.c.level == "district", one.c.district_code == case_rows.c.district_code)
    values = [one.c[name] for name in ("on", "id", "layer", "district_code", "reason", "decision")]
    rows: Any
    if dialect == "sqlite":
        rows = func.json_group_array(func.json_array(*values))
    else:
        rows = cast(func.coalesce(func.json_agg(func.json_build_array(*values)), text("'[]'")), Text)
    found = select(type_coerce(rows, Text)).select_from(one).where(or_(one.c.district_code.is_(None), own))
    return [IN_FORCE.scalar_subquery(), found.correlate(case_rows).scalar_subquery()]


@lru_cache(maxsize=256)
def calendars_by(edition: int, closing_days: str, office: str | None) -> Calendars:
    """The calendars of an office by what `calendar_columns` answer; the same text gives the same calendars."""
    found = sorted(json.loads(closing_days))
    adopted = [
        (district, Closing(date.fromisoformat(on), layer, reason, decision))
        for on, _, layer, district, reason, decision in found
    ]
    return load_calendars(closings=_of(adopted, office), edition=edition)


_IN_FORCE = DriverStatement(adopted_closings())
# those of the city have no district: both are found by one index
_IN_FORCE_HERE = DriverStatement(
    adopted_closings().where(or_(closings.c.district_code.is_(None), closings.c.district_code == bindparam("office")))
)
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
        self._adopted = _days(_in_force(connection) if known_before is None else _then(connection, known_before))
        self._known: dict[str | None, Calendars] = {}

    def of(self, office: str | None) -> Calendars:
        """Return the calendars of a district's office (None: the city's)."""
        if office not in self._known:
            self._known[office] = load_calendars(closings=self.closings(office), edition=self.edition)
        return self._known[office]

    def closings(self, office: str | None) -> tuple[Closing, ...]:
        """Return the closing days of the city and of the office."""
        return _of(self._adopted, office)


def _of(adopted: Iterable[tuple[str | None, Closing]], office: str | None) -> tuple[Closing, ...]:
    return tuple(item for code, item in adopted if item.layer == "city" or (office and code == office))


def _days(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str | None, Closing]]:
    """Closing days, each with its district."""
    return [(row["district_code"], Closing(row["on"], row["layer"], row["reason"], row["decision"])) for row in rows]


def _in_force(connection: Connection) -> Iterable[Mapping[str, Any]]:
    return (dict(zip(_CLOSING, row, strict=True)) for row in _IN_FORCE.rows(connection, {}))


def _then(connection: Connection, known_before: datetime) -> Iterable[Mapping[str, Any]]:
    return (dict(row) for row in connection.execute(adopted_closings(known_before)).mappings())


def calendars_of(connection: Connection, office: str | None = None, known_before: datetime | None = None) -> Calendars:
    """Return the AGENCY and GENERAL calendars of a district's office (None: the city's)."""
    if known_before is not None:
        return OfficeCalendars(connection, known_before).of(office)
    rows = (dict(zip(_CLOSING, row, strict=True)) for row in _IN_FORCE_HERE.rows(connection, {"office": office}))
    return load_calendars(closings=_of(_days(rows), office), edition=office_edition(connection))
