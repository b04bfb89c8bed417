"""The lists of a case as a spreadsheet has them: text with tabs to copy and paste, and a workbook out and in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.ledger import LoadedCase
from models.errors import WrongInput
from models.folding import fold
from procedures.facts import Need
from procedures.money.of_case import rows_of
from procedures.money.rules import Money, Record
from procedures.state_machine.asked_fields import needs_of
from register.workbook import read_workbook, text_of
from templates.formats import date_vi, number
from templates.spreadsheet import COUNT, PLAIN, Column, Table, Value
from templates.trial_mark import says_trial
from templates.words import pick, t

LISTS = ("assets", "claims", "members", "payments")
NUMBER = "number"
LISTED_BY_LINE = "payments"  # its rows name a line of the pay-out: they are not numbered by themselves
WIDE = {"text": 26, "choice": 20, "money": 18}


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that were typed or read: `lines` has the place of each in the text or on the sheet."""

    rows: list[dict[str, str]]
    lines: list[int]


def record_of(money: Money, name: str) -> Record:
    record: Record = getattr(money, name)
    return record


def need_of(loaded: LoadedCase, name: str) -> Need:
    """The table field of the act that records a list."""
    assert loaded.procedure.money is not None
    record = record_of(loaded.procedure.money, name)
    needs = needs_of(loaded.procedure, loaded.procedure.verbs[record.verb], loaded.state)
    return next(need for need in needs if need.name == record.field)


def listed_rows(loaded: LoadedCase, name: str) -> list[dict[str, Any]]:
    """The rows of a list as it was recorded last."""
    assert loaded.procedure.money is not None
    return rows_of(loaded.state, record_of(loaded.procedure.money, name))


def as_text(need: Need, rows: Sequence[Mapping[str, Any]], lang: str) -> str:
    """A list as lines with tabs, the headings first, to be copied into a spreadsheet and back."""
    heads = "\t".join(pick(column.label, lang) for column in need.columns)
    lines = ("\t".join(shown(column, row.get(column.name), lang) for column in need.columns) for row in rows)
    return "\n".join([heads, *lines])


def shown(column: Need, value: Any, lang: str) -> str:
    """A value of a column as a person reads and types it."""
    if value in (None, ""):
        return ""
    if column.type == "choice":
        return pick(column.options[value], lang)
    if column.type == "money":
        return number(value)
    if column.type == "boolean":
        return "x" if value else ""
    return date_vi(date.fromisoformat(value)) if column.type == "date" else str(value)


def from_text(name: str, need: Need, text: str) -> Listed:
    """The rows of a pasted text. The first line may be the headings; without them the columns keep their order."""
    table = [line.rstrip("\r").split("\t") for line in text.split("\n")]
    return _rows(name, need, [[cell.strip() for cell in row] for row in table])


def from_workbook(loaded: LoadedCase, data: bytes, filename: str) -> dict[str, Listed]:
    """The lists in a workbook, by name: each on the sheet that bears its title. Raises WrongInput."""
    found: dict[str, Listed] = {}
    for sheet in read_workbook(data, filename).sheets:
        name = next((name for name in LISTS if fold(sheet.name) in _titles(name)), None)
        if name is not None:
            table = [[text_of(cell) for cell in row] for row in sheet.rows]
            table = [[] if any(map(says_trial, row)) else row for row in table]  # a row left out keeps its place
            found[name] = _rows(name, need_of(loaded, name), table)
    if not found:
        titles = ", ".join(t(f"payout.list_{name}") for name in LISTS)
        raise WrongInput("file", "money_no_list_in_file", titles=titles)
    return found


def _titles(name: str) -> set[str]:
    return {fold(t(f"payout.list_{name}", lang)) for lang in ("vi", "en")}


def _rows(name: str, need: Need, table: Sequence[Sequence[str]]) -> Listed:
    filled = [(line, row) for line, row in enumerate(table, start=1) if any(row)]
    heads = _heads(need, filled[0][1]) if filled else None
    if heads is not None:
        filled = filled[1:]
    names = heads or [column.name for column in need.columns]
    rows = [_row(need, names, line, row) for line, row in filled]
    if name != LISTED_BY_LINE:
        _number(rows)
    return Listed(rows, [line for line, _ in filled])


def _heads(need: Need, cells: Sequence[str]) -> list[str] | None:
    """The column of each heading; None where the first line is none. Raises WrongInput for an unknown heading."""
    known = {fold(word): column.name for column in need.columns for word in (*column.label.values(), column.name)}
    found = [known.get(fold(cell), "") for cell in cells]
    if sum(map(bool, found)) < 2:
        return None
    for cell, name in zip(cells, found, strict=True):
        if cell and not name:
            raise WrongInput(need.name, "money_unknown_heading", heading=cell)
    return found


def _row(need: Need, names: Sequence[str], line: int, cells: Sequence[str]) -> dict[str, str]:
    if any(cells[len(names) :]):
        raise WrongInput(need.name, "money_too_many_cells", line=line, columns=len(names))
    columns = {column.name: column for column in need.columns}
    pairs = zip(names, cells, strict=False)
    return {name: _code(columns[name], cell) for name, cell in pairs if name and cell}


def _code(column: Need, cell: str) -> str:
    """The code of a choice that was typed in words; what is unknown is refused with its cell later."""
    words = {fold(word): code for code, label in column.options.items() for word in (code, *label.values())}
    return words.get(fold(cell), cell)


def _number(rows: Sequence[dict[str, str]]) -> None:
    """Give rows without a number the next free one."""
    last = max((int(row[NUMBER]) for row in rows if row.get(NUMBER, "").isdecimal()), default=0)
    for row in rows:
        if not row.get(NUMBER):
            last += 1
            row[NUMBER] = str(last)


def as_tables(loaded: LoadedCase, lang: str) -> list[Table]:
    """The lists of a case, to be filled in and read again by `from_workbook`."""
    unit = str(loaded.row["unit_name"])
    return [_table(loaded, name, unit, lang) for name in LISTS]


def _table(loaded: LoadedCase, name: str, unit: str, lang: str) -> Table:
    need, title = need_of(loaded, name), t(f"payout.list_{name}", lang)
    columns = [
        Column(pick(column.label, lang), WIDE.get(column.type, 12), COUNT if column.type == "money" else PLAIN)
        for column in need.columns
    ]
    return Table(title, title, unit, columns, [list(_cells(need, row, lang)) for row in listed_rows(loaded, name)])


def _cells(need: Need, row: Mapping[str, Any], lang: str) -> Iterator[Value]:
    for column in need.columns:
        value = row.get(column.name)
        if column.type == "date" and value:
            yield date.fromisoformat(value)
        else:
            yield value if isinstance(value, int) and not isinstance(value, bool) else shown(column, value, lang)


def column_of(need: Need, field: str) -> Need | None:
    """The column of a field such as `claims[2].amount`."""
    name = field.partition("].")[2]
    return next((column for column in need.columns if column.name == name), None)


def place_in_words(need: Need, listed: Listed, field: str, lang: str) -> str:
    """The place of an error such as `claims[2].amount`, by its line and column; empty for another field."""
    head, _, rest = field.partition("[")
    position, _, name = rest.partition("].")
    if head != need.name or not position.isdecimal() or int(position) > len(listed.lines):
        return ""
    column = column_of(need, field)
    label = pick(column.label, lang) if column is not None else name
    return t("payout.place", lang, line=listed.lines[int(position) - 1], column=label)
