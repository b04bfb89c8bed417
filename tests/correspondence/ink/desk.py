"""An office whose heads sign in ink: letters entered from scans and confirmed by another person."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import update

from correspondence.ink.book_modes import FIRST_DAY, ON_PAPER, set_mode
from correspondence.ink.signatories import Signatory, record_signatory
from correspondence.ink.signed_papers import InkPaper, confirm_papers, enter_papers, return_paper, withdraw_paper
from models.database import reading, writing
from models.tables import book_modes, officers, signed_papers
from models.typed_rows import all_rows
from models.typed_rows.paper_shapes import SignedPaperRow
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import TODAY, Office

SCAN = ("ban ky.pdf", b"%PDF-1.4 ban ky")
BOOK = "HBG/finance_office"
HEAD = Signatory("Đào Thị Én", "Trưởng phòng", "finance_office", date(2015, 1, 1))


class InkDesk(Paperwork):
    """The letters of one case of Hồng Bàng, whose finance office signs in ink and keeps its book on paper."""

    def open(self, from_on: date = FIRST_DAY) -> "InkDesk":
        """Nobody who signs in heads the finance office; the clerk's book is on paper."""
        with writing(self.bind) as connection:
            connection.execute(
                update(officers).where(officers.c.login == "manager.hbg").values(post="Phó Trưởng phòng")
            )
        self.signatory(HEAD)
        self.on_paper(BOOK, from_on)
        return self

    def signatory(self, typed: Signatory, by: str = "clerk") -> int:
        with writing(self.bind) as connection:
            return record_signatory(connection, typed, by=self.person(by), clock=self.clock)

    def on_paper(self, issuer: str, from_on: date = FIRST_DAY, mode: str = ON_PAPER, by: str = "clerk") -> None:
        with writing(self.bind) as connection:
            set_mode(connection, issuer, mode, from_on, by=self.person(by), clock=self.clock)

    def waiting(self) -> int:
        """A letter of the finance office that is filled in and submitted."""
        return self.submitted(self.drafted(deleted_on="25/03/2016"))

    def signed(self) -> int:
        """A letter of the finance office that waits for its number."""
        return self.approved(self.drafted(deleted_on="25/03/2016"))

    def enter(self, letter: int, by: str = "case_officer", **changes: Any) -> int:
        paper = InkPaper(letter, HEAD.name, "", TODAY, "41", SCAN)
        with writing(self.bind) as connection:
            typed = [replace(paper, **changes)]
            return enter_papers(connection, typed, self.person(by), clock=self.clock)[0]

    def enter_all(self, typed: list[InkPaper], by: str = "case_officer") -> list[int]:
        """Papers of a grid."""
        with writing(self.bind) as connection:
            return enter_papers(connection, typed, self.person(by), clock=self.clock, grid=True)

    def confirm(self, *papers: int, by: str = "clerk") -> list[int]:
        with writing(self.bind) as connection:
            return confirm_papers(connection, papers, self.person(by), clock=self.clock)

    def send_back(self, paper: int, by: str = "clerk", remarks: str = "Sai số") -> None:
        with writing(self.bind) as connection:
            return_paper(connection, paper, self.person(by), remarks, clock=self.clock)

    def withdraw(self, paper: int, by: str = "case_officer") -> None:
        with writing(self.bind) as connection:
            withdraw_paper(connection, paper, self.person(by), clock=self.clock)

    def entries(self) -> list[SignedPaperRow]:
        with reading(self.bind) as connection:
            return all_rows(SignedPaperRow, connection.execute(signed_papers.select().order_by(signed_papers.c.id)))


def modes_of(desk: Paperwork) -> list[tuple[str, str]]:
    with reading(desk.bind) as connection:
        columns = book_modes.c
        return [(row.issuer, row.mode) for row in connection.execute(book_modes.select().order_by(columns.id))]


def book_on_paper(office: Office) -> InkDesk:
    """The first case of an office whose finance office keeps its book on paper; its head signs in."""
    found = InkDesk(office.bind, office.first)
    found.on_paper(BOOK)
    return found
