"""The next step of many letters from the command line: said first, done with `--do`, each by whose turn it is."""

import pytest

from cli.app import app
from models.errors import NotFound
from tests.command_line import CliRunner
from tests.correspondence.batches import DELETED
from tests.correspondence.paperwork import Paperwork
from tests.e2e.walking import coopcase
from tests.web.web_office import Office, login_of


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


def test_a_pile_is_said_and_done_by_each_in_their_turn(papers: Paperwork) -> None:
    letters = [papers.drafted(**DELETED), papers.drafted(**DELETED), papers.drafted()]
    numbers = tuple(map(str, letters))
    for role, act, status in (
        ("case_officer", "submit", "submitted"), ("manager", "approve", "approved"), ("clerk", "issue", "issued"),
    ):  # fmt: skip
        asked = ("letters-next", *numbers, "--by", login_of(role))
        said = coopcase(*asked)
        assert [(row["act"], row["done"]) for row in said] == [(act, False), (act, False), ("", False)]
        assert said[2]["why"] == ("letter_incomplete" if role == "case_officer" else "letter_waits_for")
        done = coopcase(*asked, "--do")
        assert [(row["status"], row["done"]) for row in done] == [(status, True), (status, True), ("draft", False)]
        assert [row["act"] for row in coopcase(*asked, "--do")] == ["", "", ""], "and nothing more"
    assert [row["number"] for row in done] == [1, 2, None]


def test_a_person_reads_the_act_the_reason_and_what_can_be_taken_back(papers: Paperwork) -> None:
    signed, draft = papers.approved(papers.drafted(**DELETED)), papers.drafted(**DELETED)
    asked = ("letters-next", str(signed), str(draft), "--by", login_of("clerk"))
    shown = CliRunner().invoke(app, asked, catch_exceptions=True)
    assert "Cấp số, ban hành hôm nay" in shown.stdout and "Văn bản đang chờ: " in shown.stdout
    assert "Số đã cấp không hoàn tác được" in shown.stderr
    assert papers.row(signed)["status"] == "approved"
    done = CliRunner().invoke(app, (*asked, "--do"), catch_exceptions=True).stdout
    row = papers.row(signed)
    assert f"Đã cấp số 01/{row['symbol']}" in done and row["number"] == 1


def test_another_offices_letter_is_not_there(papers: Paperwork) -> None:
    letter = papers.drafted(**DELETED)
    with pytest.raises(NotFound):
        coopcase("letters-next", str(letter), "--by", login_of("case_officer", "ADG"), "--do")
    assert papers.row(letter)["status"] == "draft"
