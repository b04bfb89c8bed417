"""Reads the rows of one table: units, skipped lines with reasons, and headings that apply to the rows below."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from register.cells.vocabulary import is_generic, kind_in_name
from register.places import bare_district, district_in_title
from register.rows import UnitRow
from register.tables.dittos import Above, is_ditto
from register.tables.header import Header
from register.tables.lines import (
    Evidence,
    Heading,
    Places,
    evidence_of,
    heading_of,
    is_numbering,
    is_only_total,
    may_say_total,
    ordinal_of,
    says_signature,
    says_total,
)
from register.tables.row_reader import Around, CellReader, RowReader, cell_readers
from register.tables.skips import Reason, Skipped
from register.workbook import Cell, Row, Sheet, text_of

FILLED_DOWN = frozenset(("district", "commune", "certificate_issuer", "sector", "kind", "grade", "status", "address"))
MOST_SIGNATURE_TEXTS = 3


@dataclass
class TableWalk:
    """One table of a sheet: rows `header.last_row + 1` up to `end`, counted from 0."""

    sheet: Sheet
    header: Header
    end: int
    under: Heading
    today: date | None = None
    skipped: list[Skipped] = field(default_factory=list)
    district: str = ""
    last: int | None = None
    signed: bool = False
    open_heading: int | None = None
    above: Above = field(default_factory=Above)

    def units(self) -> Iterator[UnitRow]:
        """Yield the units of the table; afterwards `skipped` has the skipped lines and `under` is the last heading."""
        self._skip_above()
        first = self.header.last_row + 1
        for at in range(first, self.end):
            row = self.sheet.rows[at]
            if any(cell != "" for cell in row):
                seen = evidence_of(row, self.places)
                reason, doubtful = self._reason(at, row, seen)
                if reason:
                    self._skip(at, row, reason, doubtful=doubtful)
                else:
                    self._met_unit(seen)
                    yield self._unit(at, row)
        self._close_heading()

    @cached_property
    def places(self) -> Places:
        return Places.of(self.header)

    @cached_property
    def readers(self) -> tuple[CellReader, ...]:
        rows = list(self.sheet.rows[self.header.last_row + 1 : self.end])
        return cell_readers(self.header, rows, mac=self.sheet.mac, today=self.today)

    @cached_property
    def continued(self) -> frozenset[int]:
        """Rows whose name cell is merged with the one above: one unit on several lines."""
        spans = (
            span for span in self.sheet.merged if span.left == self.places.name and span.top > self.header.last_row
        )
        return frozenset(at for span in spans for at in range(span.top + 1, span.bottom + 1))

    @cached_property
    def fill(self) -> Mapping[tuple[int, int], Cell]:
        """The values of vertically merged cells for the rows below."""
        fields = {column.index: column.field for column in self.header.columns}
        return {
            (at, span.left): self.sheet.rows[span.top][span.left]
            for span in self.sheet.merged
            if span.top > self.header.last_row and fields.get(span.left) in FILLED_DOWN
            for at in range(span.top + 1, span.bottom + 1)
        }

    def _skip_above(self) -> None:
        for at in range(self.header.first_title, self.header.last_row + 1):
            row = self.sheet.rows[at]
            if any(cell != "" for cell in row):
                self._skip(at, row, Reason.TITLE if at < self.header.first_row else Reason.HEADER)

    def _skip(self, at: int, row: Row, reason: Reason, *, doubtful: bool = False) -> None:
        said = " · ".join(dict.fromkeys(text for cell in row if cell != "" and (text := text_of(cell))))
        self.skipped.append(Skipped(self.sheet.name, at + 1, said[:200], reason, doubtful))

    def _reason(self, at: int, row: Row, seen: Evidence) -> tuple[Reason | None, bool]:
        """Why the row is no unit (None for a unit), and whether that is in doubt."""
        if at in self.continued:
            return Reason.CONTINUED, False
        if at <= self.header.last_row + 2 and is_numbering(row):
            return Reason.NUMBERING, False
        if self._is_surely_unit(at, row, seen):
            return None, False
        return (
            self._total(row, seen)
            or self._signature(row, seen)
            or self._heading(at, row, seen)
            or self._part(at, seen)
            or (None, False)
        )

    def _part(self, at: int, seen: Evidence) -> tuple[Reason, bool] | None:
        """A line without ordinal in a table of numbered units that says no more than the end of the name above it, or
        how many units of a trade there are."""
        if seen.ordinal is not None or self.last is None or seen.details or not seen.name:
            return None
        if is_generic(seen.name) and kind_in_name(seen.name):
            return Reason.TOTAL, True
        ends_name = not seen.numbers and not kind_in_name(seen.name) and self._next_ordinal(at) == self.last + 1
        return (Reason.CONTINUED, True) if ends_name else None

    def _is_surely_unit(self, at: int, row: Row, seen: Evidence) -> bool:
        """A line with an Arabic ordinal and any value of a unit is a unit, whatever its name begins with."""
        if seen.ordinal is None or not seen.name or is_only_total(seen.name):
            return False
        if says_total(row, self.places.name) and seen.ordinal != (self.last or 0) + 1:
            return False  # the number of units in a total
        following = self._next_ordinal(at)
        if following == seen.ordinal + 1 or (seen.ordinal - 1 == self.last and seen.is_full and following is None):
            return True
        if not seen.is_full:
            return False
        numbered_heading = not seen.details and following in (1, -1) and heading_of(_without(row, self.places.ordinal))
        return not numbered_heading and (self.last is None or seen.ordinal in (1, self.last + 1) or seen.details > 0)

    def _next_ordinal(self, at: int) -> int | None:
        """The ordinal of the next filled row; -1 when it has none, None when no row follows."""
        column = self.places.ordinal
        for row in self.sheet.rows[at + 1 : self.end]:
            if column is not None and any(cell != "" for cell in row):
                found = ordinal_of(row[column])
                return -1 if found is None else found
        return None

    def _total(self, row: Row, seen: Evidence) -> tuple[Reason, bool] | None:
        if says_total(row, self.places.name):
            return Reason.TOTAL, seen.details > 0 and not is_only_total(seen.name)
        if not seen.details and may_say_total(row, self.places.name):
            return Reason.TOTAL, bool(seen.name)
        return None

    def _signature(self, row: Row, seen: Evidence) -> tuple[Reason, bool] | None:
        if seen.ordinal is not None or seen.numbers or kind_in_name(seen.name):
            return None
        if says_signature(row):
            self.signed = True
            return Reason.SIGNATURE, False
        texts = sum(1 for cell in row if isinstance(cell, str) and cell)
        if self.signed and texts <= MOST_SIGNATURE_TEXTS and not (seen.name and seen.details):
            return Reason.SIGNATURE, bool(seen.name)
        return None

    def _heading(self, at: int, row: Row, seen: Evidence) -> tuple[Reason, bool] | None:
        heading = heading_of(row) or self._loose_heading(at, seen)
        if heading is not None:
            self._enter(heading, counted=seen.numbers > 0)
            return Reason.HEADING, False
        return (Reason.NO_TEXT, False) if not seen.name and not self._has_words(row) and not seen.details else None

    def _loose_heading(self, at: int, seen: Evidence) -> Heading | None:
        """Whether a line names only a district, and the units below it are numbered from 1."""
        if seen.ordinal is not None or seen.details or self._next_ordinal(at) != 1:
            return None
        district = bare_district(seen.name) or district_in_title(seen.name)
        return Heading(district=district) if district else None

    def _has_words(self, row: Row) -> bool:
        return any(
            isinstance(row[column.index], str) and any(letter.isalpha() for letter in str(row[column.index]))
            for column in self.header.columns
            if column.field != "ordinal"
        )

    def _enter(self, heading: Heading, *, counted: bool) -> None:
        self.above.forget()
        if not (self.under.district and heading.commune):
            self._close_heading()
        self.open_heading = len(self.skipped) if counted else None
        if heading.district:
            self.under = Heading(district=heading.district)
        elif heading.commune:
            self.under = Heading(self.under.district, heading.commune, self.under.sector)
        else:
            self.under = Heading(self.under.district, self.under.commune, heading.sector)

    def _close_heading(self) -> None:
        """End the current heading; with numbers and no unit below it may itself be a unit."""
        if self.open_heading is not None:
            self.skipped[self.open_heading] = replace(self.skipped[self.open_heading], doubtful=True)
            self.open_heading = None

    def _met_unit(self, seen: Evidence) -> None:
        self.open_heading, self.signed = None, False
        if seen.ordinal is not None:
            self.last = seen.ordinal

    def _unit(self, at: int, row: Row) -> UnitRow:
        cells, dittos = [], []
        instead: dict[int, Cell] = {}
        for reader in self.readers:
            index = reader.column.index
            cell = row[index]
            if cell == "" and self.fill:
                cell = instead[index] = self.fill.get((at, index), "")
            if is_ditto(cell):
                taken = self.above.repeated(index, reader.field)
                dittos.append((reader, cell, taken))
                cell = instead[index] = "" if taken.value is None else taken.value
            if cell != "":
                cells.append((reader, cell))
        self.above.is_now(row, instead)
        district = self.under.district or self.header.district or self.district
        around = Around(self.sheet.name, self.header, district, self.under.commune, self.under.sector)
        return RowReader(around, at).unit(cells, dittos)


def _without(row: Row, column: int | None) -> Row:
    return tuple("" if at == column else cell for at, cell in enumerate(row))
