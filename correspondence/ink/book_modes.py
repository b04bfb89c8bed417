"""How each number book is kept: here, without gaps, or by the clerk on paper, whose numbers are typed in."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from casework.office.office_journal import note
from casework.office.people import Actor
from correspondence.delegations import bodies_of
from letters.numbering import series_names
from models.clock import Clock
from models.database import is_sqlite
from models.errors import NotFound, Refused, WrongInput
from models.tables import book_entries, book_modes, books, letter_rows, signed_papers
from models.typed_rows import all_rows
from models.typed_rows.paper_shapes import BookModeRow
from templates.formats import date_vi
from templates.words import both

KEPT_HERE, ON_PAPER = "kept_here", "on_paper"
MODES = (KEPT_HERE, ON_PAPER)
EVERY_BOOK = ""
SETTERS = frozenset({"clerk", "manager", "admin"})
FIRST_DAY = date(1990, 1, 1)  # of a mode that an office has from its beginning
HIGHEST = 99_999
_E = book_entries.c
_P = signed_papers.c


class BookModes:
    """The modes of all books, read once."""

    def __init__(self, connection: Connection) -> None:
        columns = book_modes.c
        found = select(book_modes).order_by(columns.from_on, columns.id)
        self.history = all_rows(BookModeRow, connection.execute(found))

    def of(self, issuer: str, on: date) -> str:
        """How a book is kept on a day: as was settled for it, for its body, for its office, else for every book."""
        for name in _wider(issuer):
            held = [row["mode"] for row in self.history if row["issuer"] == name and row["from_on"] <= on]
            if held:
                return held[-1]
        return KEPT_HERE

    def on_paper_within(self, issuer: str, first: date, last: date) -> bool:
        """Whether a book is kept on paper on one of the days."""
        turns = {row["from_on"] for row in self.history if first < row["from_on"] <= last}
        return any(self.of(issuer, day) == ON_PAPER for day in (first, *turns))


def _wider(issuer: str) -> Iterator[str]:
    """A book and what holds for it too: HBG/council/HP-2016-0001, HBG/council, HBG, every book."""
    yield from reversed(list(accumulate(issuer.split("/"), lambda one, more: f"{one}/{more}")))
    yield EVERY_BOOK


def keep_on_paper(connection: Connection, *, by: str, clock: Clock) -> None:
    """Every book of a new office is the clerk's, on paper, until the office settles otherwise."""
    row = {"issuer": EVERY_BOOK, "mode": ON_PAPER, "from_on": FIRST_DAY, "recorded_by": by, "recorded_at": clock.now()}
    connection.execute(book_modes.insert().values(row))


def set_mode(connection: Connection, issuer: str, mode: str, from_on: date, *, by: Actor, clock: Clock) -> None:
    """Settle how a book is kept from a day on; the history stays.

    `issuer`: a book or the books of a body (`HBG/finance_office`). Raises NotFound, Refused, WrongInput.
    """
    _require_setter(connection, issuer, by)
    if mode not in MODES:
        raise WrongInput("mode", "not_an_option", value=mode[:20], options=", ".join(MODES))
    if BookModes(connection).of(issuer, from_on) == mode:
        raise Refused("book_mode_so_already", mode=both(f"numbers.{mode}"))
    latest = connection.scalar(
        select(func.max(_E.issued_on)).where(_within(issuer), _E.on_paper.is_(mode == KEPT_HERE))
    )
    if latest is not None and from_on <= latest:
        raise WrongInput("from_on", "book_mode_back", latest=date_vi(latest))
    row = {"issuer": issuer, "mode": mode, "from_on": from_on, "recorded_by": by.login, "recorded_at": clock.now()}
    connection.execute(book_modes.insert().values(row))
    said = {"mode": mode, "from_on": from_on.isoformat(), "district": by.district}
    note(connection, "book_mode", issuer, by.login, clock, said)


def start_book(
    connection: Connection, issuer: str, series: str, year: int, number: int, *, by: Actor, clock: Clock
) -> None:
    """The first number that is given here in a book of a year; once, before a number was given here.

    Raises NotFound, Refused, WrongInput.
    """
    _require_setter(connection, issuer, by)
    if series not in series_names():
        raise WrongInput("series", "not_an_option", value=series[:20], options=", ".join(series_names()))
    if not 1 <= number <= HIGHEST:
        raise WrongInput("number", "book_start_wrong", highest=HIGHEST)
    own = _E.issuer == issuer, _E.series == series, _E.year == year
    if connection.scalar(select(func.count()).select_from(book_entries).where(*own, ~_E.on_paper)):
        raise Refused("book_begun_already")
    highest = connection.scalar(select(func.max(_E.number)).where(*own)) or 0
    if number <= highest:
        raise WrongInput("number", "book_start_taken", latest=highest)
    set_once = {"last": number - 1, "start": number, "started_by": by.login, "started_at": clock.now()}
    module = sqlite if is_sqlite(connection) else postgresql
    statement = module.insert(books).values(issuer=issuer, series=series, year=year, **set_once)
    statement = statement.on_conflict_do_update(
        index_elements=["issuer", "series", "year"], set_=set_once, where=books.c.started_at.is_(None)
    )
    if connection.execute(statement.returning(books.c.last)).first() is None:
        raise Refused("book_started_already")
    note(connection, "book_start", issuer, by.login, clock,
         {"series": series, "year": year, "number": number, "district": by.district})  # fmt: skip


def books_to_settle(connection: Connection, person: Actor) -> list[str]:
    """The bodies whose books a person may settle, each `HBG/finance_office`; the city's person those of the city."""
    return [f"{person.district or 'HP'}/{body}" for body in bodies_of(person.district)]


def read_number(typed: str) -> int:
    """The number that a paper bears. Raises WrongInput: missing, or not a number of a book."""
    text = typed.strip()
    if not text:
        raise WrongInput("number", "number_from_paper")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= HIGHEST):
        raise WrongInput("number", "number_not_of_book", number=text[:20], highest=HIGHEST)
    return int(text)


def require_free(connection: Connection, issuer: str, series: str, day: date, numbers: Sequence[int]) -> None:
    """Raises WrongInput when one of the numbers is in the book of that year already, naming the letter that has it."""
    own = _E.issuer == issuer, _E.series == series, _E.year == day.year, _E.number.in_(numbers)
    found = select(_E.number, _E.issued_on, letter_rows.c.id, letter_rows.c.symbol).join(
        letter_rows, letter_rows.c.id == _E.letter_id
    )
    taken = connection.execute(found.where(*own)).first()
    if taken is not None:
        number, on, letter, symbol = taken
        raise WrongInput(
            "number", "number_taken", number=f"{number:02d}/{symbol}", year=day.year, letter=letter, on=date_vi(on)
        )


def require_unclaimed(connection: Connection, issuer: str, series: str, day: date, number: int) -> None:
    """`require_free`, and on no signed paper of that book and year that waits to be confirmed. Raises WrongInput."""
    require_free(connection, issuer, series, day, [number])
    found = (
        select(_P.id, letter_rows.c.id, letter_rows.c.data, _P.signed_on)
        .join(letter_rows, letter_rows.c.id == _P.letter_id)
        .where(_P.status == "entered", _P.number == number, letter_rows.c.issuer == issuer)
    )
    for other, letter_id, data, on in connection.execute(found).tuples():
        if on.year == day.year and data.get("frozen", {}).get("series") == series:
            raise WrongInput("number", "number_entered", number=number, paper=other, letter=letter_id, on=date_vi(on))


def enter_number(connection: Connection, issuer: str, series: str, day: date, letter_id: int, number: int) -> None:
    """A number that the clerk gave in a book on paper: gaps and any order are right. Raises WrongInput if taken."""
    module = sqlite if is_sqlite(connection) else postgresql
    counter = module.insert(books).values(issuer=issuer, series=series, year=day.year, last=number)
    highest = func.max if is_sqlite(connection) else func.greatest
    counter = counter.on_conflict_do_update(
        index_elements=["issuer", "series", "year"], set_={"last": highest(books.c.last, number)}
    )
    connection.execute(counter)  # holds the book: who enters the same number meanwhile waits, and finds it taken
    require_free(connection, issuer, series, day, [number])
    line = {"issuer": issuer, "series": series, "year": day.year, "issued_on": day, "cancel_reason": ""}
    connection.execute(book_entries.insert().values(**line, number=number, letter_id=letter_id, on_paper=True))


def _within(issuer: str) -> ColumnElement[bool]:
    return (_E.issuer == issuer) | _E.issuer.startswith(f"{issuer}/", autoescape=True)


def _require_setter(connection: Connection, issuer: str, by: Actor) -> None:
    if not any(issuer == own or issuer.startswith(f"{own}/") for own in books_to_settle(connection, by)):
        raise NotFound("no_such_book", book=issuer[:80])
    if by.role not in SETTERS:
        raise Refused("books_not_yours")
