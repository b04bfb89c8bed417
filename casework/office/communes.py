"""The office's list of communes: read, corrected and confirmed by the office, journaled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from casework.office.data_rights import clean_line, require_editor
from casework.office.office_journal import note
from casework.office.people import Actor
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.folding import fold
from models.places import CommuneKind, CommuneName
from models.tables import communes, districts, units
from register.communes import CommuneIndex, ListedCommune, named_in_full, stated_kind
from templates.alphabet import alphabetical
from templates.words import both

ACTS = ("commune_added", "commune_changed", "commune_removed", "communes_confirmed", "communes_loaded", "unit_commune")


@dataclass(frozen=True, slots=True)
class CommuneEntry:
    """A commune as it is typed: its proper name without type, its type's code, the names of older papers."""

    district: str
    name: str
    kind: str
    former: Sequence[str] = ()


class CommuneBook:
    """The office's communes, read once: which one a unit's text or code means.

    `district`: only its communes are read, for units of that district; a code of another one is looked up.
    """

    def __init__(self, connection: Connection, district: str | None = None) -> None:
        self._connection, self._whole = connection, district is None
        listed = select(communes) if district is None else select(communes).where(communes.c.district_code == district)
        self.index = CommuneIndex(map(_listed, connection.execute(listed).mappings()))

    def of(self, district: str, text: str, code: str | None) -> CommuneName | None:
        """The commune of a unit with its type. None: it is not known which one is meant.

        `code` is the one found or set for the unit; without it the text decides, when it can mean only one. A commune
        that the list lacks is named as the text has it when that says its type in full.
        """
        known = self.index.by_code.get(code or "") or self._elsewhere(code)
        return known.name if known else self._of_text(district, text)

    def of_case(self, district: str, text: str, code: str | None) -> CommuneName | None:
        """`of` for a case, whose unit is as it was on the opening day: that text has priority over the code."""
        found = self.index.find(district, text)
        return found.name if found else self.of(district, text, code)

    def _elsewhere(self, code: str | None) -> ListedCommune | None:
        """The commune of a district that was not read."""
        if self._whole or not code:
            return None
        row = self._connection.execute(select(communes).where(communes.c.code == code)).mappings().first()
        return _listed(row) if row else None

    def _of_text(self, district: str, text: str) -> CommuneName | None:
        listed = self.index.candidates(district, text)
        if listed:
            return listed[0].name if len(listed) == 1 else None
        return named_in_full(text)


def _listed(row: RowMapping) -> ListedCommune:
    name = CommuneName(CommuneKind(row["kind"]), row["name"])
    return ListedCommune(row["code"], row["district_code"], name, tuple(row["former"]))


def communes_of(connection: Connection, district: str | None) -> list[dict[str, Any]]:
    """The rows of a district's communes, or of all, in the order of the alphabet, each with its `full` name."""
    found = select(communes)
    if district is not None:
        found = found.where(communes.c.district_code == district)
    rows = [dict(row) for row in connection.execute(found).mappings()]
    named = [row | {"full": CommuneName(CommuneKind(row["kind"]), row["name"]).title} for row in rows]
    return sorted(named, key=lambda row: (row["district_code"], alphabetical(row["name"])))


def add(connection: Connection, entry: CommuneEntry, *, by: Actor, clock: Clock) -> str:
    """A commune that the list lacks; returns its code. Raises WrongInput, Refused."""
    require_editor(by, entry.district)
    code = insert(connection, entry, by=by.login, clock=clock)
    note(connection, "commune_added", code, by.login, clock, _said(entry))
    return code


def insert(connection: Connection, entry: CommuneEntry, *, by: str, clock: Clock) -> str:
    """`add` without the right and the journal's line, for a whole list. Raises WrongInput."""
    values = _checked(connection, entry, code=None)
    taken = connection.scalars(select(communes.c.code).where(communes.c.district_code == entry.district))
    places = [int(code[len(entry.district) :]) for code in taken if code[len(entry.district) :].isdecimal()]
    code = f"{entry.district}{max(places, default=0) + 1:02d}"
    connection.execute(communes.insert().values(values | _confirmed(by, clock) | {"code": code}))
    return code


def change(connection: Connection, code: str, entry: CommuneEntry, *, by: Actor, clock: Clock) -> None:
    """Another name, type or former names; what was changed counts as confirmed.

    Raises NotFound, WrongInput, Refused.
    """
    row = _seen(connection, code, by)
    require_editor(by, row["district_code"])
    values = _checked(connection, CommuneEntry(row["district_code"], entry.name, entry.kind, entry.former), code=code)
    connection.execute(update(communes).where(communes.c.code == code).values(values | _confirmed(by.login, clock)))
    before = {name: row[name] for name in ("name", "kind", "former") if row[name] != values[name]}
    note(
        connection,
        "commune_changed",
        code,
        by.login,
        clock,
        _said(entry) | {"before": before, "district": row["district_code"]},
    )


def confirm(connection: Connection, district: str, *, by: Actor, clock: Clock) -> int:
    """All communes of a district are as the office knows them; returns how many were only recalled before.

    Raises Refused.
    """
    require_editor(by, district)
    recalled = communes.c.district_code == district, communes.c.confidence == "recalled"
    count = connection.execute(update(communes).where(*recalled).values(_confirmed(by.login, clock))).rowcount
    note(connection, "communes_confirmed", district, by.login, clock, {"district": district, "count": count})
    return count


def remove(connection: Connection, code: str, *, by: Actor, clock: Clock) -> None:
    """A commune that does not exist. Raises NotFound, Refused, also while a unit lies in it."""
    row = _seen(connection, code, by)
    require_editor(by, row["district_code"])
    count = connection.scalar(select(func.count()).select_from(units).where(units.c.commune_code == code)) or 0
    if count:
        raise Refused("commune_in_use", count=count)
    connection.execute(delete(communes).where(communes.c.code == code))
    gone = {name: row[name] for name in ("name", "kind", "former")}
    note(connection, "commune_removed", code, by.login, clock, gone | {"district": row["district_code"]})


def _seen(connection: Connection, code: str, by: Actor) -> dict[str, Any]:
    """The row of a commune of the person's district, the city's people seeing all. Raises NotFound."""
    row = one(connection, code)
    if by.district not in (None, row["district_code"]):
        raise NotFound("no_such_commune", commune=code)
    return row


def one(connection: Connection, code: str) -> dict[str, Any]:
    """The row of a commune. Raises NotFound."""
    row = connection.execute(select(communes).where(communes.c.code == code)).mappings().first()
    if row is None:
        raise NotFound("no_such_commune", commune=code)
    return dict(row)


def _checked(connection: Connection, entry: CommuneEntry, code: str | None) -> dict[str, Any]:
    """The columns of an entry. Raises WrongInput at its fields, all of them."""
    gathered, name, former = InputErrors(), "", list[str]()
    with gathered:
        name = _proper_name("name", entry.name)
    with gathered:
        former = [_proper_name("former", text) for text in entry.former if text.strip()]
    with gathered:
        if entry.kind not in list(CommuneKind):
            raise WrongInput("kind", "missing_field", label=both("office_data.kind"))
    with gathered:
        if connection.scalar(select(districts.c.code).where(districts.c.code == entry.district)) is None:
            raise WrongInput("district", "missing_field", label=both("office_data.district"))
    gathered.raise_if_any()
    _require_new(connection, entry, name, code)
    return {"district_code": entry.district, "name": name, "kind": entry.kind, "former": former}


def _proper_name(field: str, text: str) -> str:
    """A name without its type, which has a field of its own."""
    line = clean_line(field, text, both(f"office_data.{field}"))
    if stated_kind(line)[0] is not None:
        raise WrongInput(field, "commune_name_with_type", value=line)
    return line


def _require_new(connection: Connection, entry: CommuneEntry, name: str, code: str | None) -> None:
    same = select(communes).where(communes.c.district_code == entry.district, communes.c.kind == entry.kind)
    for row in connection.execute(same).mappings():
        if row["code"] != code and fold(row["name"]) == fold(name):
            raise WrongInput("name", "commune_listed_already", value=name)


def _confirmed(by: str, clock: Clock) -> dict[str, Any]:
    return {"confidence": "confirmed", "changed_by": by, "changed_at": clock.now()}


def _said(entry: CommuneEntry) -> dict[str, Any]:
    return {"district": entry.district, "name": entry.name, "kind": entry.kind, "former": list(entry.former)}
