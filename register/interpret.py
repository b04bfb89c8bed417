"""Turns a workbook into rows of units, with all findings and skipped lines."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from models.errors import WrongInput
from register.cells.taken import fault_of
from register.collector import paused_collector
from register.findings import Finding, Severity
from register.our_sheets import is_ours
from register.rows import UnitRow
from register.tables.header import Header, find_headers, is_heading_word
from register.tables.lines import Heading
from register.tables.skips import Skipped
from register.tables.table_walk import TableWalk
from register.workbook import Sheet, Workbook, column_letter, text_of

NO_WORDS: Mapping[str, str] = {}
LOOKED_AT = 40  # rows of a sheet without header inspected for the reason


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a workbook: rows of all sheets (rejected ones included), all findings (those of rows
    included), and skipped lines. Every filled line of a sheet read is in `rows` or in `skipped`."""

    rows: tuple[UnitRow, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def of_sheets(self) -> tuple[Finding, ...]:
        """Return the findings that belong to no row of a unit."""
        in_rows = {id(finding) for row in self.rows for finding in row.findings}
        return tuple(finding for finding in self.findings if id(finding) not in in_rows)


@paused_collector()
def interpret(workbook: Workbook, *, today: date | None = None, words: Mapping[str, str] = NO_WORDS) -> Reading:
    """Return the units of a workbook.

    Args:
        today: later dates are refused; None: not checked.
        words: the office's own headings by folded key, each with its field, or "" to ignore the column.

    Raises:
        WrongInput: field `file`; no sheet has a header that names units.
    """
    sheets = [sheet for sheet in workbook.sheets if sheet.rows and not is_ours(sheet)]
    headers = [find_headers(sheet, words) for sheet in sheets]
    if not any(headers):
        raise _no_header(workbook, sheets)
    rows: list[UnitRow] = []
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    for sheet, found in zip(sheets, headers, strict=True):
        units, left_out = _read_sheet(sheet, found, today)
        rows += units
        skipped += left_out
        findings += _of_sheet(sheet, found, units)
    findings += [
        _doubt(sheet, "sheet_hidden") for sheet in workbook.hidden if not is_ours(sheet) and find_headers(sheet)
    ]
    findings += [finding for row in rows for finding in row.findings]
    return Reading(tuple(rows), tuple(findings), tuple(skipped))


def _read_sheet(sheet: Sheet, headers: list[Header], today: date | None) -> tuple[list[UnitRow], list[Skipped]]:
    """Read the tables of a sheet in order; a heading or title applies until the next one."""
    rows: list[UnitRow] = []
    skipped: list[Skipped] = []
    under, district = Heading(), ""
    if not headers:
        return rows, skipped
    ends = [header.first_title for header in headers[1:]] + [len(sheet.rows)]
    for header, end in zip(headers, ends, strict=True):
        under = Heading() if header.district else under
        district = header.district or district
        walk = TableWalk(sheet, header, end, under, today, district=district)
        rows += walk.units()
        skipped += walk.skipped
        under = walk.under
    return rows, skipped


def _no_header(workbook: Workbook, sheets: list[Sheet]) -> WrongInput:
    """The error for a workbook without tables: lost letters, no column of unit names, or no headings."""
    name = workbook.name
    rows = [(sheet, at, row) for sheet in sheets for at, row in enumerate(sheet.rows[:LOOKED_AT])]
    texts = [(sheet, at, text_of(cell)) for sheet, at, row in rows for cell in row if isinstance(cell, str) and cell]
    broken = [each for each in texts if fault_of(each[2]) in ("letters_lost", "character_broken")]
    if len(broken) > 2:
        sheet, at, value = broken[0]
        return WrongInput("file", "register_letters_lost", name=name, sheet=sheet.name, row=at + 1, value=value[:60])
    best = max(rows, key=lambda each: _heading_words(each[2]), default=None)
    if best and _heading_words(best[2]) > 1:
        headings = tuple(text_of(cell) for cell in best[2] if cell != "")
        said = ", ".join(f"«{heading}»" for heading in headings)[:300]
        return WrongInput(
            "file", "register_no_name", name=name, sheet=best[0].name, row=best[1] + 1, value=said, headings=headings
        )  # fmt: skip
    return WrongInput("file", "register_no_header", name=name)


def _heading_words(row: tuple[object, ...]) -> int:
    return sum(1 for cell in row if isinstance(cell, str) and cell and is_heading_word(text_of(cell)))


def _doubt(sheet: Sheet, code: str, row: int = 0, column: str = "", value: str = "", **params: object) -> Finding:
    return Finding(sheet.name, row, column, value, Severity.DOUBTFUL, code, params)


def _of_sheet(sheet: Sheet, headers: list[Header], units: list[UnitRow]) -> Iterator[Finding]:
    if sheet.mixed:
        yield _doubt(sheet, "encoding_mixed")
    if not headers:
        yield _doubt(sheet, "sheet_without_header")
    for header in headers:
        yield from _of_columns(sheet, header)
    yield from _of_bare_columns(sheet, headers, units)
    hidden = sorted({row.row for row in units} & {at + 1 for at in sheet.hidden_rows})
    if hidden:
        yield _doubt(sheet, "rows_hidden", value=spans(hidden), count=len(hidden))


def _of_columns(sheet: Sheet, header: Header) -> Iterator[Finding]:
    beside = header.beside
    if beside:
        row, column = header.last_row + 1, beside[0].index
        lines = sum(1 for each in sheet.rows[row:] if column < len(each) and each[column] != "")
        yield _doubt(sheet, "table_beside", row, column_letter(column), beside[0].label, count=lines)
    for each in (column for column in header.unread if not column.left_out and column not in beside):
        row, letter = header.last_row + 1, column_letter(each.index)
        if each.repeated:
            yield _doubt(sheet, "repeated_column", row, letter, each.label, field=each.repeated)
        elif each.likely:
            yield _doubt(sheet, "unknown_column_like", row, letter, each.label, field=each.likely)
        else:
            yield _doubt(sheet, "unknown_column", row, letter, each.label)


def _of_bare_columns(sheet: Sheet, headers: list[Header], units: list[UnitRow]) -> Iterator[Finding]:
    """Columns without a heading that have values in the rows of units."""
    if not headers:
        return
    headed = {column.index for header in headers for column in header.columns}
    headed |= {column.index for header in headers for column in header.unread}
    bare = [at for at in range(len(sheet.rows[headers[0].last_row])) if at not in headed]
    filled = Counter(at for unit in units for at in bare if sheet.rows[unit.row - 1][at] != "") if bare else Counter()
    for at, count in sorted(filled.items()):
        yield _doubt(sheet, "column_without_heading", headers[0].last_row + 1, column_letter(at), count=count)


def spans(rows: list[int]) -> str:
    """Return sorted row numbers as ranges: "5, 8-10"."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
