"""A submitted letter is taken back by its writer while nobody has signed it; the signer gets the reason."""

import html
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from casework.office.people import actor
from cli.app import app
from correspondence import drafts, issuing
from correspondence.letter_order import STATUSES
from correspondence.letter_steps import steps
from models.database import reading, writing
from models.errors import Refused, WrongInput
from models.tables import effects, letter_rows, messages
from notifications.letter_notices import post_letter_news
from templates.words import say
from tests.command_line import CliRunner
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import CLOCK, ROLES, TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
WHY = "Sai tên người đại diện"


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


@pytest.fixture
def letter(papers: Paperwork) -> int:
    """A letter that the case officer drafted and submitted."""
    return papers.handed_in("name_deletion_notice")


def taken_back(office: Office, letter: int, by: str, reason: str = WHY) -> None:
    with writing(office.bind) as connection:
        drafts.recall(connection, letter, actor(connection, by), reason, now=CLOCK.now(), today=TODAY)


def status_of(office: Office, letter: int) -> str:
    with reading(office.bind) as connection:
        return drafts.one_letter(connection, letter)["status"]


def test_who_submitted_it_takes_it_back_and_submits_it_again(
    office: Office, papers: Paperwork, letter: int, as_role: As
) -> None:
    officer, manager = as_role("case_officer"), as_role("manager")
    assert "Lấy lại để sửa" in html.unescape(officer.get(f"/letters/{letter}").text)
    assert "Lấy lại để sửa" not in html.unescape(manager.get(f"/letters/{letter}").text)
    nothing = officer.send(f"/letters/{letter}/recall", {"reason": " "})
    assert nothing.status_code == 422 and "Lý do" in html.unescape(nothing.text)
    assert officer.send(f"/letters/{letter}/recall", {"reason": WHY}).status_code == 303
    page = html.unescape(officer.get(f"/letters/{letter}").text)
    assert "Đã lấy lại trước khi ký:" in page and WHY in page and "/fill" in page
    with reading(office.bind) as connection:
        row = drafts.one_letter(connection, letter)
    assert (row["status"], row["submitted_by"], row["submitted_at"]) == ("draft", None, None)
    papers.submitted(letter)
    assert WHY not in html.unescape(manager.get(f"/letters/{letter}").text)
    assert manager.send(f"/letters/{letter}/approve", {}).status_code == 303


def test_a_signer_who_has_it_open_gets_the_reason(office: Office, letter: int, as_role: As) -> None:
    manager = as_role("manager")
    assert "/approve" in manager.get(f"/letters/{letter}").text
    taken_back(office, letter, login_of("case_officer"))
    for act, form in (("approve", {}), ("return", {"remarks": "x"})):
        answer = manager.send(f"/letters/{letter}/{act}", form)
        answered = html.unescape(answer.text)
        assert answer.status_code == 403 and f"đã được lấy lại để sửa, chưa ký gì. Lý do: {WHY}" in answered
    assert status_of(office, letter) == "draft"


def test_the_signer_gets_a_notice_with_the_reason_until_it_is_submitted_again(
    office: Office, papers: Paperwork, letter: int
) -> None:
    taken_back(office, letter, login_of("case_officer"))
    with writing(office.bind) as connection:
        found = connection.execute(select(effects).where(effects.c.kind == "letter_news").order_by(effects.c.id))
        news = [row for row in found.mappings() if row["payload"]["verb"] == "letter_recalled"]
        assert [row["payload"]["to"] for row in news] == [[login_of("manager")]]
        assert post_letter_news(connection, dict(news[0]), now=CLOCK.now(), today=TODAY) == 1  # type: ignore[arg-type]
        mine = messages.c.officer_id == actor(connection, login_of("manager")).id
        subject, body = connection.execute(select(messages.c.subject, messages.c.body).where(mine)).one()
    assert subject.startswith("Đã được lấy lại để sửa") and WHY in body and "sẽ được trình lại" in body
    papers.submitted(letter)
    with writing(office.bind) as connection:
        assert post_letter_news(connection, dict(news[0]), now=CLOCK.now(), today=TODAY) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("by", [*(login_of(role) for role in ROLES), "second.hbg"])
def test_by_role_and_status(office: Office, letter: int, by: str, status: str) -> None:
    with writing(office.bind) as connection:
        connection.execute(letter_rows.update().where(letter_rows.c.id == letter).values(status=status))
        person = actor(connection, by)
        row = drafts.one_letter(connection, letter)
        may = status == "submitted" and by == login_of("case_officer")
        assert ("recall" in steps(connection, person, row, TODAY)) == may
    if may:
        taken_back(office, letter, by)
        assert status_of(office, letter) == "draft"
        return
    with pytest.raises(Refused):
        taken_back(office, letter, by)
    assert status_of(office, letter) == status


def test_who_drafted_it_may_where_another_submitted_it(office: Office, papers: Paperwork) -> None:
    letter = papers.handed_in_as_draft("name_deletion_notice")
    with writing(office.bind) as connection:
        clerk = actor(connection, login_of("clerk"))
        drafts.submit(connection, letter, clerk, now=CLOCK.now(), today=TODAY)
        row = drafts.one_letter(connection, letter)
    assert row["submitted_by"] != row["drafted_by"]
    taken_back(office, letter, row["drafted_by"])
    assert status_of(office, letter) == "draft"


def test_what_is_signed_stays_signed(office: Office, papers: Paperwork, letter: int) -> None:
    papers.approve(letter)
    with pytest.raises(Refused, match="letter_signed_already"):
        taken_back(office, letter, login_of("case_officer"))
    with writing(office.bind) as connection:
        issuing.issue(connection, letter, actor(connection, login_of("clerk")), now=CLOCK.now(), today=TODAY)
    with pytest.raises(Refused, match="letter_signed_already"):
        taken_back(office, letter, login_of("case_officer"))


def test_the_command_line_does_the_same(office: Office, letter: int) -> None:
    said = ["letter-act", str(letter), "recall", "--by", login_of("case_officer")]
    wrong = CliRunner().invoke(app, said).exception
    assert isinstance(wrong, WrongInput) and "Lý do" in say(wrong, "vi")
    done = CliRunner().invoke(app, [*said, "--reason", WHY, "--json"])
    assert done.exit_code == 0 and json.loads(done.output)["status"] == "draft"
    again = CliRunner().invoke(app, [*said, "--reason", WHY]).exception
    assert isinstance(again, Refused)
