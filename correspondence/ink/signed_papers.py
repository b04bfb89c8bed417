"""Letters signed in ink: entered from the scan by one person, confirmed or returned by another.

The text is frozen as it read on the day of the paper, so that the second person confirms what was entered. Where the
number book is on paper, the confirmation issues the letter with the number and day of the paper; where it is kept here,
the letter is signed and waits for its number.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from casework.dossier.documents import documents_of
from casework.evidence_store import bytes_of, media_type_of, plain_name
from casework.ledger import load_case
from casework.office.people import Actor
from correspondence.composing import Composer
from correspondence.drafts import approval, note, one_letter, require_act_of, require_status, unsigned
from correspondence.grid_lines import in_line
from correspondence.ink.book_modes import ON_PAPER, BookModes, read_number, require_unclaimed
from correspondence.ink.competence import competent_signer
from correspondence.issuing import book_for, put_out
from correspondence.joint.shares import kind_of
from correspondence.letter_files import keep_bytes, read_bytes
from correspondence.letter_rights import ENTERERS, statuses_of
from correspondence.signed_versions import add_version
from correspondence.signing import require_ours, seat_of, signing_body
from letters.frozen import thaw
from letters.tree import Letter
from letters.typed_text import check_text
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import signed_papers
from models.typed_rows import first_row
from models.typed_rows.letter_shapes import LetterOfCase
from models.typed_rows.paper_shapes import SignedPaperRow

SCANS = ("application/pdf", "image/png", "image/jpeg", "image/tiff")
_P = signed_papers.c
File = tuple[str, bytes]  # name and content


@dataclass(frozen=True, slots=True)
class InkPaper:
    """A signed paper as it is typed. `number`: as the clerk wrote it; empty where the book is kept here."""

    letter: int
    signer: str
    authority: str  # empty for the head, KT, TL, TUQ or Q
    signed_on: date | None
    number: str = ""
    file: File | None = None  # the scan
    document: str = ""  # by hash: a document of the case that is the scan, instead of a file


def enter_papers(
    connection: Connection, papers: Sequence[InkPaper], person: Actor, *, clock: Clock, grid: bool = False
) -> list[int]:
    """Enter signed papers, all or none; returns their numbers.

    `grid`: what is wrong with a paper bears the number of its letter (`number.12`), as the cells of a grid do.

    Raises:
        NotFound, Refused: not this person's to enter, not drafted here, a field of the letter is missing.
        WrongInput: every wrong field of every paper at once.
    """
    gathered, made = InputErrors(), list[int]()
    for paper in papers:
        with gathered, in_line(paper.letter) if grid else nullcontext():
            made.append(_enter(connection, paper, person, clock))
    gathered.raise_if_any()
    return made


def _enter(connection: Connection, paper: InkPaper, person: Actor, clock: Clock) -> int:
    row = one_letter(connection, paper.letter, person, lock=True)
    _require_may(row, person)
    require_status(row, statuses_of("enter"))
    day, scan = _checked(connection, row["case_id"], paper, clock.today())
    kind = kind_of(row)
    require_ours(connection, kind, row)
    require_act_of(connection, row)
    signer = competent_signer(connection, kind, row, check_text(paper.signer, "signer"), paper.authority, day)
    letter = Composer(connection, day).of_row(row, load_case(connection, row["ref"]), signer)
    book = book_for(row, letter.issuer)
    number = _number(connection, paper.number, book, letter, day)
    frozen = approval(row, kind, letter, person, clock.now())
    unsigned = {"status": "entered", "approved_by": None, "approved_at": None, "issuer": book}
    note(connection, row["id"], **(frozen | unsigned))
    values = {
        "letter_id": row["id"], "status": "entered", "signer": signer.name, "authority": signer.authority,
        "post": signer.post, "number": number, "signed_on": day, "before": row["status"], **scan,
        "entered_by": person.login, "entered_at": clock.now(), "decided_by": "", "remarks": "",
    }  # fmt: skip
    return int(connection.execute(signed_papers.insert().values(values).returning(_P.id)).scalar_one())


def confirm_papers(connection: Connection, numbers: Sequence[int], person: Actor, *, clock: Clock) -> list[int]:
    """Confirm from their scans that papers are as entered, all or none; returns the letters that were issued by it.

    Raises:
        NotFound, WrongInput: a number that has been taken meanwhile.
        Refused: entered by this person, decided already, the signer is no longer entitled, or the act that takes effect
            by a paper is no longer lawful.
    """
    issued = []
    for number in sorted(set(numbers)):
        paper, row = _held(connection, number, person)
        if paper["entered_by"] == person.login:
            raise Refused("ink_four_eyes", paper=number)
        if _confirm(connection, paper, row, person, clock):
            issued.append(row["id"])
    return issued


def _confirm(connection: Connection, paper: SignedPaperRow, row: LetterOfCase, person: Actor, clock: Clock) -> bool:
    """Sign the letter as entered, and issue it where its book is on paper; returns whether it is issued."""
    now, day, kind = clock.now(), paper["signed_on"], kind_of(row)
    competent_signer(connection, kind, row, paper["signer"], paper["authority"], day)
    note(connection, row["id"], status="approved", approved_by=person.login, approved_at=now, remarks="")
    number = "" if paper["number"] is None else str(paper["number"])
    on_paper = BookModes(connection).of(row["issuer"], day) == ON_PAPER
    if on_paper:
        letter = replace(thaw(row["data"]["frozen"]), on=day)
        put_out(connection, row, letter, person, wanted=number, now=now)
    add_version(connection, row["id"], read_bytes(paper["sha256"]), paper["name"], paper["media_type"], person, now)
    _decide(connection, paper["id"], "confirmed", person, clock)
    return on_paper


def return_paper(connection: Connection, number: int, person: Actor, remarks: str, *, clock: Clock) -> None:
    """Send an entry back to who made it; the letter is again as it was before. Raises NotFound, Refused, WrongInput."""
    paper, row = _held(connection, number, person)
    if paper["entered_by"] == person.login:
        raise Refused("ink_four_eyes", paper=number)
    text = check_text(remarks, "remarks").strip()
    if not text:
        raise WrongInput("remarks", "missing_field", label={"vi": "Ý kiến", "en": "Remarks"})
    _undo(connection, paper, row, text)
    _decide(connection, number, "returned", person, clock, text)


def withdraw_paper(connection: Connection, number: int, person: Actor, *, clock: Clock) -> None:
    """Take one's own entry back before it is confirmed. Raises NotFound, Refused."""
    paper, row = _held(connection, number, person)
    if paper["entered_by"] != person.login:
        raise Refused("ink_not_yours_to_withdraw", paper=number)
    _undo(connection, paper, row, "")
    _decide(connection, number, "withdrawn", person, clock)


def scan_of(connection: Connection, number: int, person: Actor) -> tuple[bytes, str, str]:
    """(content, name, media type) of the scan of an entry. Raises NotFound."""
    paper = _one(connection, number)
    one_letter(connection, paper["letter_id"], person)
    return read_bytes(paper["sha256"]), paper["name"], paper["media_type"]


def _require_may(row: LetterOfCase, person: Actor) -> None:
    """Raises Refused unless the person is one of those who enter and confirm papers in the office of the signer."""
    kind = kind_of(row)
    if person.role not in ENTERERS:
        raise Refused("ink_not_yours")
    if person.district != seat_of(signing_body(kind, row["level"]), row):
        raise Refused("ink_of_another_office")


def _held(connection: Connection, number: int, person: Actor) -> tuple[SignedPaperRow, LetterOfCase]:
    """An open entry with its letter, both held until the transaction ends. Raises NotFound, Refused."""
    row = one_letter(connection, _one(connection, number)["letter_id"], person, lock=True)
    _require_may(row, person)
    paper = _one(connection, number)  # as it is now that the letter is held
    if paper["status"] != "entered" or row["status"] != "entered":
        raise Refused("ink_decided_already", paper=number)
    return paper, row


def _one(connection: Connection, number: int) -> SignedPaperRow:
    row = first_row(SignedPaperRow, connection.execute(select(signed_papers).where(_P.id == number)))
    if row is None:
        raise NotFound("no_such_signed_paper", paper=number)
    return row


def _undo(connection: Connection, paper: SignedPaperRow, row: LetterOfCase, remarks: str) -> None:
    """The letter as it was before it was entered; its text follows the facts again."""
    note(connection, row["id"], **unsigned(row), status=paper["before"], remarks=remarks)


def _decide(connection: Connection, number: int, status: str, person: Actor, clock: Clock, remarks: str = "") -> None:
    decided = {"status": status, "decided_by": person.login, "decided_at": clock.now(), "remarks": remarks}
    connection.execute(update(signed_papers).where(_P.id == number).values(**decided))


def scan_given(connection: Connection, case_id: int, file: File | None, document: str) -> File | None:
    """The scan that was sent, or the document of the case that was chosen instead of one. Raises WrongInput."""
    if not document:
        return file
    if file is not None:
        raise WrongInput("file", "ink_two_scans")
    listed = documents_of(connection, case_id, struck=False)
    kept = next((row for row in listed if row["sha256"] == document), None)
    if kept is None:
        raise WrongInput("file", "document_not_of_case")
    return kept["name"], bytes_of(document)


def _checked(connection: Connection, case_id: int, paper: InkPaper, today: date) -> tuple[date, dict[str, Any]]:
    """The day and the columns of the scan. Raises WrongInput at each wrong field."""
    gathered, scan, day = InputErrors(), dict[str, Any](), today
    with gathered:
        day = _day(paper.signed_on, today)
    with gathered:
        scan = _scan(scan_given(connection, case_id, paper.file, paper.document))
    with gathered:
        if not paper.signer.strip():
            raise WrongInput("signer", "missing_field", label={"vi": "Người ký", "en": "Signer"})
    gathered.raise_if_any()
    return day, scan


def _day(day: date | None, today: date) -> date:
    if day is None:
        raise WrongInput("signed_on", "missing_field", label={"vi": "Ngày văn bản", "en": "Date of the paper"})
    if day > today:
        raise WrongInput("signed_on", "issue_in_future")
    return day


def _scan(file: File | None) -> dict[str, Any]:
    if file is None:
        raise WrongInput("file", "ink_needs_scan")
    name = plain_name(file[0])
    media_type = media_type_of(file[1], name, "file")
    if media_type not in SCANS:
        raise WrongInput("file", "ink_scan_kind", name=name)
    return {"sha256": keep_bytes(file[1]), "name": name, "media_type": media_type, "size": len(file[1])}


def _number(connection: Connection, typed: str, book: str, letter: Letter, day: date) -> int | None:
    """The number on the paper, free in its book and on no other paper that waits; none where the book is kept here."""
    if BookModes(connection).of(book, day) != ON_PAPER:
        if typed.strip():
            raise WrongInput("number", "number_by_hand", number=typed.strip()[:20])
        return None
    number = read_number(typed)
    require_unclaimed(connection, book, letter.series, day, number)
    return number
