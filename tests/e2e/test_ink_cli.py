"""Papers signed in ink from the command line: the same doors as the pages."""

from pathlib import Path

import pytest

from models.errors import Refused, WrongInput
from tests.correspondence.ink.desk import BOOK, HEAD, SCAN, InkDesk
from tests.e2e.walking import coopcase
from tests.web.web_office import Office, login_of

CLERK, OFFICER = ("--by", login_of("clerk")), ("--by", login_of("case_officer"))


@pytest.fixture
def desk(office: Office) -> InkDesk:
    return InkDesk(office.bind, office.first)


@pytest.fixture
def scan(tmp_path: Path) -> str:
    file = tmp_path / SCAN[0]
    file.write_bytes(SCAN[1])
    return str(file)


def test_an_office_records_its_signatory_and_keeps_its_book_on_paper(desk: InkDesk, scan: str) -> None:
    made = coopcase("signatories", "add", HEAD.name, HEAD.post, HEAD.body, "--from", "01/01/2015", *CLERK)
    (row,) = coopcase("signatories", "list", *CLERK)
    assert (row["id"], row["name"], row["stands"]) == (made["id"], HEAD.name, "in_force")
    assert coopcase("number-books", "set", BOOK, "on_paper", "--from", "01/01/2016", *CLERK) == {"issuer": BOOK}
    listed = coopcase("number-books", "list", *CLERK)
    assert {"issuer": BOOK, "mode": "on_paper"} in listed["books"]
    assert [item["issuer"] for item in listed["history"]] == [BOOK]
    letter = desk.waiting()
    (waiting,) = coopcase("letters-signed", "--waiting", *OFFICER)
    assert waiting["id"] == letter
    enter = ("letter-enter-signed", str(letter), "--signer", HEAD.name, "--on", "12/03/2016", "--file", scan, *OFFICER)
    with pytest.raises(WrongInput) as wrong:
        coopcase(*enter)
    assert wrong.value.code == "number_from_paper"
    paper = coopcase(*enter, "--number", "17")["paper"]
    coopcase("letter-return-signed", str(paper), "--take-back", *OFFICER)
    paper = coopcase(*enter, "--number", "17")["paper"]
    coopcase("letter-return-signed", str(paper), "--remarks", "Sai", *CLERK)
    paper = coopcase(*enter, "--number", "18")["paper"]
    (entry,) = coopcase("letters-signed", *CLERK)
    assert (entry["id"], entry["number"], entry["signer"]) == (paper, 18, HEAD.name)
    with pytest.raises(Refused) as refused:
        coopcase("letter-confirm-signed", str(paper), *OFFICER)
    assert refused.value.code == "ink_four_eyes"
    assert coopcase("letter-confirm-signed", str(paper), *CLERK)["issued"] == [letter]
    assert desk.row(letter)["number"] == 18
    assert coopcase("signatories", "end", str(made["id"]), "--reason", "Nghỉ hưu", *CLERK) == made


def test_a_book_that_is_kept_here_begins_where_the_paper_one_ended(desk: InkDesk) -> None:
    coopcase("number-books", "start", BOOK, "58", *CLERK)
    letter = desk.issued(desk.drafted(deleted_on="25/03/2016"))
    assert desk.row(letter)["number"] == 58


def test_a_paper_from_before_the_software_is_listed_with_its_cases(office: Office, scan: str) -> None:
    add = ("earlier-papers", "add", "UBND quận Hồng Bàng", "15/QĐ-UBND", "--on", "02/09/2014", "--summary", "Giải thể")
    made = coopcase(*add, "--ref", office.first, "--file", scan, *CLERK)["id"]
    coopcase("earlier-papers", "tie", str(made), office.second, *CLERK)
    (row,) = coopcase("earlier-papers", "list", *CLERK)
    assert (row["symbol"], row["refs"]) == ("15/QĐ-UBND", [office.first, office.second])
