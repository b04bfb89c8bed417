"""One search over units, cases, papers, notes and instructions, in what a person may see.

A district's office finds what is its own; the city everything but the incoming documents of districts, which are in
their own registers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Table, select

from casework.office.people import Actor
from models.clock import HANOI
from models.search_query import counts, ranked, suggested
from models.tables import case_notes, case_rows, earlier_papers, incoming, instructions, letter_rows, units

KINDS = ("case", "unit", "letter", "incoming", "earlier", "note", "instruction")
LONGEST = 120  # characters of a typed text that are read
SHOWN_OF_TEXT = 100  # characters of a note or an instruction in a list


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. What its kind does not have is empty."""

    kind: str
    id: int
    name: str  # of the unit; of a paper what it is about; of a note what it says
    ref: str = ""
    number: str = ""  # of the certificate, or of the letter or paper with its symbol
    template: str = ""
    body: str = ""  # who sent or issued a paper; the unit that a note is about
    district: str = ""
    commune: str = ""
    on: date | None = None  # of a paper
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What is found of one kind; `total` is None where it was not counted."""

    kind: str
    hits: Sequence[Hit]
    total: int | None = None


def search(
    connection: Connection, person: Actor | None, text: str, kinds: Iterable[str] = KINDS, *, limit: int = 20
) -> list[Group]:
    """The first hits of each kind that has any, counted. `person`: who asks; None: the command line."""
    totals = counts(connection, text[:LONGEST], {kind: _office(person, kind) for kind in kinds})
    found = (
        search_kind(connection, person, text, kind, limit=min(limit, totals[kind])) for kind in KINDS if kind in totals
    )
    return [Group(group.kind, group.hits, totals[group.kind]) for group in found if group.hits]


def search_kind(
    connection: Connection, person: Actor | None, text: str, kind: str, *, limit: int, offset: int = 0
) -> Group:
    """A page of the hits of one kind, not counted."""
    subjects = ranked(connection, kind, text[:LONGEST], _office(person, kind), limit=limit, offset=offset)
    return _group(connection, kind, subjects)


def suggestions(
    connection: Connection, person: Actor | None, text: str, kinds: Iterable[str] = KINDS, *, limit: int
) -> list[Group]:
    """The hits while typing: the first of each kind that has any, not counted."""
    offices = {kind: _office(person, kind) for kind in kinds}
    found = suggested(connection, text[:LONGEST], offices, limit=limit)
    return [_group(connection, kind, subjects) for kind, subjects in found.items() if subjects]


def _group(connection: Connection, kind: str, subjects: Sequence[int]) -> Group:
    hits = _READ[kind](connection, subjects) if subjects else {}
    return Group(kind, [hits[subject] for subject in subjects if subject in hits])


def how_many(connection: Connection, person: Actor | None, text: str, kind: str) -> int:
    return counts(connection, text[:LONGEST], {kind: _office(person, kind)}).get(kind, 0)


def _office(person: Actor | None, kind: str) -> str | None:
    """The office whose things a person finds; None: of every office."""
    if person is None:
        return None
    return person.office if kind == "incoming" else person.district


def _units(connection: Connection, subjects: Sequence[int]) -> dict[int, Hit]:
    row = units.c
    columns = (row.id, row.name, row.certificate_number, row.district_code, row.commune)
    return {
        unit: Hit("unit", unit, name, number=number, district=district, commune=commune)
        for unit, name, number, district, commune in connection.execute(
            select(*columns).where(row.id.in_(subjects))
        ).tuples()
    }


def _cases(connection: Connection, subjects: Sequence[int]) -> dict[int, Hit]:
    row = case_rows.c
    columns = (row.id, row.unit_name, row.ref, row.district_code, row.closed_on)
    return {
        case: Hit("case", case, name, ref, district=district, closed=closed_on is not None)
        for case, name, ref, district, closed_on in connection.execute(
            select(*columns).where(row.id.in_(subjects))
        ).tuples()
    }


def _letters(connection: Connection, subjects: Sequence[int]) -> dict[int, Hit]:
    row, case = letter_rows.c, case_rows.c
    columns = (
        row.id, case.unit_name, case.ref, row.number, row.symbol, row.template, case.district_code, row.issued_on,
    )  # fmt: skip
    found = select(*columns).join(case_rows, case.id == row.case_id).where(row.id.in_(subjects))
    return {
        letter: Hit("letter", letter, name, ref, _shown(number, symbol), template, district=district, on=issued_on)
        for letter, name, ref, number, symbol, template, district, issued_on in connection.execute(found).tuples()
    }


def _shown(number: int | None, symbol: str) -> str:
    return "" if number is None else f"{number:02d}/{symbol}"


def _incoming(connection: Connection, subjects: Sequence[int]) -> dict[int, Hit]:
    row = incoming.c
    columns = (row.id, row.summary, case_rows.c.ref, row.symbol, row.from_body, row.received_on)
    found = select(*columns).outerjoin(case_rows, case_rows.c.id == row.case_id).where(row.id.in_(subjects))
    return {
        paper: Hit("incoming", paper, summary, ref or "", symbol, body=body, on=received_on)
        for paper, summary, ref, symbol, body, received_on in connection.execute(found).tuples()
    }


def _earlier(connection: Connection, subjects: Sequence[int]) -> dict[int, Hit]:
    row = earlier_papers.c
    found = select(row.id, row.summary, row.symbol, row.body, row.issued_on).where(row.id.in_(subjects))
    return {
        paper: Hit("earlier", paper, summary, number=symbol, body=body, on=issued_on)
        for paper, summary, symbol, body, issued_on in connection.execute(found).tuples()
    }


def _notes(connection: Connection, subjects: Sequence[int]) -> dict[int, Hit]:
    return _of_cases(connection, "note", case_notes, case_notes.c.written_at, subjects)


def _instructions(connection: Connection, subjects: Sequence[int]) -> dict[int, Hit]:
    return _of_cases(connection, "instruction", instructions, instructions.c.given_at, subjects)


def _of_cases(
    connection: Connection, kind: str, table: Table, at: ColumnElement[datetime], subjects: Sequence[int]
) -> dict[int, Hit]:
    case = case_rows.c
    columns = (table.c.id, table.c.text, case.ref, case.unit_name, case.district_code, at)
    found = select(*columns).join(case_rows, case.id == table.c.case_id).where(table.c.id.in_(subjects))
    return {
        number: Hit(kind, number, _begun(text), ref, body=unit, district=district, on=written.astimezone(HANOI).date())
        for number, text, ref, unit, district, written in connection.execute(found).tuples()
    }


def _begun(text: str) -> str:
    """The beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_OF_TEXT else line[: SHOWN_OF_TEXT - 1].rstrip() + "…"


_READ: Mapping[str, Callable[[Connection, Sequence[int]], dict[int, Hit]]] = {
    "unit": _units, "case": _cases, "letter": _letters, "incoming": _incoming, "earlier": _earlier,
    "note": _notes, "instruction": _instructions,
}  # fmt: skip
