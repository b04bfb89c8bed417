"""Whole lists of communes: the one that comes with the product, and the one that an office brings."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from casework.office.communes import CommuneBook, CommuneEntry, insert
from casework.office.data_rights import require_editor
from casework.office.office_journal import note
from casework.office.people import Actor
from casework.office.unit_communes import find_communes
from casework.unit_rows import codes_by_name, district_names
from models.clock import Clock
from models.errors import WrongInput
from models.folding import fold
from models.tables import communes, districts, settings_table
from register.commune_file import CommuneRow, read_communes
from register.communes import ListedCommune, shipped_communes
from register.places import districts_by_code, split_district

TAKEN_UP = "communes_taken_up"


def sync_communes(connection: Connection) -> int:
    """Once in an office's life: where its districts are those of the shipped list and it has no communes, it gets them.

    Every unit whose commune is not known yet gets the one that its text can only mean. Returns how many communes came.
    """
    if connection.scalar(select(settings_table.c.value).where(settings_table.c.key == TAKEN_UP)):
        return 0
    known = set(connection.scalars(select(districts.c.code)))
    if not known:
        return 0
    connection.execute(settings_table.insert().values(key=TAKEN_UP, value="yes"))
    count = (
        _put_in(connection, known)
        if connection.scalar(select(communes.c.code).limit(1)) is None
        else _add_former(connection)
    )
    find_communes(connection)
    return count


def _put_in(connection: Connection, known: set[str]) -> int:
    rows = [_row(commune) for commune in shipped_communes() if commune.district in known]
    if rows:
        connection.execute(communes.insert(), rows)
    return len(rows)


def _row(commune: ListedCommune) -> dict[str, Any]:
    return {
        "code": commune.code, "district_code": commune.district, "name": commune.name.proper,
        "kind": commune.name.kind.value, "former": list(commune.former), "confidence": "recalled",
    }  # fmt: skip


def _add_former(connection: Connection) -> int:
    """An office that had the list before it knew former names."""
    for commune in shipped_communes():
        if commune.former:
            same = communes.c.code == commune.code, communes.c.name == commune.name.proper
            connection.execute(update(communes).where(*same).values(former=list(commune.former)))
    return 0


def load_communes(connection: Connection, data: bytes, name: str, *, by: Actor, clock: Clock) -> tuple[int, int]:
    """Take in the communes of a file that the list lacks; those that are there and in the file are confirmed.

    Nothing is removed. Returns how many were added and how many were there. Raises WrongInput, Refused.
    """
    rows = read_communes(data, name)
    added, there = put_in_rows(connection, rows, _districts_of(connection, rows, by), by=by.login, clock=clock)
    note(
        connection,
        "communes_loaded",
        name[:80],
        by.login,
        clock,
        {"district": by.district, "added": added, "there": there},
    )
    find_communes(connection)
    return added, there


def put_in_rows(
    connection: Connection, rows: Sequence[CommuneRow], codes: Mapping[str, str], *, by: str, clock: Clock
) -> tuple[int, int]:
    """The rows of a file, with the codes of their districts by folded name. Raises WrongInput."""
    index, there = CommuneBook(connection).index, list[str]()
    for row in rows:
        entry = CommuneEntry(codes[fold(row.district)], row.name, row.kind.value, row.former)
        code = _same(index.candidates(entry.district, row.name), row)
        if code is None:
            insert(connection, entry, by=by, clock=clock)
        else:
            there.append(code)
    values = {"confidence": "confirmed", "changed_by": by, "changed_at": clock.now()}
    connection.execute(update(communes).where(communes.c.code.in_(there)).values(values))
    return len(rows) - len(there), len(there)


def _same(listed: Sequence[ListedCommune], row: CommuneRow) -> str | None:
    matches = (item.code for item in listed if item.name.kind is row.kind and fold(item.name.proper) == fold(row.name))
    return next(matches, None)


def _districts_of(connection: Connection, rows: Sequence[CommuneRow], by: Actor) -> Mapping[str, str]:
    """The codes of the districts of a file. Raises WrongInput for one that the office lacks, Refused for another's."""
    known = codes_by_name(district_names(connection))
    for row in rows:
        code = known.get(fold(row.district))
        if code is None:
            raise WrongInput(f"row {row.row}", "communes_unknown_district", row=row.row, value=row.district)
        require_editor(by, code)
    return known


def districts_of_file(rows: Sequence[CommuneRow]) -> list[dict[str, str]]:
    """The districts of an office that starts with its own list: those that it names.

    Districts of Hai Phong keep their codes; a list that names no others starts with all of them.
    """
    named = {fold(row.district): row.district for row in rows}
    known = {fold(full): (code, full) for code, full in districts_by_code().items()}
    if named.keys() <= known.keys():
        return [district_row(code, full) for code, full in known.values()]
    own = {key: known.get(key, (f"H{place:02d}", full)) for place, (key, full) in enumerate(named.items(), 1)}
    return [district_row(code, full) for code, full in own.values()]


def district_row(code: str, full: str) -> dict[str, str]:
    """A row of the table of districts from the code and the full name."""
    kind, name = split_district(full)
    return {"code": code, "name": name, "kind": kind, "seat": ""}
