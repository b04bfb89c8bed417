"""The fields of an act between the procedure's needs and the names in a form: `f.name`, and `f.name.row.column`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from procedures.facts import Need
from templates.formats import number
from templates.words import pick
from web.request_context import Typed

EMPTY_ROWS, MOST_ROWS = 3, 200
MOST_FIRST = 3  # fields that a form asks first, unless more are required
MANY_OPTIONS = 6
_CELL = re.compile(r"^f\.([a-z0-9_]+)\.(\d{1,3})\.([a-z0-9_]+)$")
_WRONG_CELL = re.compile(r"^([a-z0-9_]+)\[(\d+)\]\.([a-z0-9_]+)$")


@dataclass(frozen=True, slots=True)
class Field:
    """One field ready to be drawn: its words, what was typed, and for a table its rows."""

    name: str
    input: str
    type: str
    label: str
    hint: str
    required: bool
    sometimes: bool
    options: tuple[tuple[str, str], ...]
    value: str
    columns: tuple["Field", ...] = ()
    rows: tuple[tuple["Field", ...], ...] = ()
    earlier: tuple[str, ...] = ()  # texts that were typed here before
    asked_when: tuple[str, str] = ("", "")  # the field, and the values of it apart by blanks, for which it is asked

    @property
    def typed(self) -> bool:
        """Whether something was typed, into a table into any cell."""
        return bool(self.value) or any(cell.value for row in self.rows for cell in row)

    @property
    def many(self) -> bool:
        return len(self.options) > MANY_OPTIONS


def form_fields(needs: Sequence[Need], sent: Typed | None, lang: str) -> list[Field]:
    """Every field of an act with what was typed into it so far."""
    return [_field(need, f"f.{need.name}", sent, lang) for need in needs]


def _field(need: Need, name: str, sent: Typed | None, lang: str) -> Field:
    options = tuple((code, pick(label, lang)) for code, label in need.options.items())
    value = sent.text(name) if sent else ""
    columns = tuple(_field(column, column.name, None, lang) for column in need.columns)
    rows = _rows(need, name, sent, lang) if need.type == "table" else ()
    hint = pick(need.hint, lang) if need.hint else ""
    sometimes = bool(need.required_if)
    return Field(
        need.name,
        name,
        need.type,
        pick(need.label, lang),
        hint,
        need.required,
        sometimes,
        options,
        value,
        columns,
        rows,
        asked_when=_asked_when(need),
    )


def _asked_when(need: Need) -> tuple[str, str]:
    """The one field and its values as a form sends them, of a field that is required for these alone."""
    if len(need.required_if) != 1:
        return "", ""
    ((name, value),) = need.required_if.items()
    listed = value if isinstance(value, list | tuple) else [value]
    return f"f.{name}", " ".join(_shown("boolean" if isinstance(item, bool) else "text", item) for item in listed)


def first_asked(fields: Sequence[Field], wrong: Iterable[str], already: int) -> tuple[list[Field], list[Field]]:
    """The fields that a form asks first, and those it folds away.

    Asked are the required ones, what is wrong and what was typed; where these are few, of the others as many as fit on
    a small screen. `already`: what the form asks beside them.
    """
    named = {name.partition("[")[0] for name in wrong}
    must = [item for item in fields if item.required or item.sometimes or item.typed or item.name in named]
    rest = [item for item in fields if item not in must]
    spare = rest[: max(0, MOST_FIRST - already - len(must))]
    return [item for item in fields if item in must or item in spare], [item for item in rest if item not in spare]


def _rows(need: Need, name: str, sent: Typed | None, lang: str) -> tuple[tuple[Field, ...], ...]:
    used = _last_used(need.name, sent) + 1
    more = EMPTY_ROWS if sent is None or sent.text("more") == need.name else 0
    count = min(max(used + more, EMPTY_ROWS), MOST_ROWS)
    return tuple(
        tuple(_field(column, f"{name}.{row}.{column.name}", sent, lang) for column in need.columns)
        for row in range(count)
    )


def _last_used(table: str, sent: Typed | None) -> int:
    if sent is None:
        return -1
    cells = [_CELL.match(name) for name, value in sent.items() if value.strip()]
    return max((int(cell[2]) for cell in cells if cell and cell[1] == table), default=-1)


def box_of(wrong: str) -> str:
    """The id of the input that an error names: `on`, a field of the act, or `table[row].column` of one."""
    cell = _WRONG_CELL.match(wrong)
    if cell:
        return f"f.{cell[1]}.{int(cell[2]) - 1}.{cell[3]}"
    return {"on": "on", "evidence": "evidence", "file": "evidence"}.get(wrong, f"f.{wrong}")


def data_of(needs: Sequence[Need], sent: Typed) -> dict[str, Any]:
    """What was typed, as the act takes it; a field that the act does not know is passed on, and refused there."""
    tables = {need.name for need in needs if need.type == "table"}
    data: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, str]]] = {}
    for name, value in sent.items():
        cell = _CELL.match(name)
        if cell and cell[1] in tables:
            rows.setdefault(cell[1], {}).setdefault(int(cell[2]), {})[cell[3]] = value
        elif name.startswith("f."):
            data[name[2:]] = value
    for table, found in rows.items():
        listed = [{name: cell.strip() for name, cell in row.items()} for _, row in sorted(found.items())]
        last = max((place for place, row in enumerate(listed, start=1) if any(row.values())), default=0)
        data[table] = listed[:last]  # of a table that stays empty nothing is typed: what is proposed counts
    return data


def typed_as(needs: Sequence[Need], data: Mapping[str, Any]) -> Typed:
    """Values that are known already, as if they had been typed into the form."""
    items: list[tuple[str, str]] = []
    for need in needs:
        value = data.get(need.name)
        if need.type == "table":
            for place, row in enumerate(value or ()):
                items += [
                    (f"f.{need.name}.{place}.{column.name}", _shown(column.type, row[column.name]))
                    for column in need.columns
                    if row.get(column.name) not in (None, "")
                ]
        elif value not in (None, ""):
            items.append((f"f.{need.name}", _shown(need.type, value)))
    return Typed(FormData(dict(items)))


def _shown(kind: str, value: Any) -> str:
    if kind == "date":
        return date.fromisoformat(str(value)).strftime("%d/%m/%Y")
    if kind == "boolean":
        return "yes" if value else "no"
    if kind == "money" and isinstance(value, int):
        return number(value)
    return str(value)
