"""What an import would do: each row of the file against the units that are there already."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from register.findings import Finding, Severity
from register.names import UnitIndex, UnitKey, certificate_key, fold, likely_same, plain_name, same_letters
from register.rows import UNIT_FIELDS, ExistingUnit, UnitRow, UnitValues


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that the file gives another value."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """A unit that the file changes, and how."""

    row: UnitRow
    unit: ExistingUnit
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """A row that says what is there already."""

    row: UnitRow
    unit: ExistingUnit


@dataclass(frozen=True, slots=True)
class Plan:
    """`new`, `changed` and `unchanged` can go in as they are, doubts about single values beside them in their findings.

    `doubtful` rows wait for a person: they are likely a unit that is there, or another row of the file.
    `rejected` rows cannot go in. `findings` holds all of them, those of the whole sheet included.
    """

    new: tuple[UnitRow, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: tuple[Same, ...] = ()
    rejected: tuple[UnitRow, ...] = ()
    doubtful: tuple[UnitRow, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed)


def compare(rows: Iterable[UnitRow], existing: Iterable[ExistingUnit], findings: Iterable[Finding] = ()) -> Plan:
    """A blank cell is no statement: it never takes away what is known. `findings`: those that belong to no row."""
    return _Gate(existing).plan(rows, findings)


def certificate_identity(unit: UnitValues) -> tuple[str, str] | None:
    """Certificate number with district, the first identity; nothing when the number is not known."""
    number = certificate_key(unit.certificate_number)
    return (fold(unit.district), number) if number else None


def name_identity(unit: UnitValues) -> tuple[str, str]:
    """Plain name with district, the second identity."""
    return fold(unit.district), plain_name(unit.name)


class _Gate:
    def __init__(self, existing: Iterable[ExistingUnit]) -> None:
        self.units = list(existing)
        self.by_certificate: dict[tuple[str, str], ExistingUnit] = {}
        self.by_name: dict[tuple[str, str], list[ExistingUnit]] = defaultdict(list)
        for unit in self.units:
            if identity := certificate_identity(unit):
                self.by_certificate[identity] = unit
            self.by_name[name_identity(unit)].append(unit)
        self.index = UnitIndex.of(_key(("unit", unit.unit_id), unit) for unit in self.units)
        self.known = {unit.unit_id: unit for unit in self.units}
        self.taken: dict[int | str, UnitRow] = {}
        self.placed: dict[tuple[str, int], UnitRow] = {}
        self.result: dict[str, list[object]] = defaultdict(list)

    def plan(self, rows: Iterable[UnitRow], findings: Iterable[Finding]) -> Plan:
        for row in rows:
            self._place(row)
        found = {kind: tuple(members) for kind, members in self.result.items()}
        kept = {id(row): row for members in found.values() for member in members if (row := getattr(member, "row", member))}
        every = list(findings)
        for row in (getattr(member, "row", member) for members in found.values() for member in members):
            row = row if isinstance(row, UnitRow) else member_row(row, kept)
            every += row.findings
        return Plan(**found, findings=tuple(every))  # type: ignore[arg-type]
