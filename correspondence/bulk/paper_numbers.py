"""Signed letters whose book is on paper, numbered many at once: number and day as the clerk wrote them, all or none.

Numbers and days are known beforehand, so the records are printed and on the disk before the short transaction that
enters the numbers; a letter that was signed anew in between is printed again within it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine, select

from casework.office.people import Actor
from correspondence.bulk.batch_rows import record_step
from correspondence.drafts import WITH_CASE, one_letter, require_status
from correspondence.grid_lines import in_line
from correspondence.ink.book_modes import ON_PAPER, BookModes, enter_number, read_number, require_unclaimed
from correspondence.issuing import (
    book_of,
    check_day,
    check_law,
    require_issuer,
    require_no_blanks,
    signed_day,
    write_issued,
)
from correspondence.letter_files import keep_bytes, keep_unsettled, settle_files
from correspondence.letter_queue import JOINED, office_letters, scope
from correspondence.letter_rights import ISSUERS, statuses_of
from letters.frozen import thaw
from letters.output.pdf import Printed, PrintError, pdf
from letters.output.press import OnProgress, no_progress, press
from letters.tree import Letter
from models.clock import Clock
from models.database import reading, writing
from models.errors import InputErrors, Refused, WrongInput
from models.tables import case_rows, letter_rows
from models.typed_rows import all_rows
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.state_machine.field_values import parse_day
from templates.formats import date_vi

Records = dict[tuple[int, int, date, str], str]  # SHA-256 of the record by letter, number, day and hash of its text


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """Number and day of a letter as they are typed from the paper."""

    letter: int
    number: str
    on: str


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A signed letter that waits for its number from a book on paper."""

    row: LetterOfCase
    book: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class _Going:
    """A letter about to get the number of its paper."""

    row: LetterOfCase
    letter: Letter
    book: str
    number: int

    @property
    def key(self) -> tuple[int, int, date, str]:
        return self.row["id"], self.number, self.letter.on, self.row["content_hash"]

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Its place in its book: given once."""
        return self.book, self.letter.series, self.letter.on.year, self.number


def to_number(connection: Connection, person: Actor, today: date, batch: int | None = None) -> list[Unnumbered]:
    """The signed letters of the person's office, or of one batch, whose book is or was on paper since the signature."""
    if person.role not in ISSUERS:
        return []
    found = (
        select(*WITH_CASE)
        .select_from(JOINED)
        .where(office_letters(person, statuses_of("issue")), *scope(person), case_rows.c.closed_on.is_(None))
        .order_by(letter_rows.c.batch_id, letter_rows.c.batch_place, letter_rows.c.id)
    )
    if batch is not None:
        found = found.where(letter_rows.c.batch_id == batch)
    modes = BookModes(connection)
    rows = all_rows(LetterOfCase, connection.execute(found))
    waiting = [Unnumbered(row, book_of(row), signed_day(row)) for row in rows]
    return [item for item in waiting if modes.on_paper_within(item.book, item.signed_on, today)]


def number_from_paper(
    bind: Engine, typed: Sequence[PaperNumber], person: Actor, *, clock: Clock, progress: OnProgress = no_progress
) -> list[int]:
    """Number, date and keep signed letters as their papers say, all or none; returns the letters.

    Each act that takes effect by such a letter takes effect with it. What is wrong is named at its cell: `number.12`,
    `on.12`, or `letter.12` for what is wrong with the letter itself.

    Raises:
        NotFound: a letter that the person may not see.
        Refused: the person numbers no letters, or one does not print.
        WrongInput: nothing to number, or every wrong cell at once.
    """
    if person.role not in ISSUERS:
        raise Refused("issuing_not_yours")
    if not typed:
        raise WrongInput("number", "numbers_nothing")
    with reading(bind) as connection:
        going = _checked(connection, typed, person, clock.today())
    records = _printed(going, progress)
    with writing(bind) as connection:
        return _issue(connection, typed, person, clock, records)


def _checked(
    connection: Connection, typed: Sequence[PaperNumber], person: Actor, today: date, *, lock: bool = False
) -> list[_Going]:
    """The letters with their numbers; locks are taken in the order of the letters. Raises as `number_from_paper`."""
    gathered, found, modes = InputErrors(), list[_Going](), BookModes(connection)
    with gathered:
        _require_once(typed)
    for line in sorted(typed, key=lambda item: item.letter):
        row = one_letter(connection, line.letter, person, lock=lock)
        with gathered, in_line(line.letter):
            found.append(_going(connection, modes, row, line, person, today))
    with gathered:
        _require_distinct(found)
    gathered.raise_if_any()
    return found


def _require_once(typed: Iterable[PaperNumber]) -> None:
    gathered = InputErrors()
    for letter, count in Counter(line.letter for line in typed).items():
        with gathered:
            if count > 1:
                raise WrongInput(f"letter.{letter}", "numbers_letter_twice", letter=letter, count=count)
    gathered.raise_if_any()


def _going(
    connection: Connection, modes: BookModes, row: LetterOfCase, line: PaperNumber, person: Actor, today: date
) -> _Going:
    require_issuer(row, person)
    require_status(row, statuses_of("issue"))
    gathered, number, day = InputErrors(), 0, today
    with gathered:
        number = read_number(line.number)
    with gathered:
        day = _day(row, line.on, today)
    gathered.raise_if_any()
    letter = replace(thaw(row["data"]["frozen"]), on=day)
    check_law(row, letter)
    require_no_blanks(row, letter)
    book = book_of(row)
    if modes.of(book, day) != ON_PAPER:
        raise WrongInput("on", "book_kept_here_on", on=date_vi(day))
    require_unclaimed(connection, book, letter.series, day, number)
    return _Going(row, letter, book, number)


def _day(row: LetterOfCase, typed: str, today: date) -> date:
    if not typed.strip():
        raise WrongInput("on", "day_from_paper")
    day = parse_day("on", typed)
    check_day(row, day, today)
    return day


def _require_distinct(going: Iterable[_Going]) -> None:
    """Raises WrongInput at every letter whose number another letter of the grid has."""
    gathered, first = InputErrors(), dict[tuple[str, str, int, int], int]()
    for item in going:
        other = first.setdefault(item.place, item.row["id"])
        with gathered, in_line(item.row["id"]):
            if other != item.row["id"]:
                raise WrongInput(
                    "number", "numbers_number_twice", number=item.number, letter=other, year=item.letter.on.year
                )
    gathered.raise_if_any()


def _printed(going: Sequence[_Going], progress: OnProgress) -> Records:
    """The records, on the disk for good. Raises Refused naming the letter that does not print."""
    try:
        hashes = press([Printed(item.letter, item.number) for item in going], keep_unsettled, progress)
    except PrintError as error:
        raise Refused("batch_does_not_print", why=str(error.params["why"])[:300]) from None
    settle_files(hashes)
    return dict(zip((item.key for item in going), hashes, strict=True))


def _issue(
    connection: Connection, typed: Sequence[PaperNumber], person: Actor, clock: Clock, records: Records
) -> list[int]:
    """Books and cases are held in the same order each time, so that two clerks do not wait for each other."""
    going, gathered = _checked(connection, typed, person, clock.today(), lock=True), InputErrors()
    for item in sorted(going, key=lambda item: item.place):
        with gathered, in_line(item.row["id"]):
            enter_number(connection, item.book, item.letter.series, item.letter.on, item.row["id"], item.number)
    gathered.raise_if_any()
    for item in sorted(going, key=lambda item: (item.row["case_id"], item.letter.on, item.row["id"])):
        sha = records.get(item.key) or keep_bytes(pdf(item.letter, item.number))
        with gathered, in_line(item.row["id"]):
            write_issued(connection, item.row, item.letter, item.number, sha, person, now=clock.now())
    gathered.raise_if_any()
    batches = Counter(item.row["batch_id"] for item in going if item.row["batch_id"] is not None)
    for batch, count in sorted(batches.items()):
        record_step(connection, batch, "issued", person, clock.now(), count)
    return [item.row["id"] for item in going]
