"""One unit of the register, with its place in the file."""

from dataclasses import dataclass, fields
from datetime import date

from models.units import Grade, OperatingStatus, Sector, UnitKind
from register.findings import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitValues:
    """The values of a unit in a register; None or "" means not stated. Money in whole đồng."""

    name: str
    district: str
    kind: UnitKind = UnitKind.COOPERATIVE
    sector: Sector = Sector.OTHER
    address: str = ""
    commune: str = ""
    certificate_number: str = ""
    certificate_on: date | None = None
    certificate_issuer: str = ""
    tax_code: str = ""
    representative: str = ""
    phone: str = ""
    founded_on: date | None = None
    members: int | None = None
    labour: int | None = None
    charter_capital: int | None = None
    turnover: int | None = None
    tax_debt: int | None = None
    last_meeting_on: date | None = None
    stopped_on: date | None = None
    reregistered: bool | None = None
    grade: Grade | None = None
    status: OperatingStatus | None = None
    notes: str = ""


UNIT_FIELDS = tuple(each.name for each in fields(UnitValues))
DATE_FIELDS = frozenset(("certificate_on", "founded_on", "last_meeting_on", "stopped_on"))
MONEY_FIELDS = frozenset(("charter_capital", "turnover", "tax_debt"))
COUNT_FIELDS = frozenset(("members", "labour"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow(UnitValues):
    """A unit with its row (counted from 1) and the findings there."""

    sheet: str = ""
    row: int = 0
    findings: tuple[Finding, ...] = ()
    stated: frozenset[str] = frozenset()

    @property
    def is_rejected(self) -> bool:
        return any(finding.severity is Severity.REJECTED for finding in self.findings)

    @property
    def is_elsewhere(self) -> bool:
        return any(finding.severity is Severity.ELSEWHERE for finding in self.findings)

    @property
    def place(self) -> tuple[str, int]:
        """The place in the file: sheet name and row number."""
        return self.sheet, self.row


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingUnit(UnitValues):
    """A unit that is already in the register; `unit_id`: an id chosen by the caller."""

    unit_id: int | str
