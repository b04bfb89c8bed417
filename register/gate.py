"""Compares the rows of a register file with the known units and plans the import."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeVar

from models.folding import fold
from models.short_forms import plain_name
from register.collector import paused_collector
from register.findings import Finding, Severity
from register.names import UnitIndex, UnitKey, certificate_key, core, likely_same, place_key, same_letters
from register.rows import UNIT_FIELDS, ExistingUnit, UnitRow, UnitValues
from register.tables.skips import Skipped

U = TypeVar("U", bound=UnitValues)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with another value in the file."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """A unit that the file changes, with the changed fields."""

    row: UnitRow
    unit: ExistingUnit
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Same:
    """A row without changes to its unit."""

    row: UnitRow
    unit: ExistingUnit


class Decision(StrEnum):
    """A person's decision on a doubtful row: another unit, or the same unit as the suggested one."""

    ANOTHER = "another"
    SAME = "same"


# The decisions possible for a doubtful row, by the code of its finding.
DECISIONS: Mapping[str, tuple[Decision, ...]] = {
    "likely_existing": (Decision.ANOTHER, Decision.SAME),
    "likely_twice": (Decision.ANOTHER,),
    "same_certificate_other_name": (Decision.SAME,),
}
UNDECIDED: Mapping[tuple[str, int], Decision] = {}
PARTS = ("new", "changed", "unchanged", "doubtful", "rejected", "elsewhere", "skipped")


@dataclass(frozen=True, slots=True)
class Plan:
    """The planned import of a file.

    `new`, `changed` and `unchanged` rows can be imported; doubts about single values are in their findings.
    `doubtful` rows need a decision: they are probably a known unit or repeat another row of the file.
    `rejected` rows cannot be imported; `elsewhere`: units of other offices; `skipped`: lines that are no units.
    `findings`: all findings, those of whole sheets included. `decided`: rows settled by a decision.
    """

    new: tuple[UnitRow, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: tuple[Same, ...] = ()
    rejected: tuple[UnitRow, ...] = ()
    doubtful: tuple[UnitRow, ...] = ()
    elsewhere: tuple[UnitRow, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    findings: tuple[Finding, ...] = ()
    decided: frozenset[tuple[str, int]] = frozenset()

    @property
    def changes_nothing(self) -> bool:
        return not (self.new or self.changed)

    def counts(self) -> dict[str, int]:
        """Return the number of lines by result; `read`: their sum, all filled lines of the sheets read."""
        found = {part: len(getattr(self, part)) for part in PARTS}
        return {"read": sum(found.values()), **found}

    def by_sheet(self) -> dict[str, dict[str, int]]:
        """Return the same by sheet."""
        found: dict[str, dict[str, int]] = {}
        for part in PARTS:
            for line in getattr(self, part):
                row = line.row if isinstance(line, Change | Same) else line
                counts = found.setdefault(row.sheet, {"read": 0, **dict.fromkeys(PARTS, 0)})
                counts[part] += 1
                counts["read"] += 1
        return found


@paused_collector()
def compare(
    rows: Iterable[UnitRow],
    existing: Iterable[ExistingUnit],
    findings: Iterable[Finding] = (),
    *,
    skipped: Iterable[Skipped] = (),
    decisions: Mapping[tuple[str, int], Decision] = UNDECIDED,
) -> Plan:
    """Compare rows with known units and return the plan. A blank cell never removes a known value.

    Args:
        findings: those that belong to no row.
        skipped: the lines that are no units.
        decisions: a person's decisions on doubtful rows, by sheet and row number.
    """
    gate = _Gate(decisions)
    for unit in existing:
        gate.known.add(unit)
    for row in rows:
        gate.place(row)
    every = [*findings]
    placed = [change.row for change in gate.changed] + [same.row for same in gate.unchanged]
    for row in (*gate.new, *placed, *gate.rejected, *gate.doubtful, *gate.elsewhere):
        every += row.findings
    return Plan(
        elsewhere=tuple(gate.elsewhere),
        skipped=tuple(skipped),
        decided=frozenset(gate.decided),
        new=tuple(gate.new),
        changed=tuple(gate.changed),
        unchanged=tuple(gate.unchanged),
        rejected=tuple(gate.rejected),
        doubtful=tuple(gate.doubtful),
        findings=tuple(every),
    )


def certificate_identity(unit: UnitValues) -> tuple[str, str] | None:
    """Return the first identity: certificate number and district; None without a number."""
    number = certificate_key(unit.certificate_number)
    return (fold(unit.district), number) if number else None


def name_identity(unit: UnitValues) -> tuple[str, str]:
    """Return the second identity: plain name and district."""
    return fold(unit.district), plain_name(unit.name)


@dataclass
class _Known(Generic[U]):
    """Units by their identities, and an index for similar ones."""

    by_certificate: dict[tuple[str, str], U] = field(default_factory=dict)
    by_name: dict[tuple[str, str], list[U]] = field(default_factory=lambda: defaultdict(list))
    index: UnitIndex = field(default_factory=UnitIndex)
    units: list[U] = field(default_factory=list)

    def add(self, unit: U) -> None:
        if identity := certificate_identity(unit):
            self.by_certificate.setdefault(identity, unit)
        self.by_name[name_identity(unit)].append(unit)
        self.index.add(_key(len(self.units), unit))
        self.units.append(unit)

    def find(self, row: UnitRow) -> tuple[U | None, U | None]:
        """Return the unit with the row's certificate number, and the unit with its name."""
        identity = certificate_identity(row)
        named = [unit for unit in self.by_name.get(name_identity(row), ()) if _may_be_one(row, unit)]
        return self.by_certificate.get(identity) if identity else None, _nearest(row, named)

    def likely(self, row: UnitRow) -> tuple[U, str] | None:
        matches = likely_same(_key(-1, row), self.index)
        return (self.units[int(str(matches[0].unit.key))], matches[0].reason) if matches else None


def _key(key: int, unit: UnitValues) -> UnitKey:
    return UnitKey(key, unit.name, unit.district, unit.commune, unit.certificate_number, unit.tax_code)


def _may_be_one(row: UnitValues, unit: UnitValues) -> bool:
    """Whether two units of one district with one name can be the same: commune and diacritics must not differ."""
    apart = row.commune and unit.commune and place_key(row.commune) != place_key(unit.commune)
    return not apart and same_letters(row.name, unit.name)


def _nearest(row: UnitRow, units: list[U]) -> U | None:
    """Of several units with the name: the one with the row's certificate number, else the one of its commune."""
    number, commune = certificate_key(row.certificate_number), place_key(row.commune)
    return max(
        units,
        key=lambda unit: (certificate_key(unit.certificate_number) == number, place_key(unit.commune) == commune),
        default=None,
    )


@dataclass
class _Gate:
    decisions: Mapping[tuple[str, int], Decision] = field(default_factory=dict)
    known: _Known[ExistingUnit] = field(default_factory=_Known)
    read: _Known[UnitRow] = field(default_factory=_Known)
    taken: dict[int | str, UnitRow] = field(default_factory=dict)
    decided: set[tuple[str, int]] = field(default_factory=set)
    new: list[UnitRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Same] = field(default_factory=list)
    rejected: list[UnitRow] = field(default_factory=list)
    doubtful: list[UnitRow] = field(default_factory=list)
    elsewhere: list[UnitRow] = field(default_factory=list)

    def place(self, row: UnitRow) -> None:
        if row.is_elsewhere or row.is_rejected:
            (self.elsewhere if row.is_elsewhere else self.rejected).append(row)
            return
        by_certificate, by_name = self.known.find(row)
        unit = by_certificate or by_name
        if unit is None:
            self._place_unknown(row)
        elif by_certificate and not _names_agree(row, by_certificate):
            if not self._is_decided(row, "same_certificate_other_name", Decision.SAME):
                self._wait(row, "same_certificate_other_name", **_named(by_certificate))
            else:
                self._place_known(row, by_certificate)
        elif by_certificate and by_name and by_certificate is not by_name:
            self._wait(row, "two_units_fit", **_named(by_name))
        else:
            self._place_known(row, unit)
        self.read.add(row)

    def _wait(self, row: UnitRow, code: str, **params: object) -> None:
        self.doubtful.append(_with(row, Severity.DOUBTFUL, code, **params))

    def _is_decided(self, row: UnitRow, code: str, decision: Decision) -> bool:
        settled = decision in DECISIONS[code] and self.decisions.get(row.place) is decision
        if settled:
            self.decided.add(row.place)
        return settled

    def _place_known(self, row: UnitRow, unit: ExistingUnit) -> None:
        if unit.unit_id in self.taken:
            self.rejected.append(_with(row, Severity.REJECTED, "same_unit_twice", **_at(self.taken[unit.unit_id])))
            return
        self.taken[unit.unit_id] = row
        changes = differences(row, unit)
        if changes:
            self.changed.append(Change(row, unit, changes))
        else:
            self.unchanged.append(Same(row, unit))

    def _place_unknown(self, row: UnitRow) -> None:
        by_certificate, by_name = self.read.find(row)
        twin = by_name or (by_certificate if by_certificate and _names_agree(row, by_certificate) else None)
        if twin:
            self.rejected.append(_with(row, Severity.REJECTED, "same_unit_twice", **_at(twin)))
        elif not self._is_like_known(row) and not self._is_like_read(row):
            self.new.append(row)

    def _is_like_known(self, row: UnitRow) -> bool:
        there = self.known.likely(row)
        if there is None or self._is_decided(row, "likely_existing", Decision.ANOTHER):
            return False
        if self._is_decided(row, "likely_existing", Decision.SAME):
            self._place_known(row, there[0])
        else:
            self._wait(row, "likely_existing", **_named(there[0]), reason=there[1])
        return True

    def _is_like_read(self, row: UnitRow) -> bool:
        beside = self.read.likely(row)
        if beside is None or self._is_decided(row, "likely_twice", Decision.ANOTHER):
            return False
        self._wait(row, "likely_twice", **_at(beside[0]), reason=beside[1])
        return True


def _names_agree(row: UnitValues, unit: UnitValues) -> bool:
    """Whether the names share a word; if not, a certificate number in the wrong row is likelier than a new name."""
    if plain_name(row.name) == plain_name(unit.name):
        return True
    return bool(set(core(row.name)) & set(core(unit.name)))


def _with(row: UnitRow, severity: Severity, code: str, **params: object) -> UnitRow:
    found = Finding(row.sheet, row.row, "", row.name, severity, code, params)
    return replace(row, findings=(*row.findings, found))


def _named(unit: ExistingUnit) -> dict[str, object]:
    return {"other": unit.name, "unit_id": unit.unit_id, "certificate": unit.certificate_number}


def _at(row: UnitRow) -> dict[str, object]:
    return {"other": row.name, "other_sheet": row.sheet, "other_row": row.row}


GUESSED = frozenset(("kind", "sector"))
KEYS: Mapping[str, Callable[[str], str]] = {
    "name": plain_name,
    "district": fold,
    "commune": place_key,
    "certificate_number": certificate_key,
    "phone": lambda text: "".join(filter(str.isalnum, text)),
    "tax_code": lambda text: "".join(filter(str.isalnum, text)),
}


def differences(row: UnitRow, unit: ExistingUnit) -> tuple[FieldChange, ...]:
    """Return the fields in which the row differs from the unit; another spelling of the same name does not count."""
    found = []
    for name in UNIT_FIELDS:
        after, before = getattr(row, name), getattr(unit, name)
        if after in ("", None) or (name in GUESSED and name not in row.stated):
            continue
        if _comparable(name, after) != _comparable(name, before):
            found.append(FieldChange(name, before, after))
    return tuple(found)


def _comparable(name: str, value: object) -> object:
    return KEYS[name](value) if name in KEYS and isinstance(value, str) else value
