"""The blank register form for districts."""

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from models.units import Grade, OperatingStatus, Sector, UnitKind
from register.findings import field_label
from register.names import data_file
from register.rows import COUNT_FIELDS, DATE_FIELDS, MONEY_FIELDS, UNIT_FIELDS
from templates.spreadsheet import mark_next_row, xlsx_bytes
from templates.trial_mark import TrialMark
from templates.words import t

FORM_ROWS = 1_000
HEADER_ROW = 3
REQUIRED = ("name", "district")
AS_TEXT = ("certificate_number", "tax_code", "phone")
LISTS = {"kind": UnitKind, "sector": Sector, "grade": Grade, "status": OperatingStatus}


def blank_workbook(mark: TrialMark) -> bytes:
    """Return an empty register as XLSX, in Vietnamese, that `read_workbook` and `interpret` read without findings."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = t("register.form.sheet")
    page.append([t("register.form.title")])
    page["A1"].font = Font(bold=True, size=14)
    mark_next_row(page, mark)  # into the empty row above the headings
    lists = book.create_sheet("_")
    lists.sheet_state = "hidden"
    for at, field in enumerate(UNIT_FIELDS, start=1):
        _head(page, at, field)
        _restrict(page, lists, at, field)
    page.freeze_panes = f"B{HEADER_ROW + 1}"
    return xlsx_bytes(book, mark)


def _head(page: Worksheet, at: int, field: str) -> None:
    cell = page.cell(HEADER_ROW, at, field_label(field))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDEBF7")
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    hints = [t(f"register.form.hint.{hint}") for hint in _hints(field)]
    if hints:
        cell.comment = Comment(". ".join(hints), "Coopcase")
    page.column_dimensions[get_column_letter(at)].width = 34 if field in ("name", "address", "notes") else 18


def _hints(field: str) -> list[str]:
    found = ["required"] if field in REQUIRED else []
    for hint, names in (("date", DATE_FIELDS), ("money", MONEY_FIELDS), ("count", COUNT_FIELDS), ("text", AS_TEXT)):
        if field in names:
            found.append(hint)
    return [*found, "list"] if _choices(field) else found


def _choices(field: str) -> list[str]:
    if field == "district":
        return list(data_file("places.yaml")["districts"])
    if field == "reregistered":
        return [t("register.yes"), t("register.no")]
    return [t(f"register.{field}.{each.value}") for each in LISTS.get(field, ())]


def _restrict(page: Worksheet, lists: Worksheet, at: int, field: str) -> None:
    letter = get_column_letter(at)
    cells = f"{letter}{HEADER_ROW + 1}:{letter}{HEADER_ROW + FORM_ROWS}"
    if choices := _choices(field):
        for row, choice in enumerate(choices, start=1):
            lists.cell(row, at, choice)
        _validate(page, cells, "list", f"_!${letter}$1:${letter}${len(choices)}", "list")
    elif field in DATE_FIELDS:
        _validate(page, cells, "date", "10959", "date")
        _format(page, at, "dd/mm/yyyy")
    elif field in MONEY_FIELDS | COUNT_FIELDS:
        _validate(page, cells, "whole", "0", "money" if field in MONEY_FIELDS else "count")
        _format(page, at, "#,##0")
    elif field in AS_TEXT:
        _format(page, at, "@")


def _validate(page: Worksheet, cells: str, kind: str, formula: str, hint: str) -> None:
    operator = None if kind == "list" else "greaterThanOrEqual"
    rule = DataValidation(type=kind, operator=operator, formula1=formula, allow_blank=True, showErrorMessage=True)  # type: ignore[arg-type]
    rule.error = rule.prompt = t(f"register.form.hint.{hint}")
    rule.add(cells)
    page.add_data_validation(rule)


def _format(page: Worksheet, at: int, number_format: str) -> None:
    """Set the format on the column: formatted empty cells would count as rows when the form is read."""
    page.column_dimensions[get_column_letter(at)].number_format = number_format
