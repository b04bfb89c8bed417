"""A register file comes in: a look at what it would do, then all of it in one transaction, cases included."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, update

from casework.office.people import actor
from casework.opening import open_case
from casework.unit_rows import FIELDS, codes_by_name, district_names, existing_units, table_row, values_of
from letters.typed_text import shown, unprintable
from models.clock import Clock
from models.database import one_import, reading, writing
from models.errors import Refused
from models.tables import case_rows, import_runs, units
from models.tracking import Track, silent
from procedures.facts import CLOCK
from register.findings import Finding, Severity
from register.flags import flags_of
from register.gate import Change, Plan, compare
from register.interpret import interpret
from register.names import fold
from register.rows import UnitRow
from register.workbook import read_workbook

PRINTED = (  # what letters say of a unit
    "name", "address", "commune", "certificate_number", "certificate_issuer", "tax_code", "representative", "phone",
)  # fmt: skip
MAY_IMPORT = frozenset({"manager", "admin", "case_officer", CLOCK})


@dataclass(frozen=True, slots=True)
class Result:
    """What an import did; `cases` are the references of the cases it opened."""

    new: int
    changed: int
    unchanged: int
    rejected: int
    doubtful: int
    cases: tuple[str, ...]


def preview(bind: Engine, data: bytes, name: str, *, by: str) -> Plan:
    """What the file would do; nothing is changed. Raises WrongInput for a file that cannot be read, Refused."""
    with reading(bind) as connection:
        district = _require_right(connection, by)
        return _plan(connection, data, name, district)


def commit(bind: Engine, data: bytes, name: str, *, by: str, clock: Clock, track: Track = silent) -> Result:
    """Take the accepted rows in, all or none, and open a case for every flagged unit without an open one.

    Raises WrongInput for a file that cannot be read, Refused.
    """
    with writing(bind) as connection:
        one_import(connection)
        district = _require_right(connection, by)
        plan = _plan(connection, data, name, district)
        opened = _take_in(connection, plan, by=by, clock=clock, track=track)
        result = Result(
            len(plan.new), len(plan.changed), len(plan.unchanged), len(plan.rejected), len(plan.doubtful), tuple(opened)
        )
        counts = {name: getattr(result, name) for name in ("new", "changed", "unchanged", "rejected", "doubtful")}
        run = {
            "file_name": name[:200], "sha256": hashlib.sha256(data).hexdigest(), "by": by,
            "recorded_at": clock.now(), "counts": counts, "cases": opened,
        }  # fmt: skip
        connection.execute(import_runs.insert(), run)
        return result


def open_flagged(
    connection: Connection, wanted: Sequence[int], *, by: str, clock: Clock, track: Track = silent
) -> list[str]:
    """Open a case for each of these units that is flagged today and has none open."""
    today, names = clock.today(), district_names(connection)
    role = CLOCK if by == CLOCK else actor(connection, by).role
    busy = set(connection.scalars(select(case_rows.c.unit_id).where(case_rows.c.closed_on.is_(None))))
    free = frozenset(wanted) - busy
    opened = []
    rows = connection.execute(select(units).order_by(units.c.id)).mappings().all()
    for row in track(rows, len(rows)):
        flags = flags_of(values_of(dict(row), names[row["district_code"]]), today) if row["id"] in free else ()
        if flags:
            unit = dict(row) | {"flags": list(flags)}
            opened.append(open_case(connection, unit, by=by, role=role, clock=clock, on=today))
    return opened


def _require_right(connection: Connection, by: str) -> str | None:
    """The district whose units this person may bring in; none means all."""
    if by == CLOCK:
        return None
    person = actor(connection, by)
    if person.role not in MAY_IMPORT:
        raise Refused("import_not_yours")
    return person.district


def _plan(connection: Connection, data: bytes, name: str, district: str | None) -> Plan:
    read = interpret(read_workbook(data, name))
    names = district_names(connection)
    codes = codes_by_name(names)
    rows = [_printable(_placed(row, codes, district)) for row in read.rows]
    return compare(rows, existing_units(connection, names), read.of_sheets)


def _placed(row: UnitRow, codes: Mapping[str, str], district: str | None) -> UnitRow:
    """Rejected when the district is none of the city's, or another one than the importer's own."""
    code = codes.get(fold(row.district))
    if code is not None and district in (None, code):
        return row
    problem = "district_unknown" if code is None else "district_of_another_office"
    found = Finding(row.sheet, row.row, "", row.district, Severity.REJECTED, problem)
    return replace(row, findings=(*row.findings, found))


def _printable(row: UnitRow) -> UnitRow:
    """Rejected when a letter about the unit could not be printed for a character in one of its texts."""
    for name in PRINTED:
        value = str(getattr(row, name))
        character = unprintable(value)
        if character:
            about = {"field": name, "character": shown(character)}
            found = Finding(row.sheet, row.row, "", value[:80], Severity.REJECTED, "character_not_in_font", about)
            row = replace(row, findings=(*row.findings, found))
    return row


def _take_in(connection: Connection, plan: Plan, *, by: str, clock: Clock, track: Track) -> list[str]:
    codes = codes_by_name(district_names(connection))
    today = clock.today()
    fresh = [table_row(row, codes[fold(row.district)], flags_of(row, today)) for row in plan.new]
    touched = [change.unit.unit_id for change in plan.changed]
    if fresh:
        inserted = connection.execute(units.insert().returning(units.c.id, sort_by_parameter_order=True), fresh)
        touched += list(inserted.scalars())
    if plan.changed:
        _change(connection, plan.changed, codes, today)
    return open_flagged(connection, [int(identity) for identity in touched], by=by, clock=clock, track=track)


def _change(connection: Connection, changes: Sequence[Change], codes: Mapping[str, str], today: date) -> None:
    """Every changed unit written whole: what the file is silent about stays as it was."""
    names = (*FIELDS, "district_code", "search", "flags")
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in names}
    statement = update(units).where(units.c.id == bindparam("unit_id")).values(values)
    connection.execute(statement, [_changed(change, codes, today) for change in changes])


def _changed(change: Change, codes: Mapping[str, str], today: date) -> dict[str, Any]:
    fields: dict[str, Any] = {item.field: item.after for item in change.fields}
    unit = replace(change.unit, **fields)
    row = table_row(unit, codes[fold(unit.district)], flags_of(unit, today))
    row.pop("is_sample")
    return {"unit_id": change.unit.unit_id, **{f"v_{name}": value for name, value in row.items()}}
