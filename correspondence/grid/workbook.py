"""The workbook of an act: it goes out with a line for each case and comes back with its cells filled in."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from casework.ledger import LoadedCase
from correspondence.grid.columns import ON, columns_of, proposals_of
from procedures.facts import Need
from templates.spreadsheet import COUNT, DAY, PLAIN, mark_next_row, xlsx_bytes
from templates.trial_mark import TrialMark
from templates.words import pick, t

REF, NAME = "ref", "name"
KEY_MARK = "#"  # before the keys of the hidden line, by which the columns are known again
HEAD_ROWS = 3  # title, headings, and the hidden line of keys
FORMATS = {"date": DAY, "integer": PLAIN, "money": COUNT}
WIDTHS = {REF: 16, NAME: 36}
BOLD, GREY = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")


def template(cases: Sequence[LoadedCase], verb: str, lang: str, mark: TrialMark) -> bytes:
    """The workbook as XLSX, with what is proposed for each case. Raises Refused as `columns_of`."""
    needs = columns_of(cases, verb)
    label = next(case.procedure.verbs[verb].label[lang] for case in cases if verb in case.procedure.verbs)
    book = Workbook()
    book.remove(book.worksheets[0])
    page, lists = book.create_sheet(t("grid.sheet", lang)), book.create_sheet("_")
    head = mark_next_row(page, mark) + HEAD_ROWS
    page.append([label])
    page.cell(head - 2, 1).font = Font(bold=True, size=14)
    _heads(page, head, needs, lang)
    for case in cases:
        known = proposals_of(case, verb)
        page.append([case.row["ref"], case.row["unit_name"], None, *(_cell(need, known, lang) for need in needs)])
    _restrict(page, head, lists, needs, lang)
    lists.sheet_state = "hidden"
    return xlsx_bytes(book, mark)


def _heads(page: Worksheet, head: int, needs: Sequence[Need], lang: str) -> None:
    must = {need.name for need in needs if need.required}
    own = {REF: t("grid.case", lang), NAME: t("grid.unit", lang), ON: t("grid.day", lang)}
    labels = {**own, **{need.name: pick(need.label, lang) for need in needs}}
    page.append([text + (" *" if key in must else "") for key, text in labels.items()])
    page.append([KEY_MARK + key for key in labels])
    for at, key in enumerate(labels, start=1):
        cell = page.cell(head - 1, at)
        cell.font, cell.fill = BOLD, GREY
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        page.column_dimensions[get_column_letter(at)].width = WIDTHS.get(key, 20)
    page.row_dimensions[head].hidden = True
    page.freeze_panes = f"C{head + 1}"


def _cell(need: Need, known: Mapping[str, Any], lang: str) -> Any:
    value = known.get(need.name)
    if value is None:
        return None
    if need.type == "date":
        return date.fromisoformat(str(value))
    if need.type == "boolean":
        return t("pages.yes" if value else "pages.no", lang)
    if need.type == "choice" and str(value) in need.options:
        return pick(need.options[str(value)], lang)
    return value


def _restrict(page: Worksheet, head: int, lists: Worksheet, needs: Sequence[Need], lang: str) -> None:
    """Lists to choose from and the formats of columns; empty cells stay without one, else they would count as rows."""
    page.column_dimensions["C"].number_format = DAY
    for at, need in enumerate(needs, start=4):
        letter = get_column_letter(at)
        page.column_dimensions[letter].number_format = FORMATS.get(need.type, "@")
        options = [pick(words, lang) for words in need.options.values()]
        if need.type == "boolean":
            options = [t("pages.yes", lang), t("pages.no", lang)]
        for row, option in enumerate(options, start=1):
            lists.cell(row, at, option)
        if options:
            rule = DataValidation(type="list", formula1=f"_!${letter}$1:${letter}${len(options)}", allow_blank=True)
            rule.add(f"{letter}{head + 1}:{letter}{head + 1000}")
            page.add_data_validation(rule)
