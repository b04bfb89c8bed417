"""Recognises sheets written by this system by their content, also after another program saved them."""

from models.folding import fold
from register.workbook import Row, Sheet, text_of
from templates.words import LANGUAGES, t

SEARCHED_ROWS = 30
SUMMARY_COLUMNS = ("sheet", "row", "column", "value", "severity", "what")


def is_ours(sheet: Sheet) -> bool:
    """Whether the sheet is the summary of an annotated workbook, or the lists of choices of the blank form."""
    return is_summary(sheet) or _is_choices(sheet)


def is_summary(sheet: Sheet) -> bool:
    """Whether the sheet is the summary sheet of an annotated workbook."""
    rows = [_keys(row) for row in sheet.rows[:SEARCHED_ROWS]]
    return any(_is_summary_in(rows, lang) for lang in LANGUAGES)


def _is_summary_in(rows: list[list[str]], lang: str) -> bool:
    title = fold(t("register.summary.title", lang))
    columns = [fold(t(f"register.summary.{column}", lang)) for column in SUMMARY_COLUMNS]
    return [title] in rows and columns in rows


def _keys(row: Row) -> list[str]:
    return [fold(text_of(cell)) for cell in row if cell != ""]


def _is_choices(sheet: Sheet) -> bool:
    """Whether the sheet contains only the choices of the form (its first row names no column)."""
    first = _keys(sheet.rows[0]) if sheet.rows else []
    choices = [
        fold(t(f"register.{name}")) for name in ("kind.htx", "sector.agriculture_service", "grade.tot", "status.B1")
    ]
    return bool(first) and all(choice in first for choice in choices)
