"""Reads a file with a list of communes: one row each, with district, type and name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.errors import InputErrors, WrongInput
from models.folding import fold
from models.places import CommuneKind, DistrictKind
from register.communes import commune_kind, stated_kind, without_kind
from register.workbook import read_workbook

_HEADINGS: Mapping[str, frozenset[str]] = {
    "district": frozenset((
        "quan huyen", "huyen quan", "quan huyen thi xa", "huyen", "quan", "cap huyen", "don vi cap huyen",
        "ten quan huyen", "district",
    )),
    "name": frozenset((
        "xa phuong thi tran", "xa phuong", "phuong xa", "phuong xa thi tran", "ten", "ten xa", "ten xa phuong thi tran",
        "xa", "cap xa", "don vi cap xa", "commune", "name",
    )),
    "kind": frozenset(("loai", "loai don vi", "cap", "type", "kind")),
    "former": frozenset(("ten cu", "ten truoc day", "ten goi cu", "former", "former names")),
}  # fmt: skip
_NEEDED = ("district", "name")
HEADER_WITHIN = 20  # rows
MOST_FAULTS = 30  # reported at once


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """One commune of the file; `district` in full (`Quận Hồng Bàng`), `name` and `former` without their types."""

    row: int
    district: str
    kind: CommuneKind
    name: str
    former: tuple[str, ...] = ()


def read_communes(data: bytes, name: str) -> list[CommuneRow]:
    """Return the communes of an Excel or CSV file; a row without a type or a district is refused.

    Raises WrongInput: the file cannot be read, has no header, or has faulty rows, each named by its number.
    """
    rows = [
        (number, [_text(cell) for cell in cells])
        for sheet in read_workbook(data, name).sheets[:1]
        for number, cells in enumerate(sheet.rows, 1)
    ]
    columns, first = _header(rows)
    gathered, found = InputErrors(), list[CommuneRow]()
    for number, cells in rows[first:]:
        if not any(cells):
            continue
        with gathered:
            found.append(_row(number, {key: cells[at] for key, at in columns.items() if at < len(cells)}))
    gathered.wrong += _twice(found)
    del gathered.wrong[MOST_FAULTS:]
    gathered.raise_if_any()
    if not found:
        raise WrongInput("file", "communes_none", name=name)
    return found


def _text(cell: Any) -> str:
    return " ".join(str(cell if cell is not None else "").split())


def _header(rows: Sequence[tuple[int, list[str]]]) -> tuple[dict[str, int], int]:
    """The columns by field, and the number of rows up to the end of the header."""
    for number, cells in rows[:HEADER_WITHIN]:
        columns = {
            key: at
            for at, cell in reversed(list(enumerate(cells)))
            for key, forms in _HEADINGS.items()
            if fold(cell) in forms
        }
        if set(_NEEDED) <= columns.keys():
            return columns, number
    raise WrongInput("file", "communes_no_header")


def _row(number: int, cells: Mapping[str, str]) -> CommuneRow:
    district, name = cells.get("district", ""), cells.get("name", "")
    if not name:
        raise WrongInput(f"row {number}", "communes_no_name", row=number)
    if not _is_district(district):
        raise WrongInput(f"row {number}", "communes_no_district", row=number, value=district)
    stated, typed = stated_kind(name)[0], cells.get("kind", "")
    given = commune_kind(typed)
    kind = given or stated
    if kind is None or (typed and given is None) or (given and stated and given is not stated):
        raise WrongInput(f"row {number}", "communes_no_kind", row=number, value=f"{typed} {name}".strip())
    former = tuple(filter(None, (without_kind(part) for part in cells.get("former", "").replace(";", ",").split(","))))
    return CommuneRow(number, district, kind, without_kind(name), former)


def _is_district(text: str) -> bool:
    return any(fold(text).startswith(f"{fold(kind.word)} ") for kind in DistrictKind)


def _twice(found: Sequence[CommuneRow]) -> Iterator[WrongInput]:
    first: dict[tuple[str, str, str], int] = {}
    for row in found:
        key = (fold(row.district), row.kind.value, fold(row.name))
        if key in first:
            yield WrongInput(f"row {row.row}", "communes_twice", row=row.row, value=row.name, other=first[key])
        first.setdefault(key, row.row)
