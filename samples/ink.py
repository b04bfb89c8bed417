"""Papers of the sample office that were signed in ink: a book kept on paper, an entry that waits, an older paper."""

from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from casework.ledger import facts_of
from casework.office.people import Actor, actor
from correspondence import drafts
from correspondence.ink.book_modes import ON_PAPER, set_mode
from correspondence.ink.earlier_papers import EarlierPaper, record_earlier
from correspondence.ink.signed_papers import InkPaper, confirm_papers, enter_papers
from correspondence.joint.shares import kind_of
from correspondence.prepared_acts import prepared_by
from correspondence.signing import body_for, head_named, seat_of
from models.clock import FrozenClock
from models.tables import book_entries, case_rows, letter_rows, officers
from samples.histories import TODAY
from samples.paperwork import typed_for

NUMBERS = ("214", "219", "217")  # of the clerk's book, which serves other business too; the last one waits
SCAN = ("ban-chup-mau.pdf", b"%PDF-1.4\n% Ban chup mau, khong co that.\n")
HOME = "VBO"  # office of the sample people whose sign-ins are shown
CLOCK = FrozenClock.on(TODAY, 16)  # after all else of the day


def sign_in_ink(connection: Connection) -> None:
    """Keep one book on paper, enter papers of it, confirm all but one; record a paper from before the software."""
    for book, letters in _books(connection).items():
        if len(letters) >= len(NUMBERS):
            _on_paper(connection, book, letters[: len(NUMBERS)])
            break
    _earlier(connection)


def _books(connection: Connection) -> dict[tuple[str, str], list[int]]:
    """The letters that wait for a signature by office and body, those of the shown office first."""
    found: dict[tuple[str, str], list[int]] = {}
    waiting = (
        select(letter_rows.c.id)
        .join(case_rows, case_rows.c.id == letter_rows.c.case_id)
        .where(letter_rows.c.status.in_(("draft", "submitted")), case_rows.c.closed_on.is_(None))
        .order_by(case_rows.c.district_code != HOME, letter_rows.c.id)
    )
    for letter in list(connection.scalars(waiting)):
        row = drafts.one_letter(connection, letter)
        key = body_for(connection, kind_of(row), row)
        seat = seat_of(key, row)
        if key != "finance_office" or seat is None or prepared_by(facts_of(connection, row["case_id"]), row):
            continue
        if len(found.get((seat, key), ())) < len(NUMBERS) and _is_whole(connection, letter, seat):
            found.setdefault((seat, key), []).append(letter)
        if any(len(letters) == len(NUMBERS) for letters in found.values()):
            break
    return found


def _is_whole(connection: Connection, letter: int, seat: str) -> bool:
    """Whether nothing is missing in a letter once its fields are filled in."""
    row = drafts.one_letter(connection, letter)
    kind = kind_of(row)
    typed = dict(typed_for(kind, row["missing"], TODAY))
    if typed and row["status"] == "draft":
        drafts.fill(connection, letter, _one(connection, seat, "case_officer"), typed, today=TODAY)
    return not drafts.live(connection, drafts.one_letter(connection, letter), TODAY).letter.missing


def _on_paper(connection: Connection, book: tuple[str, str], letters: list[int]) -> None:
    seat, key = book
    clerk, officer = _one(connection, seat, "clerk"), _one(connection, seat, "case_officer")
    issuer = f"{seat}/{key}"
    set_mode(connection, issuer, ON_PAPER, _free_from(connection, issuer), by=clerk, clock=CLOCK)
    head = head_named(connection, key, seat) or ""
    papers = [InkPaper(letter, head, "", TODAY, number, SCAN) for letter, number in zip(letters, NUMBERS, strict=True)]
    made = enter_papers(connection, papers, officer, clock=CLOCK)
    confirm_papers(connection, made[:-1], clerk, clock=CLOCK)


def _free_from(connection: Connection, issuer: str) -> date:
    """The day after the last number of a book, today at the latest."""
    last = connection.scalar(select(func.max(book_entries.c.issued_on)).where(book_entries.c.issuer == issuer))
    return min(last + timedelta(days=1), TODAY) if last else TODAY


def _earlier(connection: Connection) -> None:
    ref = connection.scalar(select(func.min(case_rows.c.ref)).where(case_rows.c.district_code == HOME))
    paper = EarlierPaper(
        "Ủy ban nhân dân huyện (mẫu)", "45/QĐ-UBND", date(2013, 5, 20), "Thu hồi giấy chứng nhận cũ (mẫu)",
        refs=[ref] if ref else (), file=SCAN,
    )  # fmt: skip
    record_earlier(connection, paper, by=_one(connection, HOME, "clerk"), clock=CLOCK)


def _one(connection: Connection, district: str, role: str) -> Actor:
    found = select(officers.c.login).where(officers.c.district_code == district, officers.c.role == role)
    return actor(connection, connection.execute(found.order_by(officers.c.id).limit(1)).scalar_one())
