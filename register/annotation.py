"""Annotates the officer's workbook: the findings are written as comments in the cells."""

import io
from collections import defaultdict
from collections.abc import Iterable

from openpyxl import Workbook as NewBook
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from register.findings import Finding, Severity, field_label, say_finding
from register.gate import Change, FieldChange, Plan
from register.kept_readings import workbook_of
from register.our_sheets import is_ours, is_summary
from register.tables.skips import Skipped, say_skipped
from register.workbook import Sheet, Workbook
from templates.formats import date_vi, number
from templates.spreadsheet import mark_next_row, xlsx_bytes
from templates.trial_mark import TrialMark
from templates.words import t

AUTHOR = "Coopcase"
FILLS = {
    Severity.REJECTED: PatternFill("solid", fgColor="F8CBAD"),
    Severity.DOUBTFUL: PatternFill("solid", fgColor="FFE699"),
    Severity.ELSEWHERE: PatternFill("solid", fgColor="D9D9D9"),
}
NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def annotate(data: bytes, name: str, plan: Plan, lang: str, mark: TrialMark) -> bytes:
    """Return the file as XLSX: a summary sheet first, comments in the cells, no active formula.

    The mark of a trial is on the summary, and on every page that is printed: rows stay where they are.

    An XLSX keeps its format (pictures and macros are lost); XLS and CSV become plain cells.

    Raises:
        WrongInput: field `file`, as in `read_workbook`.
    """
    source = workbook_of(data, name)
    book = _as_it_was(data, source) or _rebuilt(source)
    _drop_former_summary(book, source)
    kept = [sheet for sheet in source.sheets if not is_ours(sheet)]
    sheets = {sheet.name: _sheet_named(book, sheet, at) for at, sheet in enumerate(kept)}
    values = {sheets[sheet.name].title: sheet for sheet in kept}
    for page in book.worksheets:
        _disarm(page, values.get(page.title))
    for title, findings in _by_sheet(plan.findings).items():
        if title in sheets:
            _comment(sheets[title], findings, lang)
    _summarise(book, plan, lang, mark)
    return xlsx_bytes(book, mark)


def _as_it_was(data: bytes, source: Workbook) -> NewBook | None:
    if source.kind != "xlsx":
        return None
    try:
        return load_workbook(io.BytesIO(data), keep_links=False)
    except Exception:
        # openpyxl is stricter than the reader (odd styles, binary workbooks); fall back to plain cells.
        return None


def _drop_former_summary(book: NewBook, source: Workbook) -> None:
    """Remove the summary sheet of an earlier annotation."""
    for sheet in source.sheets:
        if is_summary(sheet) and sheet.name in book.sheetnames and len(book.sheetnames) > 1:
            del book[sheet.name]


def _rebuilt(source: Workbook) -> NewBook:
    book = NewBook()
    book.remove(book.worksheets[0])
    for sheet in source.sheets:
        page = book.create_sheet(_title(sheet, book))
        for row in sheet.rows:
            page.append([None if cell == "" else _clean(cell) for cell in row])
    return book


def _title(sheet: Sheet, book: NewBook) -> str:
    """The sheet's name (it may name the district), as far as XLSX allows it."""
    name = sheet.name.translate(NOT_IN_SHEET_NAMES)[:31].strip(" '") or t("register.form.sheet")
    taken = {title.lower() for title in book.sheetnames}
    return name if name.lower() not in taken else f"{name[:27]} {len(taken) + 1}"


def _clean(value: object) -> object:
    """Text without control characters, which XLSX does not allow."""
    return "".join(sign for sign in value if sign >= " " or sign in "\n\t") if isinstance(value, str) else value


def _sheet_named(book: NewBook, sheet: Sheet, at: int) -> Worksheet:
    """The sheet by name, else by position: a name in an old encoding is different in the file."""
    if sheet.name in book.sheetnames:
        return book[sheet.name]
    shown = [page for page in book.worksheets if page.sheet_state == "visible"]
    return shown[at]


def _disarm(page: Worksheet, known: Sheet | None) -> None:
    """Replace formulas by their last values and drop links; `xlsx_bytes` writes what is left as text."""
    for row in page.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.value = None if known is None else _shown(known, cell)  # type: ignore[assignment]
            if isinstance(cell, Cell) and cell.hyperlink:
                cell.hyperlink = None


def _shown(sheet: Sheet, cell: Cell | MergedCell) -> object:
    row, column = (cell.row or 1) - 1, (cell.column or 1) - 1
    inside = row < len(sheet.rows) and column < len(sheet.rows[row])
    return _clean(sheet.rows[row][column]) if inside else None


def _by_sheet(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.sheet].append(finding)
    return found


def _comment(page: Worksheet, findings: list[Finding], lang: str) -> None:
    at: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        at[f"{finding.column or 'A'}{max(finding.row, 1)}"].append(finding)
    for place, here in at.items():
        cell = page[place]
        if isinstance(cell, MergedCell):
            cell = _head_of_merge(page, cell)
        text = "\n".join(say_finding(finding, lang) for finding in here)
        cell.comment = Comment(text, AUTHOR, height=120, width=320)
        cell.fill = FILLS[_worst(here)]


def _head_of_merge(page: Worksheet, cell: MergedCell) -> Cell:
    span = next(span for span in page.merged_cells.ranges if cell.coordinate in span)
    head = page.cell(span.min_row, span.min_col)
    assert isinstance(head, Cell)
    return head


def _worst(findings: list[Finding]) -> Severity:
    found = {finding.severity for finding in findings}
    return next(each for each in (Severity.REJECTED, Severity.DOUBTFUL, Severity.ELSEWHERE) if each in found)


def _summarise(book: NewBook, plan: Plan, lang: str, mark: TrialMark) -> None:
    page = book.create_sheet(_free_title(book, t("register.summary.title", lang)), 0)
    book.active = 0
    page.append([t("register.summary.title", lang)])
    page["A1"].font = Font(bold=True, size=14)
    mark_next_row(page, mark)
    for part, count in plan.counts().items():
        page.append([t(f"register.summary.{part}", lang), count])
    page.append([])
    _sheets(page, plan, lang)
    columns = ("sheet", "row", "column", "value", "severity", "what")
    page.append([t(f"register.summary.{column}", lang) for column in columns])
    for cell in page[page.max_row]:
        cell.font = Font(bold=True)
    for finding in plan.findings:
        _add(page, _finding_line(finding, lang))
    for change in plan.changed:
        _add(page, _change_line(change, lang))
    for skipped in plan.skipped:
        _add(page, _skipped_line(skipped, lang))
    for letter, width in zip("ABCDEF", (26, 8, 8, 32, 16, 90), strict=True):
        page.column_dimensions[letter].width = width


def _sheets(page: Worksheet, plan: Plan, lang: str) -> None:
    """Write the same figures by sheet, where there are several."""
    found = plan.by_sheet()
    if len(found) > 1:
        page.append(
            [t("register.summary.sheet", lang), *(t(f"register.summary.{part}", lang) for part in plan.counts())]
        )
        for sheet, counts in found.items():
            _add(page, [sheet, *counts.values()])
        page.append([])


def _skipped_line(skipped: Skipped, lang: str) -> list[object]:
    said = t("register.summary.skipped", lang)
    return [skipped.sheet, skipped.row, "", skipped.text, said, say_skipped(skipped, lang)]


def _free_title(book: NewBook, title: str) -> str:
    return title if title not in book.sheetnames else f"{title} {len(book.sheetnames) + 1}"


def _finding_line(finding: Finding, lang: str) -> list[object]:
    severity = t(f"register.severity.{finding.severity}", lang)
    return [finding.sheet, finding.row or "", finding.column, finding.value, severity, say_finding(finding, lang)]


def _change_line(change: Change, lang: str) -> list[object]:
    said = "; ".join(_say_change(each, lang) for each in change.fields)
    return [change.row.sheet, change.row.row, "", change.row.name, t("register.summary.changed", lang), said]


def _say_change(change: FieldChange, lang: str) -> str:
    before, after = show_value(change.field, change.before, lang), show_value(change.field, change.after, lang)
    return t("register.summary.change", lang, field=field_label(change.field, lang), before=before or "–", after=after)


def show_value(name: str, value: object, lang: str = "vi") -> str:
    """Return the value of a field of the register in display form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return t("register.yes" if value else "register.no", lang)
    if isinstance(value, int):
        return number(value)
    if name in ("kind", "sector", "grade", "status"):
        return t(f"register.{name}.{value}", lang)
    return date_vi(value) if hasattr(value, "strftime") else str(value)  # type: ignore[arg-type]


def _add(page: Worksheet, line: list[object]) -> None:
    page.append([_clean(value) for value in line])
