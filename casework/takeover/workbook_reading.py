"""Reads a workbook of cases to be taken over: a request for each line with a step, what is wrong at its cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from casework.takeover.known import SOURCE, STEP, Known
from casework.takeover.taking_over import Looked, Request, look, take_over_many
from casework.takeover.workbook import ABOUT_UNIT, KEY_MARK
from models.clock import Clock
from models.errors import CoopcaseError, WrongInput
from register.workbook import Row, Sheet, column_letter, read_workbook, text_of

MOST = 500  # lines that are taken over at once


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its number on its sheet, what it asks for, and the column of each key."""

    row: int
    request: Request
    columns: Mapping[str, str]
    sheet: str = ""  # with "!", as a cell's place names it; empty where the file has one sheet


@dataclass(frozen=True, slots=True)
class Cell:
    """What is wrong, with the cell it is wrong in; of the whole line: its first cell."""

    place: str
    error: CoopcaseError


@dataclass(frozen=True, slots=True)
class Previewed:
    """A line with what it would do."""

    line: Line
    looked: Looked
    wrong: Sequence[Cell]


def preview(bind: Engine, data: bytes, name: str, *, by: str, clock: Clock) -> list[Previewed]:
    """What every line of a file with a step would do; nothing is changed. Raises WrongInput, Refused, NotFound."""
    lines = read_lines(data, name)
    found = look(bind, [line.request for line in lines], by=by, clock=clock)
    twice = _twice(lines)
    return [
        Previewed(line, one, [*twice.get((line.sheet, line.row), ()), *(_cell(line, error) for error in one.errors)])
        for line, one in zip(lines, found, strict=True)
    ]


def commit(bind: Engine, data: bytes, name: str, *, by: str, clock: Clock) -> list[str]:
    """Take over the cases of every line with a step, all or none; returns their references.

    Raises:
        WrongInput: the file cannot be read, or a line is wrong; the message names the cell.
    """
    wrong = [cell for one in preview(bind, data, name, by=by, clock=clock) for cell in one.wrong]
    if wrong:
        raise WrongInput("file", "takeover_lines_wrong", count=len(wrong), place=wrong[0].place, why=wrong[0].error)
    lines = read_lines(data, name)
    return [one.ref for one in take_over_many(bind, [line.request for line in lines], by=by, clock=clock)]


def read_lines(data: bytes, name: str) -> list[Line]:
    """The lines of a file that name a step; other lines are units left for later. Raises WrongInput."""
    sheets = [(sheet, keys) for sheet in read_workbook(data, name).sheets if (keys := _keys(sheet)) is not None]
    if not sheets:
        raise WrongInput("file", "takeover_not_the_form", name=name)
    lines = [line for sheet, keys in sheets for line in _lines(sheet, *keys, f"{sheet.name}!" if sheets[1:] else "")]
    if not lines:
        raise WrongInput("file", "takeover_nothing_filled", name=name)
    if len(lines) > MOST:
        raise WrongInput("file", "takeover_too_many", limit=MOST, count=len(lines))
    return lines


def _keys(sheet: Sheet) -> tuple[int, list[str]] | None:
    for number, row in enumerate(sheet.rows):
        texts = [text_of(cell) for cell in row]
        if texts and texts[0] == KEY_MARK + ABOUT_UNIT[0]:
            return number, [text.removeprefix(KEY_MARK) for text in texts]
    return None


def _lines(sheet: Sheet, head: int, keys: Sequence[str], name: str) -> Iterator[Line]:
    """The lines of a sheet; one without a source has that of the line above it, as the heading of the column says."""
    columns, above = {key: column_letter(at) for at, key in enumerate(keys) if key}, ""
    for number, row in enumerate(sheet.rows[head + 1 :], start=head + 2):
        cells = _cells(row, keys)
        step = cells.pop(STEP, "").partition(" ")[0]
        source, unit = cells.pop(SOURCE, ""), cells.get(ABOUT_UNIT[0], "")
        values = {key: text for key, text in cells.items() if key not in ABOUT_UNIT}
        if not step:
            if values:
                raise WrongInput("file", "takeover_step_missing", place=f"{name}{columns.get(STEP, 'A')}{number}")
            continue
        if not unit.isdecimal() or len(unit) > 9:
            raise WrongInput(
                "file", "takeover_unit_missing", place=f"{name}{columns[ABOUT_UNIT[0]]}{number}", value=unit[:40]
            )
        above = source or above
        yield Line(number, Request(int(unit), Known(step, above, values)), columns, name)


def _cells(row: Row, keys: Sequence[str]) -> dict[str, str]:
    return {key: text for key, cell in zip(keys, row, strict=False) if key and (text := text_of(cell))}


def _cell(line: Line, error: CoopcaseError) -> Cell:
    key = error.field if isinstance(error, WrongInput) else ""
    return Cell(f"{line.sheet}{line.columns.get(key, 'A')}{line.row}", error)


def _twice(lines: Sequence[Line]) -> dict[tuple[str, int], list[Cell]]:
    """Lines about a unit that an earlier line is about."""
    seen: dict[int, Line] = {}
    found: dict[tuple[str, int], list[Cell]] = {}
    for line in lines:
        first = seen.setdefault(line.request.unit_id, line)
        if first is not line:
            error = WrongInput(ABOUT_UNIT[0], "takeover_unit_twice", row=f"{first.sheet}{first.row}")
            found[line.sheet, line.row] = [_cell(line, error)]
    return found
