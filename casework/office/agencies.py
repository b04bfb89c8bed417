"""The agencies that an office writes to, with their names and addresses as the office knows them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from casework.office.data_rights import clean_line, require_editor
from casework.office.office_journal import note
from casework.office.people import Actor
from letters.letter_names import addressees
from letters.office_data import AGENCIES
from models.clock import Clock
from models.errors import InputErrors, NotFound, WrongInput
from models.tables import agencies, districts
from templates.words import both

ACTS = ("agency_added", "agency_changed", "agency_removed")


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """An agency as it is typed; `kind` a key of letters.office_data.AGENCIES, no district: the city's office."""

    kind: str
    name: str
    address: str = ""
    district: str | None = None


class AgencyBook:
    """The agencies of offices, each office's read once: whom its letters go to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[str | None, list[dict[str, Any]]] = {}

    def of(self, district: str | None) -> Mapping[str, tuple[dict[str, Any], ...]]:
        """The rows by kind for the office of a district, or for the city's.

        Where both levels have one and the same agency, or only named ones, a district that entered none has the city's.
        """
        found = {}
        for kind in AGENCIES:
            own = self._rows_of(kind, district)
            if not own and district is not None and _is_shared(kind):
                own = self._rows_of(kind, None)
            found[kind] = own
        return found

    def names(self, district: str | None) -> dict[str, tuple[str, ...]]:
        """The names by kind, for letters."""
        return {kind: tuple(row["name"] for row in rows) for kind, rows in self.of(district).items()}

    def _rows_of(self, kind: str, district: str | None) -> tuple[dict[str, Any], ...]:
        if district not in self._rows:
            own = agencies.c.district_code == district if district else agencies.c.district_code.is_(None)
            listed = self._connection.execute(select(agencies).where(own).order_by(agencies.c.id)).mappings()
            self._rows[district] = [dict(row) for row in listed]
        return tuple(row for row in self._rows[district] if row["kind"] == kind)


def _is_shared(kind: str) -> bool:
    return isinstance(addressees()[kind], str)


def agencies_listed(connection: Connection, district: str | None) -> list[dict[str, Any]]:
    """The rows of a district's office with the city's, or all."""
    found = select(agencies).order_by(agencies.c.district_code.nulls_first(), agencies.c.kind, agencies.c.id)
    if district is not None:
        found = found.where(or_(agencies.c.district_code == district, agencies.c.district_code.is_(None)))
    return [dict(row) for row in connection.execute(found).mappings()]


def add(connection: Connection, entry: AgencyEntry, *, by: Actor, clock: Clock, invented: bool = False) -> int:
    """An agency; of a kind of which letters have one alone it takes the place of the one before. Returns its id.

    Raises WrongInput, Refused.
    """
    require_editor(by, entry.district)
    values = _checked(connection, entry)
    same = [row for row in agencies_listed(connection, entry.district) if _is_same(row, entry, values["name"])]
    if same:
        _write(connection, same[0], values, by, clock)
        return int(same[0]["id"])
    row = values | {"invented": invented, "changed_by": by.login, "changed_at": clock.now()}
    identity = int(connection.execute(agencies.insert().values(row).returning(agencies.c.id)).scalar_one())
    note(connection, "agency_added", str(identity), by.login, clock, asdict(entry))
    return identity


def _is_same(row: Mapping[str, Any], entry: AgencyEntry, name: str) -> bool:
    of_office = row["kind"] == entry.kind and row["district_code"] == entry.district
    return of_office and (not AGENCIES[entry.kind] or row["name"] == name)


def change(connection: Connection, agency_id: int, name: str, address: str, *, by: Actor, clock: Clock) -> None:
    """Another name or address. Raises NotFound, WrongInput, Refused."""
    row = _row(connection, agency_id, by)
    require_editor(by, row["district_code"])
    _write(
        connection, row, _checked(connection, AgencyEntry(row["kind"], name, address, row["district_code"])), by, clock
    )


def _write(connection: Connection, row: Mapping[str, Any], values: dict[str, Any], by: Actor, clock: Clock) -> None:
    entered = {"invented": False, "changed_by": by.login, "changed_at": clock.now()}
    connection.execute(update(agencies).where(agencies.c.id == row["id"]).values(values | entered))
    before = {name: row[name] for name in ("name", "address") if row[name] != values[name]}
    data = {"kind": row["kind"], "district": row["district_code"], "name": values["name"], "address": values["address"]}
    note(connection, "agency_changed", str(row["id"]), by.login, clock, data | {"before": before})


def remove(connection: Connection, agency_id: int, *, by: Actor, clock: Clock) -> None:
    """Remove an agency from later letters; signed ones keep it. Raises NotFound, Refused."""
    row = _row(connection, agency_id, by)
    require_editor(by, row["district_code"])
    connection.execute(delete(agencies).where(agencies.c.id == agency_id))
    gone = {"kind": row["kind"], "district": row["district_code"], "name": row["name"], "address": row["address"]}
    note(connection, "agency_removed", str(agency_id), by.login, clock, gone)


def _row(connection: Connection, agency_id: int, by: Actor) -> dict[str, Any]:
    """Raises NotFound, also when the person may not see it."""
    row = connection.execute(select(agencies).where(agencies.c.id == agency_id)).mappings().first()
    if row is None or (by.district is not None and row["district_code"] not in (None, by.district)):
        raise NotFound("no_such_agency", agency=agency_id)
    return dict(row)


def _checked(connection: Connection, entry: AgencyEntry) -> dict[str, Any]:
    """The columns of an entry. Raises WrongInput at its fields, all of them."""
    gathered, texts = InputErrors(), {"name": "", "address": ""}
    with gathered:
        if entry.kind not in AGENCIES:
            raise WrongInput("kind", "not_an_option", value=entry.kind[:40], options=", ".join(AGENCIES))
    for name, typed in (("name", entry.name), ("address", entry.address)):
        with gathered:
            label = both(f"office_data.agency_{name}")
            texts[name] = clean_line(name, typed, label, required=name == "name")
    with gathered:
        _require_office(connection, entry.district)
    gathered.raise_if_any()
    return {"kind": entry.kind, "district_code": entry.district, **texts}


def _require_office(connection: Connection, district: str | None) -> None:
    known = list(connection.scalars(select(districts.c.code).order_by(districts.c.code)))
    if district is not None and district not in known:
        raise WrongInput("district", "not_an_option", value=district[:40], options=", ".join(known))
