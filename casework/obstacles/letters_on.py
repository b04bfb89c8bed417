"""The newest letter about each obstacle: of the kind that it has in its case, or one to its body for many cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, select

from models.letter_links import with_cases
from models.tables import letter_cases, letter_obstacles, letter_rows
from procedures.former_names import all_names
from rulebook.versions import Versions

_L = letter_rows.c


@dataclass(frozen=True, slots=True)
class LetterOfObstacle:
    """The newest letter about an obstacle."""

    id: int
    template: str
    status: str
    number: int | None
    symbol: str
    issued_on: date | None


Asked = Sequence[tuple[int, str, str]]  # case, kind of obstacle, procedure of the case
Newest = dict[tuple[int, str], LetterOfObstacle]  # by case and kind of obstacle
_COLUMNS = _L.id, _L.template, _L.status, _L.number, _L.symbol, _L.issued_on


def newest_letters(
    connection: Connection, asked: Asked, *, numbered: bool = False, besides: int | None = None
) -> Newest:
    """The newest letter about each obstacle. `numbered`: only of those that have a number; `besides`: one left out."""
    cases = {case for case, _, _ in asked}
    which = [_L.status != "cancelled"]
    if numbered:
        which.append(_L.number.is_not(None))
    if besides is not None:
        which.append(_L.id != besides)
    found = _of_kinds(connection, asked, which)
    for key, letter in _to_bodies(connection, cases, which).items():
        known = found.get(key)
        if known is None or known.id < letter.id:
            found[key] = letter
    return found


def _of_kinds(connection: Connection, asked: Asked, which: Sequence[ColumnElement[bool]]) -> Newest:
    versions, wanted = Versions(connection), dict[tuple[int, str], str]()
    for case, code, procedure in asked:
        kind = versions.part("obstacles", code, procedure)
        if kind is not None and kind.letter:
            wanted[case, code] = kind.letter
    names = {name: letter for letter in wanted.values() for name in all_names((), "letters", (letter,))}
    by_letter = _newest(connection, names, {case for case, _ in wanted}, which) if names else {}
    return {key: by_letter[key[0], letter] for key, letter in wanted.items() if (key[0], letter) in by_letter}


def _newest(
    connection: Connection, names: Mapping[str, str], cases: set[int], which: Sequence[ColumnElement[bool]]
) -> Newest:
    found = select(letter_cases.c.case_id, *_COLUMNS).where(letter_cases.c.case_id.in_(cases), _L.template.in_(names))
    rows = connection.execute(with_cases(found.where(*which)).order_by(_L.id)).tuples()
    return {(case_id, names[letter[1]]): LetterOfObstacle(*letter) for case_id, *letter in rows}


def _to_bodies(connection: Connection, cases: set[int], which: Sequence[ColumnElement[bool]]) -> Newest:
    listed = letter_obstacles.c
    found = (
        select(listed.case_id, listed.code, *_COLUMNS)
        .join(letter_rows, and_(_L.id == listed.letter_id, *which))
        .where(listed.case_id.in_(cases))
    )
    rows = connection.execute(found.order_by(_L.id)).tuples()
    return {(case_id, code): LetterOfObstacle(*letter) for case_id, code, *letter in rows}
