"""Units between the register's reading and the table: the same fields, with districts by code."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from models.folding import fold
from models.places import district_title
from models.short_forms import plain_name
from models.tables import districts, units
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import RegisterRow
from models.units import Grade, OperatingStatus, Sector, UnitKind
from register.rows import UNIT_FIELDS, ExistingUnit, UnitValues
from templates.alphabet import sort_key

_ENUMS = {"kind": UnitKind, "sector": Sector, "grade": Grade, "status": OperatingStatus}
FIELDS = tuple(name for name in UNIT_FIELDS if name != "district")


def district_names(connection: Connection) -> dict[str, str]:
    """Full names (Quận Hồng Bàng) by code."""
    found = connection.execute(select(districts.c.code, districts.c.kind, districts.c.name))
    return {code: district_title(kind, name) for code, kind, name in found.tuples()}


def codes_by_name(names: Mapping[str, str]) -> dict[str, str]:
    """District codes by folded full name."""
    return {fold(name): code for code, name in names.items()}


def whole_register(connection: Connection) -> list[RegisterRow]:
    """All units in the order of their ids."""
    return all_rows(RegisterRow, connection.execute(select(units).order_by(units.c.id)))


def as_compared(rows: Iterable[RegisterRow], names: Mapping[str, str]) -> Iterator[ExistingUnit]:
    """Units as the gate compares them."""
    for row in rows:
        yield ExistingUnit(unit_id=row["id"], district=names[row["district_code"]], **_values(row))


def values_of(row: Mapping[str, Any], district: str) -> UnitValues:
    """A row of the table as the flags read it."""
    return UnitValues(district=district, **_values(row))


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: row[name] for name in FIELDS}
    for name, kind in _ENUMS.items():
        found[name] = kind(found[name]) if found[name] else None
    return found


def table_row(unit: UnitValues, code: str, flags: Iterable[str]) -> dict[str, Any]:
    """What the table keeps of a unit that came in."""
    row = {name: getattr(unit, name) for name in FIELDS}
    for name in _ENUMS:
        row[name] = str(row[name].value) if row[name] is not None else ""
    return row | {"district_code": code, **name_keys(unit.name), "flags": list(flags), "is_sample": False}


def name_keys(name: str) -> dict[str, str]:
    """What the table keeps to find a name by, with and without accents, abbreviated or spelt out, and to sort it by."""
    short, long = fold(name), fold(plain_name(name))
    return {"search": short if short == long else f"{short} | {long}", "sort_key": sort_key(name)}
