"""In which commune of the office's list each unit lies: found from the register's text, or set by a person."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from casework.ledger import LoadedCase
from casework.office.communes import CommuneBook, one
from casework.office.data_rights import require_editor
from casework.office.office_journal import note
from casework.office.people import Actor
from models.clock import Clock
from models.errors import NotFound, WrongInput
from models.places import CommuneName
from models.tables import units
from register.communes import CommuneIndex
from templates.words import both

_UNIT = (units.c.id, units.c.name, units.c.commune, units.c.address, units.c.district_code, units.c.commune_code)


def find_communes(connection: Connection) -> int:
    """Give every unit whose commune is not known the one that its text can only mean; returns how many were found.

    A text that may mean several or none leaves the unit without a commune, for a person to set.
    """
    index = CommuneBook(connection).index
    rows = connection.execute(select(*_UNIT).where(units.c.commune_code.is_(None))).mappings()
    found = [{"unit_id": row["id"], "found": code} for row in rows if (code := commune_code(index, dict(row)))]
    if found:
        statement = update(units).where(units.c.id == bindparam("unit_id")).values(commune_code=bindparam("found"))
        connection.execute(statement, found)
    return len(found)


def commune_code(index: CommuneIndex, row: Mapping[str, Any]) -> str | None:
    """The commune that a unit's text can only mean: its own column, else an address that names it with its type."""
    district, text = row["district_code"], row["commune"]
    found = index.find(district, text) if text else index.in_address(district, row["address"])
    return found.code if found else None


def commune_of_case(connection: Connection, book: CommuneBook, loaded: LoadedCase) -> CommuneName | None:
    """Where the unit of a case lies: by the register's text of the opening day, else as found or set since."""
    district, text = loaded.row["district_code"], str(loaded.state.unit.get("commune") or "")
    if book.index.find(district, text):
        return book.of_case(district, text, None)
    code = connection.scalar(select(units.c.commune_code).where(units.c.id == loaded.row["unit_id"]))
    return book.of_case(district, text, code)


def without_commune(connection: Connection, district: str | None, limit: int = 100) -> tuple[int, list[dict[str, Any]]]:
    """How many units of a district, or of all, lie in a commune that is not known, and the first of them."""
    unknown = [units.c.commune_code.is_(None), *([] if district is None else [units.c.district_code == district])]
    count = connection.scalar(select(func.count()).select_from(units).where(*unknown)) or 0
    listed = select(*_UNIT).where(*unknown).order_by(units.c.district_code, units.c.commune, units.c.search, units.c.id)
    return count, [dict(row) for row in connection.execute(listed.limit(limit)).mappings()]


def set_commune(connection: Connection, unit_id: int, code: str, *, by: Actor, clock: Clock) -> None:
    """A person says in which commune a unit lies; the register's own text stays.

    Raises NotFound, WrongInput, Refused.
    """
    row = connection.execute(select(*_UNIT).where(units.c.id == unit_id)).mappings().first()
    if row is None or by.district not in (None, row["district_code"]):
        raise NotFound("no_such_unit")
    require_editor(by, row["district_code"])
    if not code:
        raise WrongInput("commune", "missing_field", label=both("office_data.commune"))
    if one(connection, code)["district_code"] != row["district_code"]:
        raise WrongInput("commune", "commune_of_another_district")
    connection.execute(update(units).where(units.c.id == unit_id).values(commune_code=code))
    data = {"district": row["district_code"], "unit": row["name"], "text": row["commune"], "code": code}
    note(connection, "unit_commune", str(unit_id), by.login, clock, data | {"before": row["commune_code"]})
