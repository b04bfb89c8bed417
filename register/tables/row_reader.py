"""Turns one row of a table into a unit with its findings."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from models.units import Grade, OperatingStatus, Sector, UnitKind
from register.cells.cell_dates import DateClues, date_clues, read_date
from register.cells.cell_money import money_clues, read_money
from register.cells.taken import Taken, fault_of
from register.cells.values import (
    read_certificate_number,
    read_count,
    read_phone,
    read_tax_code,
    read_text,
    read_yes_no,
)
from register.cells.vocabulary import is_generic, kind_in_name, read_word, sector_in_name
from register.findings import Finding, Severity
from register.places import district_name, is_known_district
from register.rows import DATE_FIELDS, MONEY_FIELDS, UnitRow
from register.tables.header import Column, Header
from register.workbook import Cell, Row, column_letter, text_of

LONGEST_TEXT = 2_000
LONGEST_NAME = 250
MOST_REMEMBERED = 1_000  # texts of a column
NOTHING: Mapping[str, object] = {}
WORDS: Mapping[str, Callable[[str], Any]] = {
    "kind": UnitKind,
    "sector": Sector,
    "grade": Grade,
    "status": OperatingStatus,
}
READERS: Mapping[str, Callable[[Cell], Taken[Any]]] = {
    "certificate_number": read_certificate_number,
    "tax_code": read_tax_code,
    "phone": read_phone,
    "reregistered": read_yes_no,
    "members": read_count,
    "labour": read_count,
}
MAY_BE_FAULTY = re.compile("[#=?\ufffd]|Err:")


@dataclass(frozen=True, slots=True)
class CellReader:
    """The parser of one column; `marked`: the value that a mark in the column means; `may_be_faulty`: some cell of the
    column looks like an error."""

    column: Column
    field: str
    marked: str
    read: Callable[[Cell], Taken[Any]]
    may_be_faulty: bool


def cell_readers(header: Header, rows: list[Row], *, mac: bool, today: date | None) -> tuple[CellReader, ...]:
    """Return the readers of the columns; those of dates and money use clues from the other cells of their column."""
    found = []
    for column in header.columns:
        name, _, marked = column.field.partition("=")
        if name != "ordinal":
            cells = [row[column.index] for row in rows]
            faulty = bool(MAY_BE_FAULTY.search("\n".join(cell for cell in cells if isinstance(cell, str))))
            read = read_yes_no if marked else _reader(name, column, cells, mac=mac, today=today)
            found.append(CellReader(column, name, marked, _remembering(read), faulty))
    return tuple(found)


def _remembering(read: Callable[[Cell], Taken[Any]]) -> Callable[[Cell], Taken[Any]]:
    """A parser that reads each text once: many cells of a column say the same."""
    known: dict[str, Taken[Any]] = {}

    def remembered(cell: Cell) -> Taken[Any]:
        if not isinstance(cell, str):
            return read(cell)
        taken = known.get(cell)
        if taken is None:
            taken = read(cell)
            if len(known) < MOST_REMEMBERED:
                known[cell] = taken
        return taken

    return remembered


def _reader(
    name: str, column: Column, cells: list[Cell], *, mac: bool, today: date | None
) -> Callable[..., Taken[Any]]:
    if name in DATE_FIELDS:
        return partial(read_date, clues=_date_clues(cells, mac=mac, today=today))
    if name in MONEY_FIELDS:
        return partial(read_money, dong=column.dong, clues=money_clues(cells, column.dong))
    if name in WORDS:
        return partial(_read_listed, name)
    return READERS.get(name, _read_text)


def _date_clues(cells: list[Cell], *, mac: bool, today: date | None) -> DateClues:
    return date_clues(cells, mac=mac, today=today)


def _read_listed(name: str, cell: Cell) -> Taken[Any]:
    taken = read_word(name, text_of(cell))
    return Taken(WORDS[name](taken.value), taken.doubt) if taken.value is not None else Taken(None, taken.doubt)


def _read_text(cell: Cell) -> Taken[str]:
    taken = read_text(cell)
    if taken.value is not None and len(taken.value) > LONGEST_TEXT:
        return Taken(taken.value[:LONGEST_TEXT], "text_cut")
    return taken


@dataclass(frozen=True, slots=True)
class Around:
    """The context of a row: its sheet, and the values of titles and headings."""

    sheet: str
    header: Header
    district: str = ""
    commune: str = ""
    sector: str = ""


@dataclass(slots=True)
class RowReader:
    """Reads one row; `at` counts from 0."""

    around: Around
    at: int
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def unit(
        self, cells: list[tuple[CellReader, Cell]], dittos: Iterable[tuple[CellReader, Cell, Taken[Cell]]] = ()
    ) -> UnitRow:
        """The unit that the filled cells of the row make; `dittos` say "as above", each with what is there."""
        for reader, written, above in dittos:
            self._doubt(reader, written, above.doubt, "" if above.value is None else text_of(above.value)[:200])
        for reader, cell in cells:
            self._take(reader, cell)
        self._place()
        self._derive()
        self._check()
        values = {name: value for name, value in self.values.items() if value not in ("", None)}
        named = {"name": "", "district": "", **values}
        return UnitRow(
            **named, sheet=self.around.sheet, row=self.at + 1, findings=tuple(self.findings), stated=frozenset(values)
        )

    def _take(self, reader: CellReader, cell: Cell) -> None:
        if reader.may_be_faulty and isinstance(cell, str) and (fault := fault_of(text_of(cell))):
            self._doubt_fault(reader, cell, fault)
            return
        taken = reader.read(cell)
        if taken.doubt:
            self._doubt(reader, cell, taken.doubt, taken.value)
        if reader.marked:
            self._take_mark(reader, cell, marked=bool(taken.value))
        elif taken.value is not None:
            self.values[reader.field] = taken.value

    def _doubt_fault(self, reader: CellReader, cell: Cell, fault: str) -> None:
        if reader.field == "name":
            shown = text_of(cell)[:200]
            self._find(Severity.REJECTED, fault, column_letter(reader.column.index), shown, {"field": "name"})
        else:
            self._doubt(reader, cell, fault, None)

    def _take_mark(self, reader: CellReader, cell: Cell, *, marked: bool) -> None:
        if not marked:
            return
        name = reader.field
        value = reader.marked != "no" if name == "reregistered" else WORDS[name](reader.marked)
        if self.values.get(name) not in (None, value):
            self._doubt(reader, cell, "two_marks", self.values[name])
        else:
            self.values[name] = value

    def _doubt(self, reader: CellReader, cell: Cell, code: str, taken: object) -> None:
        params = {"field": reader.field, "taken": _shown(taken)}
        self._find(Severity.DOUBTFUL, code, column_letter(reader.column.index), text_of(cell)[:200], params)

    def _find(
        self, severity: Severity, code: str, letter: str, value: str = "", params: Mapping[str, object] = NOTHING
    ) -> None:
        found = Finding(self.around.sheet, self.at + 1, letter, value, severity, code, dict(params))
        self.findings.append(found)

    def _place(self) -> None:
        given = self.values.get("district") or self.around.district
        self.values["district"] = district_name(given) if given else ""
        if not self.values.get("commune"):
            self.values["commune"] = self.around.commune

    def _derive(self) -> None:
        name = self.values.get("name") or ""
        if self.values.get("kind") is None and (kind := kind_in_name(name)):
            self.values["kind"] = UnitKind(kind)
        if self.values.get("sector") is None:
            self._derive_sector(name)
        if self.values.get("status") is None and self.values.get("stopped_on"):
            self.values["status"] = OperatingStatus.STOPPED
        if self.values.get("status") is OperatingStatus.OPERATING and self.values.get("reregistered") is False:
            self.values["status"] = OperatingStatus.OPERATING_NOT_CONFORMING

    def _derive_sector(self, name: str) -> None:
        if self.values.get("kind") is UnitKind.CREDIT_FUND:
            self.values["sector"] = Sector.CREDIT
        elif sector := sector_in_name(name) or self.around.sector:
            self.values["sector"] = Sector(sector)

    def _check(self) -> None:
        name, district = self.values.get("name") or "", self.values["district"]
        faulty = any(finding.severity is Severity.REJECTED for finding in self.findings)
        if not faulty and (not name or not re.search(r"[^\W\d_]", name)):
            self._find(Severity.REJECTED, "missing_name", self._letter("name"), name)
        elif name and is_generic(name):
            self._find(Severity.DOUBTFUL, "name_generic", self._letter("name"), name)
        if len(name) > LONGEST_NAME:
            self._find(Severity.REJECTED, "name_too_long", self._letter("name"), name[:60], {"longest": LONGEST_NAME})
        if not district:
            self._find(Severity.REJECTED, "missing_district", self._letter("district"))
        elif not is_known_district(district):
            self._find(Severity.DOUBTFUL, "district_not_listed", self._letter("district"), district)
        self._check_order()

    def _check_order(self) -> None:
        founded = self.values.get("founded_on")
        if not founded:
            return
        for later in ("stopped_on", "last_meeting_on"):
            day = self.values.get(later)
            if day and day < founded:
                self._find(
                    Severity.DOUBTFUL, "date_before_founding", self._letter(later), _shown(day), {"field": later}
                )

    def _letter(self, name: str) -> str:
        index = self.around.header.index_of(name)
        return "" if index is None else column_letter(index)


def _shown(value: object) -> str:
    if isinstance(value, date):
        return text_of(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", ".")
    return "" if value is None else str(value)
