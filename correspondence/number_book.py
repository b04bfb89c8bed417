"""The number books: every number given, in order; a cancelled one keeps its line."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Select, func, select

from casework.office.people import CITY_OFFICE, Actor
from correspondence.issuing import COUNCIL_BOOK
from correspondence.letter_queue import JOINED
from models.tables import book_entries, case_rows, councils, districts, letter_rows, officers
from models.typed_rows import all_rows
from templates.words import both, t

COMMUNE_KINDS = ("THỊ TRẤN ", "PHƯỜNG ", "XÃ ")
_E = book_entries.c
_WHO = func.coalesce(  # the name of the person who cancelled it
    select(officers.c.name).where(officers.c.login == _E.cancelled_by).scalar_subquery(), _E.cancelled_by
).label("cancelled_by")
_BOOK = book_entries.join(JOINED, letter_rows.c.id == _E.letter_id)


class BookLine(TypedDict):
    """A line of a number book, with the letter that has the number."""

    issuer: str
    series: str
    year: int
    number: int
    issued_on: date
    cancelled_at: datetime | None
    cancelled_by: str | None  # by name
    cancel_reason: str
    id: int  # of the letter
    symbol: str
    template: str
    status: str
    data: dict[str, Any]
    ref: str
    unit_name: str


def book(
    connection: Connection,
    person: Actor,
    *,
    year: int,
    issuer: str = "",
    series: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[BookLine]:
    """The lines of the number book that a person may see, in order."""
    found = (
        select(
            _E.issuer, _E.series, _E.year, _E.number, _E.issued_on, _E.cancelled_at, _WHO, _E.cancel_reason,
            letter_rows.c.id, letter_rows.c.symbol, letter_rows.c.template, letter_rows.c.status, letter_rows.c.data,
            case_rows.c.ref, case_rows.c.unit_name,
        )
        .select_from(_BOOK)
        .order_by(_E.issuer, _E.series, _E.number)
    )  # fmt: skip
    listed = _chosen(found, person, year, issuer, series).limit(limit).offset(offset)
    return all_rows(BookLine, connection.execute(listed))


def book_count(connection: Connection, person: Actor, *, year: int, issuer: str = "", series: str = "") -> int:
    found = select(func.count()).select_from(_BOOK)
    return connection.scalar(_chosen(found, person, year, issuer, series)) or 0


def books_of(connection: Connection, person: Actor) -> list[tuple[str, str, int]]:
    """(issuer, series, year) of every book that a person may see."""
    found = select(_E.issuer, _E.series, _E.year).select_from(_BOOK).where(*_own(person)).distinct()
    return sorted((issuer, series, year) for issuer, series, year in connection.execute(found).tuples())


def issuer_names(connection: Connection) -> Callable[[str, str], str]:
    """Names an issuer (`HBG/finance_office`) in a language."""
    kinds = {"quan": "quận", "huyen": "huyện"}
    places = {code: f"{kinds.get(kind, '')} {name}".strip() for code, kind, name in _places(connection)}
    called = _councils(connection)

    def name(issuer: str, lang: str) -> str:
        place, body, *own = issuer.split("/", 2)
        owner = own[0] if own else ""
        if owner in called:  # a council that is recorded as a body
            return called[owner]
        return t(
            f"books.body_{body}", lang, place=places.get(place, place), own=_commune(owner) if " " in owner else owner
        )

    return name


def _councils(connection: Connection) -> dict[str, str]:
    """The names of the councils that are recorded as bodies, by what their books are called."""
    found = connection.execute(select(councils.c.id, councils.c.name)).tuples()
    return {f"{COUNCIL_BOOK}{number}": name for number, name in found}


def short_name(connection: Connection) -> Callable[[BookLine], str]:
    """Names the book of a line in few words: the body as symbols write it, its place, the series."""
    places = {code: name for code, _, name in _places(connection)}
    called = _councils(connection)

    def name(line: BookLine) -> str:
        place, _, *own = line["issuer"].split("/", 2)
        owner = places.get(place, place) if not own else _commune(own[0]) if " " in own[0] else own[0]
        owner = called.get(owner, owner)
        return f"{line['symbol'].rpartition('-')[2]} {owner}, {t('books.short_' + line['series'])}"

    return name


def _places(connection: Connection) -> list[tuple[str, str, str]]:
    """Code, kind and name of every district, and of the city."""
    found = connection.execute(select(districts.c.code, districts.c.kind, districts.c.name)).tuples()
    return [*found, (CITY_OFFICE, "", "thành phố Hải Phòng")]


def _commune(name: str) -> str:
    """`xã Thanh Lương` of the capitals that a letter's head writes."""
    kind = next(kind for kind in (*COMMUNE_KINDS, "") if name.startswith(kind))
    return f"{kind.lower()}{name.removeprefix(kind).title()}"


def series_name(series: str) -> dict[str, str]:
    return both(f"books.series_{series}")


def _own(person: Actor) -> list[ColumnElement[bool]]:
    """A book is shown whole or not at all: a district its own issuers' books, the city all."""
    return [] if person.district is None else [_E.issuer.startswith(f"{person.district}/", autoescape=True)]


def _chosen(found: Select[Any], person: Actor, year: int, issuer: str, series: str) -> Select[Any]:
    found = found.where(_E.year == year, *_own(person))
    if issuer:
        found = found.where(_E.issuer == issuer)
    return found.where(_E.series == series) if series else found
