"""Lines of a grid that come back in a workbook, a CSV file, or as cells pasted from a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from casework.office.people import Actor
from correspondence.grid.acting import MOST, cases_of
from correspondence.grid.columns import CASE, ON, Line, columns_of
from correspondence.grid.workbook import KEY_MARK, NAME, REF
from models.errors import WrongInput
from procedures.facts import Need
from procedures.state_machine.field_values import clean_text
from register.workbook import Row, Sheet, column_letter, read_workbook, text_of
from templates.words import LANGUAGES, t

HEAD_WITHIN = 20  # rows from the top in which the headings are looked for
_ERRORS = ("#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!")


@dataclass(frozen=True, slots=True)
class Read:
    """What a file asks for: its lines, and the cell of each key (`receipt.VBO-2016-0001`)."""

    lines: tuple[Line, ...]
    cells: Mapping[str, str]

    def place(self, wrong: WrongInput) -> str:
        """The cell that an error is about; nothing for what is wrong with the whole file."""
        key, _, ref = wrong.field.partition(".")
        return self.cells.get(wrong.field) or self.cells.get(f"{CASE}.{ref}", "") or self.cells.get(key, "")


def read_file(connection: Connection, data: bytes, name: str, verb: str, person: Actor) -> Read:
    """The lines of a file. Raises WrongInput: it is no such table, or has a column that the act does not ask for."""
    for sheet in read_workbook(data, name).sheets:
        found = _head(sheet.rows)
        if found is not None:
            _require_single_cells(sheet, found[0])
            return _read(connection, sheet.rows, *found, verb, person)
    raise WrongInput("file", "grid_not_the_form", name=name)


def pasted(text: str, refs: Sequence[str], needs: Sequence[Need]) -> dict[tuple[str, str], str]:
    """Cells copied from a spreadsheet, by case and key.

    With a heading line they are named by it; else they are in the order of the page, each line with its case first or
    without it. Raises WrongInput.
    """
    rows: list[Row] = [tuple(row) for row in csv.reader(io.StringIO(text.strip("\r\n")), delimiter="\t")]
    found = _head(rows)
    keys = [ON, *(need.name for need in needs)]
    if found is not None:
        at, headings = found
        columns = _columns(headings, needs, "paste")
        lines = [(text_of(row[columns[REF]]) if columns[REF] < len(row) else "", row) for row in rows[at + 1 :]]
    elif rows and all(row and text_of(row[0]) in refs for row in rows):
        columns = {key: place for place, key in enumerate(keys, start=1)}
        lines = [(text_of(row[0]), row) for row in rows]
    else:
        columns = {key: place for place, key in enumerate(keys)}
        if len(rows) > len(refs):
            raise WrongInput("paste", "grid_too_many_pasted", count=len(rows), limit=len(refs))
        lines = list(zip(refs, rows, strict=False))
    known = {"": ""} | dict.fromkeys(refs, "")
    for place, (ref, row) in enumerate(lines, start=1):
        if ref not in known:
            raise WrongInput("paste", "grid_case_not_here", ref=ref[:40], row=place)
        if found is None and len(row) > len(keys) + (columns[ON]):
            raise WrongInput("paste", "grid_too_wide", row=place, count=len(row), limit=len(keys))
    return {
        (ref, key): clean_text("paste", text_of(row[at]))
        for ref, row in lines
        for key, at in columns.items()
        if ref and key != REF and at < len(row) and text_of(row[at])
    }


def _read(
    connection: Connection, rows: Sequence[Row], head: int, headings: Sequence[str], verb: str, person: Actor
) -> Read:
    at = next(place for place, text in enumerate(headings) if _is_ref(text))
    filled = list(_filled(rows, head, at))
    if not filled:
        raise WrongInput("file", "grid_no_cases")
    if len(filled) > MOST:
        raise WrongInput("file", "grid_too_many", limit=MOST, count=len(filled))
    cases = cases_of(connection, [ref for _, ref, _ in filled], person)
    columns = _columns(headings, columns_of(cases.values(), verb) if cases else (), "file", strict=bool(cases))
    lines, cells = [], dict[str, str]()
    for number, ref, row in filled:
        cells[f"{CASE}.{ref}"] = f"{column_letter(at)}{number}"
        values = {}
        for key, place in columns.items():
            cells[f"{key}.{ref}"] = f"{column_letter(place)}{number}"
            text = text_of(row[place]) if place < len(row) else ""
            if text and key != REF:
                values[key] = _plain(text, f"{column_letter(place)}{number}")
        lines.append(Line(ref, values))
    return Read(tuple(lines), cells)


def _filled(rows: Sequence[Row], head: int, at: int) -> Iterator[tuple[int, str, Row]]:
    """The lines with something in them: number, case, cells. Raises WrongInput for one without its case."""
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        ref = text_of(row[at]) if at < len(row) else ""
        if ref:
            yield number, ref[:40], row
        elif any(text_of(cell) for cell in row):
            raise WrongInput("file", "grid_no_ref", place=f"{column_letter(at)}{number}")


def _plain(text: str, place: str) -> str:
    if text.startswith("=") or text in _ERRORS:
        raise WrongInput("file", "grid_formula", place=place, value=text[:40])
    return text


def _head(rows: Sequence[Row]) -> tuple[int, list[str]] | None:
    """The line of keys, else the line of headings: its number from 0 and its texts."""
    found = None
    for number, row in enumerate(rows[:HEAD_WITHIN]):
        texts = [text_of(cell) for cell in row]
        if any(text == KEY_MARK + REF for text in texts):
            return number, texts
        if found is None and any(_is_ref(text) for text in texts):
            found = number, texts
    return found


def _is_ref(text: str) -> bool:
    return _folded(text) in {KEY_MARK + REF, REF, *(_folded(t("grid.case", lang)) for lang in LANGUAGES)}


def _columns(headings: Sequence[str], needs: Sequence[Need], field: str, *, strict: bool = True) -> dict[str, int]:
    """By key, the place of its column. Raises WrongInput: a heading that the act does not ask for, or one twice."""
    words = {REF: REF, ON: ON, **{need.name: need.name for need in needs}}
    for lang in LANGUAGES:
        words |= {_folded(t("grid.case", lang)): REF, _folded(t("grid.day", lang)): ON}
        words |= {_folded(need.label[lang]): need.name for need in needs}
    besides = {NAME, *(_folded(t("grid.unit", lang)) for lang in LANGUAGES)}
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        text = _folded(heading.removeprefix(KEY_MARK))
        if not text or text in besides:
            continue
        key = words.get(text)
        if key is None:
            if strict:
                params = {"place": column_letter(place), "heading": heading[:60]}
                raise WrongInput(field, "grid_unknown_column", **params)
            continue
        if key in found:
            raise WrongInput(field, "grid_column_twice", place=column_letter(place), heading=heading[:60])
        found[key] = place
    return found


def _folded(text: str) -> str:
    return " ".join(text.removesuffix("*").split()).casefold()


def _require_single_cells(sheet: Sheet, head: int) -> None:
    for span in sheet.merged:
        if span.bottom > head:
            corner = f"{column_letter(span.left)}{span.top + 1}:{column_letter(span.right)}{span.bottom + 1}"
            raise WrongInput("file", "grid_merged", place=corner)
