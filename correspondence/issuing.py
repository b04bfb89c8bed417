"""Numbers: given once, in order, without gaps; a cancelled one keeps its line and is never given again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.acts import annul_in, append_built_in
from casework.ledger import facts_of
from casework.obstacles.tries import TRIED
from casework.office.people import CITY_OFFICE, Actor
from correspondence.drafts import note, one_letter, require_status
from correspondence.effective_papers import take_back, take_effect
from correspondence.ink.book_modes import ON_PAPER, BookModes, enter_number, read_number, require_unclaimed
from correspondence.joint.listed_obstacles import tries_by
from correspondence.joint.shares import REACHED, kind_of, shares_of
from correspondence.letter_files import keep_bytes
from correspondence.letter_rights import ALIVE, ISSUERS, statuses_of
from correspondence.prepared_acts import paper_of_letter
from correspondence.signing import seat_of, signing_body
from letters.blanks import dotted
from letters.frozen import thaw
from letters.output.layouts import standard_on
from letters.output.pdf import pdf
from letters.tree import Letter
from letters.typed_text import check_text
from models.database import is_sqlite
from models.errors import Refused, WrongInput
from models.tables import book_entries, books
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.law.rules import cite
from procedures.state_machine.fold import valid_facts
from templates.formats import date_vi

ISSUE_FACTS = ("letter_issued", TRIED)
COUNCIL_BOOK = "no-"  # before the number of a council, in the name of its book


def issue(
    connection: Connection,
    letter_id: int,
    person: Actor,
    *,
    now: datetime,
    today: date,
    on: date | None = None,
    wanted: str = "",
) -> dict[str, Any]:
    """Number and date an approved letter, keep its PDF and DOCX, and record it in the case.

    The number is taken in the caller's transaction: what fails afterwards gives it back, so that none is lost.
    A book that is kept here gives the number, and refuses a requested one (`wanted`); of a book on paper, number and
    day are those that the clerk wrote on the paper.

    Raises:
        NotFound, Refused: not approved, not this person's to number, back-dated, its law no longer holds, or the act
            that takes effect by it is no longer lawful.
        WrongInput: a number of one's own or, of a book on paper, none or one that is taken; a day to come or before the
            letter was signed.
    """
    row = one_letter(connection, letter_id, person, lock=True)
    letter = to_issue(connection, row, person, today=today, on=on)
    if is_on_paper(connection, row, letter.on):
        require_unclaimed(connection, book_of(row), letter.series, letter.on, read_number(wanted))
    return put_out(connection, row, letter, person, wanted=wanted, now=now)


def to_issue(
    connection: Connection, row: LetterOfCase, person: Actor, *, today: date, on: date | None = None
) -> Letter:
    """A signed letter with the day on which `issue` would date it. Raises as `issue`; nothing is changed.

    What only numbering itself finds out is not looked for: the order of the book, and the act that takes effect.
    """
    require_issuer(row, person)
    require_status(row, statuses_of("issue"))
    day = on or today
    check_day(row, day, today)
    if on is None and is_on_paper(connection, row, day):
        raise WrongInput("on", "day_from_paper")
    letter = replace(thaw(row["data"]["frozen"]), on=day)
    check_law(row, letter)
    return letter


def require_issuer(row: LetterOfCase, person: Actor) -> None:
    """Raises Refused: another role, or the office above issues the letter."""
    seat = seat_of(signing_body(kind_of(row), row["level"]), row)
    if person.role not in ISSUERS or (seat is None and person.district is not None):
        raise Refused("issuing_not_yours")


def put_out(
    connection: Connection, row: LetterOfCase, letter: Letter, person: Actor, *, wanted: str, now: datetime
) -> dict[str, Any]:
    """Give a signed letter its number, keep its record and record it in the case; the day is that of the letter.

    Raises as `issue`.
    """
    require_no_blanks(row, letter)
    number = _numbered(connection, row, letter, wanted)
    return write_issued(connection, row, letter, number, keep_bytes(pdf(letter, number)), person, now=now)


def write_issued(
    connection: Connection,
    row: LetterOfCase,
    letter: Letter,
    number: int,
    sha: str,
    person: Actor,
    *,
    now: datetime,
) -> dict[str, Any]:
    """Write what depends on a number that was taken: the letter's row, its act and its fact in the case.

    `sha`: the record, kept as a file. Raises Refused: the act that takes effect by the letter is not lawful.
    """
    changes = {
        "status": "issued", "issuer": book_of(row), "number": number, "symbol": letter.symbol, "issued_on": letter.on,
        "issued_by": person.login, "pdf_sha": sha,
    }  # fmt: skip
    note(connection, row["id"], **changes)
    return row | changes | {"fact_seq": _record(connection, row, letter, number, person, now)}


def _record(
    connection: Connection, row: LetterOfCase, letter: Letter, number: int, person: Actor, now: datetime
) -> int | None:
    """The act that takes effect by the letter, and that it was issued, in each of its cases.

    Returns the seq of the fact that it follows from.
    """
    who: dict[str, Any] = {"by": person.login, "role": person.role, "now": now}
    paper = paper_of_letter(row, letter, shown_number(number, letter.symbol))
    tries = tries_by(connection, row, paper.symbol, letter.on)
    for share in shares_of(connection, row):
        done = take_effect(connection, share, paper, **who)
        follows = share["fact_seq"] if done is None else done.seq
        data = issued_fact(share, number, letter.symbol, follows)
        append_built_in(connection, share["ref"], "letter_issued", data, on=letter.on, **who)
        for tried in tries.get(share["case_id"], ()):
            append_built_in(connection, share["ref"], TRIED, tried, on=letter.on, **who)
    return one_letter(connection, row["id"])["fact_seq"]


def _numbered(connection: Connection, row: LetterOfCase, letter: Letter, wanted: str) -> int:
    """The number of a letter: the next of a book that is kept here, or the one given in a book on paper."""
    issuer = book_of(row)
    if is_on_paper(connection, row, letter.on):
        number = read_number(wanted)
        enter_number(connection, issuer, letter.series, letter.on, row["id"], number)
        return number
    if wanted.strip():
        raise WrongInput("number", "number_by_hand", number=wanted.strip()[:20])
    return take_numbers(connection, issuer, letter.series, letter.on, [row["id"]])


def is_on_paper(connection: Connection, row: LetterOfCase, on: date) -> bool:
    """Whether the book of a signed letter is the clerk's, on paper, on a day."""
    return BookModes(connection).of(book_of(row), on) == ON_PAPER


def check_day(row: LetterOfCase, day: date, today: date) -> None:
    """Raises WrongInput for a day to come, or before the letter was signed."""
    if day > today:
        raise WrongInput("on", "issue_in_future")
    if day < signed_day(row):
        raise WrongInput("on", "issue_before_signed", signed=date_vi(signed_day(row)))


def signed_day(row: LetterOfCase) -> date:
    """The day for which a letter was signed: of a paper signed in ink its own day, not that of its confirmation."""
    return date.fromisoformat(row["data"]["frozen"]["on"])


def issued_fact(row: LetterOfCase, number: int, symbol: str, follows: int | None) -> dict[str, Any]:
    """What the case's history says of a letter that was issued. `follows`: the seq of the fact it was drafted for."""
    data = {"letter": row["id"], "template": row["template"], "follows": follows}
    return data | {"number": shown_number(number, symbol)}


def shown_number(number: int, symbol: str) -> str:
    """Number and symbol: `05/QĐ-UBND`."""
    return f"{number:02d}/{symbol}"


def book_of(row: LetterOfCase) -> str:
    """Whose book numbers a letter: the issuing body of that district or of the city, e.g. HBG/district_committee.

    Each commune's committee and each dissolution council numbers its own.
    """
    return book_for(row, row["data"]["frozen"]["issuer"])


def book_for(row: LetterOfCase, issuer: str) -> str:
    """The book of a letter that may not be signed yet. `issuer`: the text of its head."""
    key = signing_body(kind_of(row), row["level"])
    own = {"commune_committee": issuer.splitlines()[-1], "council": council_book(row)}.get(key, "")
    return "/".join(filter(None, (seat_of(key, row) or CITY_OFFICE, key, own)))


def council_book(row: LetterOfCase) -> str:
    """What tells the book of a council apart: the council, where it is recorded as a body, else the case."""
    return row["ref"] if row["council_id"] is None else f"{COUNCIL_BOOK}{row['council_id']}"


def check_law(row: LetterOfCase, letter: Letter) -> None:
    """What was signed must still be the law and the form on the day it is dated. Raises Refused."""
    if letter.counts_its_day and letter.on != signed_day(row):
        raise Refused("letter_counts_its_day", letter=row["id"], signed=date_vi(signed_day(row)))
    stale = [key for key, text in letter.cited.items() if cite(key, letter.on).text_vi != text]
    if stale or standard_on(letter.on) != letter.standard:
        raise Refused("letter_law_changed", letter=row["id"], keys=", ".join(stale) or letter.standard)


def require_no_blanks(row: LetterOfCase, letter: Letter) -> None:
    """Raises Refused for a letter that was signed with something left blank, as earlier versions let it."""
    if row["missing"] or next(dotted(letter), None) is not None:
        raise Refused("letter_signed_with_blanks", letter=row["id"], summary=letter.summary)


def take_numbers(connection: Connection, issuer: str, series: str, day: date, letter_ids: Sequence[int]) -> int:
    """The next numbers of the series, consecutive, in the order of the letters; returns the first.

    The counter and the lines of the book are one transaction. Raises Refused for a day before the book's last.
    """
    module = sqlite if is_sqlite(connection) else postgresql
    count = len(letter_ids)
    counter = module.insert(books).values(issuer=issuer, series=series, year=day.year, last=count)
    counter = counter.on_conflict_do_update(
        index_elements=["issuer", "series", "year"], set_={"last": books.c.last + count}
    )
    first = int(connection.execute(counter.returning(books.c.last)).scalar_one()) - count + 1
    _check_order(connection, issuer, series, day)
    line = {"issuer": issuer, "series": series, "year": day.year, "issued_on": day, "cancel_reason": ""}
    lines = [line | {"number": first + place, "letter_id": number} for place, number in enumerate(letter_ids)]
    connection.execute(book_entries.insert(), lines)
    return first


def _check_order(connection: Connection, issuer: str, series: str, day: date) -> None:
    columns = book_entries.c
    latest = connection.scalar(
        select(func.max(columns.issued_on)).where(columns.issuer == issuer, columns.series == series, ~columns.on_paper)
    )
    if latest is not None and day < latest:
        raise Refused("letter_back_dated", latest=latest.strftime("%d/%m/%Y"))


def cancel_number(
    connection: Connection, letter_id: int, person: Actor, reason: str, *, now: datetime, today: date
) -> None:
    """Cancel an issued letter: its number stays in the book with the reason and is never given again.

    The fact that it was issued is annulled in the same commit, and so is the act that took effect by it.

    Raises NotFound, WrongInput, Refused: not issued, served already (replace it by another letter), or a later step
    rests on the act.
    """
    row = one_letter(connection, letter_id, person, lock=True)
    require_issuer(row, person)
    shares = shares_of(connection, row)
    if any(share["status"] in REACHED for share in (row, *shares)):
        raise Refused("letter_served_already")
    require_status(row, statuses_of("cancel"))
    text = check_text(reason, "reason")
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    line = update(book_entries).where(book_entries.c.letter_id == letter_id)
    connection.execute(line.values(cancelled_at=now, cancelled_by=person.login, cancel_reason=text))
    note(connection, letter_id, status="cancelled", remarks=text)
    for share in shares:
        for seq in _issue_facts(connection, share):
            annul_in(connection, share["ref"], seq, by=person.login, role=person.role, reason=text, on=today, now=now)
        take_back(connection, share, person, text, now=now)


def _issue_facts(connection: Connection, row: LetterOfCase) -> list[int]:
    """The facts of a case, not annulled, that the number of the letter made: its issue, and tries on obstacles."""
    found = valid_facts(facts_of(connection, row["case_id"]))
    return [fact.seq for fact in found if fact.kind in ISSUE_FACTS and fact.data.get("letter") == row["id"]]


def printed(row: LetterOfCase) -> bool:
    """Whether the letter's record is kept as a file."""
    return row["status"] not in (*ALIVE, "entered", "approved") and bool(row["pdf_sha"])
