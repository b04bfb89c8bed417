"""The workbook for many cases of before Coopcase: it goes out with the units of an office, a line each, a column for
each day, value and paper that lies before the chosen steps; `workbook_reading` reads it when it comes back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Connection, or_, select
from sqlalchemy import case as case_when

from casework.office.people import Actor
from casework.takeover.known import SOURCE, STEP, Item, items_of
from models.errors import WrongInput
from models.tables import case_rows, units
from procedures.schema import Procedure
from procedures.state_machine.earlier_acts import Step, steps
from templates.spreadsheet import mark_next_row, xlsx_bytes
from templates.trial_mark import TrialMark
from templates.words import pick, t

ABOUT_UNIT = ("unit", "name", "certificate_number", "commune", "ref")  # columns that go out filled in
HEAD_ROWS = 4  # title, acts, headings, and the hidden line of keys
KEY_MARK = "#"  # before the keys of the hidden line, by which the columns are known again
MOST_COLUMNS = 60  # of a sheet: more cannot be read at a desk
LEFT_OUT = frozenset({"source", "issuer"})  # parts that a line of the workbook has no column for
WIDTHS = {"name": 34, STEP: 30}
BOLD, GREY = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit whose case can be taken over: it has none, or one about which nothing was recorded yet."""

    unit: int
    name: str
    certificate_number: str
    commune: str
    ref: str


def candidates(connection: Connection, person: Actor, procedure: Procedure, today: date) -> list[Candidate]:
    """The units of a person's office without a case of their own, or with one still at the first step."""
    unit, case = units.c, case_rows.c
    found = (
        select(unit.id, unit.name, unit.certificate_number, unit.commune, case.ref)
        .join_from(units, case_rows, (case.unit_id == unit.id) & case.closed_on.is_(None), isouter=True)
        .where(or_(case.ref.is_(None), case.state == procedure.start))
        .order_by(unit.sort_key, unit.id)
    )
    kinds = [kind for kind in procedure.kind_rules() if procedure.level_of_kind(kind, today) == "city"]
    of_city = case_when((case.level.is_not(None), case.level == "city"), else_=unit.kind.in_(kinds))
    found = (
        found.where(of_city)
        if person.district is None
        else found.where(unit.district_code == person.district, ~of_city)
    )
    return [Candidate(*row[:4], row[4] or "") for row in connection.execute(found).tuples()]


def step_label(procedure: Procedure, step: Step, lang: str) -> str:
    """A step in words, with the act that led there where several do."""
    label = procedure.states[step.state].label[lang]
    return f"{label}: {procedure.verbs[step.verb].done[lang]}" if step.verb else label


def template(
    procedure: Procedure, lines: Sequence[Candidate], chosen: Sequence[str], lang: str, mark: TrialMark
) -> bytes:
    """The workbook as XLSX: a sheet for the steps of a stage, with all units on each. Raises WrongInput.

    `chosen`: keys of the steps that it has columns for; none: all of them.
    """
    known = {step.key: step for step in steps(procedure)}
    if unknown := [key for key in chosen if key not in known]:
        raise WrongInput(STEP, "takeover_no_step", value=unknown[0])
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = list(_sheets(procedure, [step for key, step in known.items() if key in chosen or not chosen]))
    lists = book.create_sheet("_")
    for number, wanted in enumerate(sheets, start=1):
        items = list(columns_of(procedure, wanted))
        stage = procedure.stages[procedure.states[wanted[0].state].stage].label[lang]
        page = book.create_sheet(f"{number}. {stage}"[:31], number - 1)
        head = mark_next_row(page, mark) + HEAD_ROWS
        _heads(page, head, procedure, items, lang)
        for line in lines:
            page.append([line.unit, line.name, line.certificate_number, line.commune, line.ref])
        _restrict(page, head, lists, procedure, wanted, items, lang)
    lists.sheet_state = "hidden"
    return xlsx_bytes(book, mark)


def _sheets(procedure: Procedure, wanted: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps of each sheet: of one stage, as many as fit into its columns."""
    here: list[Step] = []
    for step in wanted:
        same = not here or procedure.states[step.state].stage == procedure.states[here[0].state].stage
        if here and not (same and len(list(columns_of(procedure, [*here, step]))) <= MOST_COLUMNS):
            yield here
            here = []
        here.append(step)
    if here:
        yield here


def columns_of(procedure: Procedure, wanted: Sequence[Step]) -> Iterator[Item]:
    """The items of several steps, each once, in the order of the way."""
    seen: set[str] = set()
    for step in wanted:
        for item in items_of(procedure, step):
            if item.key not in seen and item.part not in LEFT_OUT:
                seen.add(item.key)
                yield item


def _heads(page: Worksheet, head: int, procedure: Procedure, items: Sequence[Item], lang: str) -> None:
    """The four rows that end with row `head`."""
    own = [*ABOUT_UNIT, STEP, SOURCE]
    acts = [_act_label(procedure, item, lang) if not item.part else "" for item in items]
    page.append([t("takeover.sheet_title", lang)])
    page.append([""] * len(own) + acts)
    named = {name: t(f"takeover.column_{name}", lang) for name in own}
    named[SOURCE] += "; " + t("takeover.source_above", lang)
    page.append([*named.values(), *(_heading(item, lang) for item in items)])
    page.append([KEY_MARK + key for key in (*own, *(item.key for item in items))])
    page.cell(head - 3, 1).font = Font(bold=True, size=14)
    for at in range(1, len(own) + len(items) + 1):
        for row in (head - 2, head - 1):
            cell = page.cell(row, at)
            cell.font, cell.fill = BOLD, GREY
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        name = own[at - 1] if at <= len(own) else ""
        page.column_dimensions[get_column_letter(at)].width = WIDTHS.get(name, 16)
    page.row_dimensions[head].hidden = True
    page.freeze_panes = f"C{head + 1}"


def _act_label(procedure: Procedure, item: Item, lang: str) -> str:
    label = procedure.verbs[item.act.verb].label[lang]
    return label if item.act.times == 1 else f"{label} ({item.time})"


def _heading(item: Item, lang: str) -> str:
    return pick(item.need.label, lang) if item.part or item.act.day else t("takeover.column_day", lang)


def _restrict(
    page: Worksheet, head: int, lists: Worksheet, procedure: Procedure, wanted: Sequence[Step], items: Sequence[Item],
    lang: str,
) -> None:  # fmt: skip
    """Lists to choose from and formats of days; set on columns, since formatted empty cells would count as rows."""
    first = len(ABOUT_UNIT) + 1
    choices: Mapping[int, list[str]] = {first: [f"{one.key} {step_label(procedure, one, lang)}" for one in wanted]} | {
        first + 2 + at: [pick(words, lang) for words in item.need.options.values()]
        for at, item in enumerate(items)
        if item.need.options
    }
    for number, (at, options) in enumerate(choices.items(), start=lists.max_column + 1):
        for row, option in enumerate(options, start=1):
            lists.cell(row, number, option)
        letter, source = get_column_letter(at), get_column_letter(number)
        rule = DataValidation(type="list", formula1=f"_!${source}$1:${source}${len(options)}", allow_blank=True)
        rule.add(f"{letter}{head + 1}:{letter}{head + 1000}")
        page.add_data_validation(rule)
    for at, item in enumerate(items):
        page.column_dimensions[get_column_letter(first + 2 + at)].number_format = _format_of(item)


def _format_of(item: Item) -> str:
    return {"date": "dd/mm/yyyy", "integer": "0", "money": "#,##0"}.get(item.need.type, "@")
