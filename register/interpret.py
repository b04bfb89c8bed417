"""A workbook read as rows of units, with everything that was wrong or doubtful on the way."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.errors import WrongInput
from models.units import Grade, OperatingStatus, Sector, UnitKind
from register.cells.cell_dates import read_date
from register.cells.cell_money import read_money
from register.cells.taken import Taken
from register.findings import Finding, Severity
from register.header import Column, Header, find_header
from register.lines import Heading, heading_of, is_numbering, is_signature, is_total
from register.places import district_name, is_known_district
from register.rows import UnitRow
from register.values import (
    read_certificate_number,
    read_count,
    read_phone,
    read_tax_code,
    read_text,
    read_yes_no,
)
from register.vocabulary import kind_in_name, read_word, sector_in_name
from register.workbook import Cell, Row, Sheet, Workbook, column_letter, text_of

LONGEST_TEXT = 2_000
LONGEST_NAME = 250
NOTHING: Mapping[str, object] = {}
FILLED_DOWN = frozenset(("district", "commune", "certificate_issuer", "sector", "kind", "grade", "status", "address"))
WORDS: Mapping[str, Callable[[str], Any]] = {
    "kind": UnitKind,
    "sector": Sector,
    "grade": Grade,
    "status": OperatingStatus,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The rows of all sheets, rejected ones included, and all findings, those of the rows included."""

    rows: tuple[UnitRow, ...]
    findings: tuple[Finding, ...]

    @property
    def of_sheets(self) -> tuple[Finding, ...]:
        """The findings that belong to no row of a unit."""
        in_rows = {id(finding) for row in self.rows for finding in row.findings}
        return tuple(finding for finding in self.findings if id(finding) not in in_rows)


def interpret(workbook: Workbook) -> Reading:
    """
    Raises:
        WrongInput: field `file`; no sheet has a header that names units.
    """
    rows: list[UnitRow] = []
    findings: list[Finding] = []
    headers = [(sheet, find_header(sheet)) for sheet in workbook.sheets if sheet.rows]
    if not any(header for _, header in headers):
        raise WrongInput("file", "register_no_header", name=workbook.name)
    for sheet, header in headers:
        findings += _of_sheet(sheet, header)
        if header:
            rows += SheetReader(sheet, header).rows()
    findings += [finding for row in rows for finding in row.findings]
    return Reading(tuple(rows), tuple(findings))


def _of_sheet(sheet: Sheet, header: Header | None) -> Iterator[Finding]:
    def doubt(code: str, row: int = 0, value: str = "") -> Finding:
        return Finding(sheet.name, row, "", value, Severity.DOUBTFUL, code)

    if sheet.mixed:
        yield doubt("encoding_mixed")
    if header is None:
        yield doubt("sheet_without_header")
    elif header.unknown:
        yield doubt("unknown_columns", header.last_row + 1, ", ".join(header.unknown))


@dataclass
class SheetReader:
    """Walks down one sheet and remembers the headings it passes."""

    sheet: Sheet
    header: Header
    under: Heading = field(default_factory=Heading)
    fill: dict[tuple[int, int], Cell] = field(default_factory=dict)
    continued: frozenset[int] = frozenset()

    def rows(self) -> Iterator[UnitRow]:
        self._spread_merged()
        first = self.header.last_row + 1
        for at in range(first, len(self.sheet.rows)):
            row = self.sheet.rows[at]
            if any(row) and not self._is_passed_over(at, row, first):
                yield RowReader(self, at, row).unit()

    def _spread_merged(self) -> None:
        """A cell merged downwards holds for each row; a name merged downwards is one unit on several lines."""
        fields = {column.index: column.field for column in self.header.columns}
        continued: set[int] = set()
        for span in self.sheet.merged:
            name = fields.get(span.left)
            if span.top <= self.header.last_row or span.bottom == span.top or not name:
                continue
            if name == "name":
                continued.update(range(span.top + 1, span.bottom + 1))
            elif name in FILLED_DOWN:
                value = self.sheet.rows[span.top][span.left]
                self.fill.update(((row, span.left), value) for row in range(span.top + 1, span.bottom + 1))
        self.continued = frozenset(continued)

    def _is_passed_over(self, at: int, row: Row, first: int) -> bool:
        if at in self.continued or (at <= first + 1 and is_numbering(row)):
            return True
        if self._is_header_again(row) or is_total(row, self.header) or is_signature(row, self.header):
            return True
        if not any(isinstance(row[column.index], str) and row[column.index] for column in self.header.columns):
            return True
        heading = heading_of(row, self.header)
        if heading is None:
            return False
        self._enter(heading)
        return True

    def _is_header_again(self, row: Row) -> bool:
        """The header is printed again on each page of some files."""
        top = self.sheet.rows[self.header.first_row]
        return sum(1 for a, b in zip(row, top, strict=False) if a and a == b) >= 3

    def _enter(self, heading: Heading) -> None:
        if heading.district:
            self.under = Heading(district=heading.district)
        elif heading.commune:
            self.under = Heading(self.under.district, heading.commune, self.under.sector)
        else:
            self.under = Heading(self.under.district, self.under.commune, heading.sector)


@dataclass
class RowReader:
    """One row on its way to a unit."""

    reader: SheetReader
    at: int
    cells: Row
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def unit(self) -> UnitRow:
        for column in self.reader.header.columns:
            cell = self._cell(column)
            if cell != "" and column.field != "ordinal":
                self._take(column, cell)
        self._place()
        self._derive()
        self._check()
        stated = frozenset(name for name, value in self.values.items() if value not in ("", None))
        values = {name: value for name, value in self.values.items() if name in stated}
        named = {"name": "", "district": "", **values}
        sheet = self.reader.sheet.name
        return UnitRow(**named, sheet=sheet, row=self.at + 1, findings=tuple(self.findings), stated=stated)

    def _cell(self, column: Column) -> Cell:
        cell = self.cells[column.index] if column.index < len(self.cells) else ""
        return self.reader.fill.get((self.at, column.index), "") if cell == "" else cell

    def _take(self, column: Column, cell: Cell) -> None:
        name, _, marked = column.field.partition("=")
        if marked:
            self._take_mark(column, name, marked, cell)
            return
        taken = _read(name, cell, column)
        if taken.doubt:
            self._doubt(column, cell, taken.doubt, taken.value)
        if taken.value is not None:
            self.values[name] = WORDS[name](taken.value) if name in WORDS else taken.value

    def _take_mark(self, column: Column, name: str, marked: str, cell: Cell) -> None:
        if not read_yes_no(cell).value:
            return
        value = marked != "no" if name == "reregistered" else WORDS[name](marked)
        if self.values.get(name) not in (None, value):
            self._doubt(column, cell, "two_marks", self.values[name])
        else:
            self.values[name] = value

    def _doubt(self, column: Column, cell: Cell, code: str, taken: object) -> None:
        shown = text_of(cell)[:200]
        params = {"field": column.field.partition("=")[0], "taken": _shown(taken)}
        self._find(Severity.DOUBTFUL, code, column_letter(column.index), shown, params)

    def _find(
        self, severity: Severity, code: str, letter: str, value: str = "", params: Mapping[str, object] = NOTHING
    ) -> None:
        sheet = self.reader.sheet.name
        self.findings.append(Finding(sheet, self.at + 1, letter, value, severity, code, dict(params)))

    def _place(self) -> None:
        under = self.reader.under
        given = self.values.get("district") or under.district or self.reader.header.district
        self.values["district"] = district_name(given) if given else ""
        self.values.setdefault("commune", under.commune)

    def _derive(self) -> None:
        name = self.values.get("name") or ""
        if "kind" not in self.values and (kind := kind_in_name(name)):
            self.values["kind"] = UnitKind(kind)
        if "sector" not in self.values:
            self._derive_sector(name)
        if self.values.get("status") is None and self.values.get("stopped_on"):
            self.values["status"] = OperatingStatus.STOPPED
        if self.values.get("status") is OperatingStatus.OPERATING and self.values.get("reregistered") is False:
            self.values["status"] = OperatingStatus.OPERATING_NOT_CONFORMING

    def _derive_sector(self, name: str) -> None:
        if self.values.get("kind") is UnitKind.CREDIT_FUND:
            self.values["sector"] = Sector.CREDIT
        elif sector := sector_in_name(name) or self.reader.under.sector:
            self.values["sector"] = Sector(sector)

    def _check(self) -> None:
        name, district = self.values.get("name") or "", self.values["district"]
        if not name or not re.search(r"[^\W\d_]", name):
            self._find(Severity.REJECTED, "missing_name", self._letter("name"), name)
        if len(name) > LONGEST_NAME:
            self._find(Severity.REJECTED, "name_too_long", self._letter("name"), name[:60], {"longest": LONGEST_NAME})
        if not district:
            self._find(Severity.REJECTED, "missing_district", self._letter("district"))
        elif not is_known_district(district):
            self._find(Severity.DOUBTFUL, "district_not_listed", self._letter("district"), district)
        self._check_order()

    def _check_order(self) -> None:
        founded = self.values.get("founded_on")
        for later in ("stopped_on", "last_meeting_on"):
            day = self.values.get(later)
            if founded and day and day < founded:
                self._find(
                    Severity.DOUBTFUL, "date_before_founding", self._letter(later), _shown(day), {"field": later}
                )

    def _letter(self, name: str) -> str:
        index = self.reader.header.index_of(name)
        return "" if index is None else column_letter(index)


def _read(name: str, cell: Cell, column: Column) -> Taken[Any]:
    if name in WORDS:
        return read_word(name, text_of(cell))
    if reader := READERS.get(name):
        return reader(cell)
    if name in ("charter_capital", "turnover", "tax_debt"):
        return read_money(cell, column.dong)
    taken = read_text(cell)
    cut = len(taken.value or "") > LONGEST_TEXT
    return Taken((taken.value or "")[:LONGEST_TEXT], "text_cut") if cut else taken


READERS: Mapping[str, Callable[[Cell], Taken[Any]]] = {
    "certificate_number": read_certificate_number,
    "tax_code": read_tax_code,
    "phone": read_phone,
    "reregistered": read_yes_no,
    "members": read_count,
    "labour": read_count,
    "certificate_on": read_date,
    "founded_on": read_date,
    "last_meeting_on": read_date,
    "stopped_on": read_date,
}


def _shown(value: object) -> str:
    if isinstance(value, date):
        return text_of(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", ".")
    return "" if value is None else str(value)
