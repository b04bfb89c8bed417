"""Many letters numbered as one batch: all or none, consecutive in the order of the batch, each with its record kept.

The number is printed on the record, and printing a thousand takes seconds in which no other writer could proceed.
So the letters are printed with the numbers they will get before any number is taken; only then, in one short
transaction, the numbers are taken. If another clerk took them meanwhile, the transaction is rolled back and the
letters are printed again. The records lie on the disk before the commit: no number without its bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.acts import record
from casework.ledger import LoadedCase, NewFact, load_cases
from casework.office.people import Actor
from correspondence.bulk.batch_rows import (
    BatchLetter,
    letters_of,
    needed_text,
    note_many,
    own_batch,
    record_step,
    require_seen,
)
from correspondence.effective_papers import take_effect
from correspondence.ink.book_modes import ON_PAPER, BookModes
from correspondence.issuing import (
    book_of,
    cancel_number,
    check_law,
    issued_fact,
    require_no_blanks,
    shown_number,
    take_numbers,
)
from correspondence.letter_files import keep_unsettled, settle_files
from correspondence.letter_rights import ALIVE, ISSUERS
from correspondence.prepared_acts import paper_of_letter, require_no_act
from letters.catalogue import letter_type
from letters.frozen import thaw
from letters.output.pdf import Printed, PrintError
from letters.output.press import OnProgress, no_progress, press
from letters.tree import Letter
from models.clock import Clock
from models.database import reading, writing
from models.errors import Refused, WrongInput
from models.tables import books
from rulebook.office_calendar import OfficeCalendars
from templates.words import say

PRINTED_AHEAD = 2  # times; after that the numbers are held while it prints
REASON = {"vi": "Lý do", "en": "Reason"}
Records = dict[tuple[int, int, str], str]  # SHA-256 of the record by letter, number and the hash of its text


class _Overtaken(Exception):
    """Another clerk took the numbers that the letters were printed with."""


@dataclass(frozen=True, slots=True)
class Going:
    """A letter about to be numbered, in its book."""

    row: BatchLetter
    letter: Letter
    book: tuple[str, str]  # issuer, series
    number: int

    @property
    def key(self) -> tuple[int, int, str]:
        return self.row["id"], self.number, self.row["content_hash"]


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a batch got: how many letters, and the first and last number of each series."""

    count: int
    ranges: tuple[tuple[str, str, int, int], ...]  # issuer, series, first, last


def issue_batch(
    bind: Engine, batch_id: int, person: Actor, *, clock: Clock, seen: str = "", progress: OnProgress = no_progress
) -> Numbered:
    """Number, date and keep every letter of a batch, in its order. Nothing is changed unless all of it is.

    Raises:
        NotFound, Conflict.
        Refused: not theirs to number, one is not signed or does not print, back-dated, its law changed.
    """
    if person.role not in ISSUERS:
        raise Refused("issuing_not_yours")
    records: Records = {}
    for _ in range(PRINTED_AHEAD):
        with reading(bind) as connection:
            going = _expected(connection, _signed(connection, batch_id, person, clock.today(), seen))
        _print(going, records, progress)
        try:
            with writing(bind) as connection:
                return _issue(connection, batch_id, person, clock, seen, records)
        except _Overtaken:
            continue
    with writing(bind) as connection:
        return _issue(connection, batch_id, person, clock, seen, records, progress)


def _signed(
    connection: Connection, batch_id: int, person: Actor, day: date, seen: str, *, lock: bool = False
) -> list[Going]:
    """The signed letters of a batch, not numbered yet. Raises Refused when one is not signed or no longer holds."""
    own_batch(connection, batch_id, person, lock=lock)
    rows = letters_of(connection, batch_id, lock=lock)
    require_seen(rows, seen)
    unsigned = [row["ref"] for row in rows if row["status"] in (*ALIVE, "entered")]
    if unsigned:
        raise Refused("batch_not_all_signed", count=len(unsigned), refs=", ".join(unsigned[:5]))
    going = [_going(row, day) for row in rows if row["status"] == "approved"]
    if not going:
        raise Refused("batch_nothing_to_issue")
    modes = BookModes(connection)
    if any(modes.of(item.book[0], day) == ON_PAPER for item in going):
        raise Refused("batch_book_on_paper")
    return going


def _going(row: BatchLetter, day: date) -> Going:
    letter = replace(thaw(row["data"]["frozen"]), on=day)
    check_law(row, letter)
    require_no_blanks(row, letter)
    known: BatchLetter = {**row, "data": {}}  # held once, as the letter
    return Going(known, letter, (book_of(row), letter.series), 0)


def _expected(connection: Connection, going: Sequence[Going]) -> list[Going]:
    """With the numbers that would be taken now."""
    year = going[0].letter.on.year
    columns = books.c
    issuers = {item.book[0] for item in going}
    found = select(columns.issuer, columns.series, columns.last).where(
        columns.issuer.in_(issuers), columns.year == year
    )
    last = {(issuer, series): number for issuer, series, number in connection.execute(found).tuples()}
    return _counted(going, {book: last.get(book, 0) + 1 for book in {item.book for item in going}})


def _counted(going: Iterable[Going], first: Mapping[tuple[str, str], int]) -> list[Going]:
    ahead = dict(first)
    found = []
    for item in going:
        found.append(replace(item, number=ahead[item.book]))
        ahead[item.book] += 1
    return found


def _print(going: Sequence[Going], records: Records, progress: OnProgress) -> None:
    """Print and keep what is not kept yet; on the disk for good when this returns."""
    fresh = [item for item in going if item.key not in records]
    try:
        hashes = press([Printed(item.letter, item.number) for item in fresh], keep_unsettled, progress)
    except PrintError as error:
        raise Refused("batch_does_not_print", why=str(error.params["why"])[:300]) from None
    settle_files(hashes)
    records.update(zip((item.key for item in fresh), hashes, strict=True))


def _issue(
    connection: Connection,
    batch_id: int,
    person: Actor,
    clock: Clock,
    seen: str,
    records: Records,
    progress: OnProgress | None = None,
) -> Numbered:
    """Take the numbers and write what depends on them; with `progress`, letters not printed yet are printed here."""
    day, now = clock.today(), clock.now()
    signed = _signed(connection, batch_id, person, day, seen, lock=True)
    first = {book: _take(connection, book, day, signed) for book in sorted({item.book for item in signed})}
    going = _counted(signed, first)
    if progress is not None:
        _print(going, records, progress)
    if any(item.key not in records for item in going):
        raise _Overtaken
    note_many(connection, [_written(item, records[item.key], person, day) for item in going])
    _record(connection, going, person, clock)
    record_step(connection, batch_id, "issued", person, now, len(going))
    return Numbered(len(going), tuple(_ranges(going)))


def _take(connection: Connection, book: tuple[str, str], day: date, signed: Sequence[Going]) -> int:
    return take_numbers(connection, *book, day, [item.row["id"] for item in signed if item.book == book])


def _written(item: Going, sha: str, person: Actor, day: date) -> dict[str, Any]:
    return {
        "letter_id": item.row["id"], "status": "issued", "issuer": item.book[0], "number": item.number,
        "symbol": item.letter.symbol, "issued_on": day, "issued_by": person.login, "pdf_sha": sha,
    }  # fmt: skip


def _record(connection: Connection, going: Sequence[Going], person: Actor, clock: Clock) -> None:
    """A fact in every case, after that of the act that takes effect by the letter."""
    in_order = sorted(going, key=lambda item: item.row["case_id"])  # locks are always taken in the same order
    follows = {item.row["id"]: seq for item in in_order if (seq := _take_effect(connection, item, person, clock))}
    loaded = load_cases(connection, [item.row["case_id"] for item in going], lock=True)
    calendars, day, now = OfficeCalendars(connection), clock.today(), clock.now()
    for item in going:
        case = loaded[item.row["case_id"]]
        _require_no_act(case, item)
        seq = follows.get(item.row["id"], item.row["fact_seq"])
        data = issued_fact(item.row, item.number, item.letter.symbol, seq)
        fact = NewFact("letter_issued", day, now, person.login, person.role, data)
        record(connection, case, fact, calendars=calendars.of(case.row["district_code"]))


def _require_no_act(case: LoadedCase, item: Going) -> None:
    """Raises Refused, naming the case, for a letter drafted by hand that is the paper of an act not done."""
    if item.row["fact_seq"] is None:
        with _naming(item):
            require_no_act(case, letter_type(item.row["template"]).name)


@contextmanager
def _naming(item: Going) -> Iterator[None]:
    try:
        yield
    except (Refused, WrongInput) as error:
        why = {lang: say(error, lang) for lang in ("vi", "en")}
        raise Refused("batch_act_refused", ref=item.row["ref"], why=why) from error


def _take_effect(connection: Connection, item: Going, person: Actor, clock: Clock) -> int | None:
    """The act that takes effect by a letter; naming its case where it is refused, and with it the whole batch."""
    if item.row["fact_seq"] is None:
        return None
    paper = paper_of_letter(item.row, item.letter, shown_number(item.number, item.letter.symbol))
    with _naming(item):
        done = take_effect(connection, item.row, paper, by=person.login, role=person.role, now=clock.now())
    return None if done is None else done.seq


def _ranges(going: Sequence[Going]) -> Iterable[tuple[str, str, int, int]]:
    for book in sorted({item.book for item in going}):
        numbers = [item.number for item in going if item.book == book]
        yield (*book, min(numbers), max(numbers))


def cancel_batch(
    connection: Connection, batch_id: int, person: Actor, reason: str, *, clock: Clock, seen: str = ""
) -> int:
    """Cancel every number of an issued batch; the numbers keep their lines. Returns how many.

    Raises NotFound, Conflict, WrongInput. Refused: not theirs, nothing is issued, or one has been served.
    """
    own_batch(connection, batch_id, person, lock=True)
    text = needed_text("reason", reason, REASON)
    rows = letters_of(connection, batch_id, lock=True)
    require_seen(rows, seen)
    numbered = [row for row in rows if row["number"] is not None and row["status"] != "cancelled"]
    if not numbered:
        raise Refused("batch_nothing_to_cancel")
    for row in numbered:
        cancel_number(connection, row["id"], person, text, now=clock.now(), today=clock.today())
    record_step(connection, batch_id, "cancelled", person, clock.now(), len(numbered), reason=text)
    return len(numbered)
