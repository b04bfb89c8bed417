"""The inbox: opening the case of a message is reading it, and one stays where one was."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.database import reading, writing
from models.tables import case_rows, messages, officers
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]


@pytest.fixture
def informed(office: Office) -> Office:
    """Two messages about the first case for the officer, and one for the manager."""
    with writing(office.bind) as connection:
        for number, role in enumerate(("case_officer", "case_officer", "manager")):
            person = connection.scalar(select(officers.c.id).where(officers.c.login == login_of(role)))
            case = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == office.first))
            connection.execute(
                messages.insert().values(
                    key=f"k{number}", officer_id=person, case_id=case, kind="notice", subject=f"Tin {number}",
                    body="x", html="<p>x</p>", status="sent", created_on=TODAY, created_at=CLOCK.now(),
                    next_at=CLOCK.now(), deadline_key="", calendar="", link="", attempts=0, message_id="", note="",
                    handled_by="",
                )
            )  # fmt: skip
    return office


def unread(office: Office) -> list[int]:
    with reading(office.bind) as connection:
        return list(connection.scalars(select(messages.c.id).where(messages.c.read_at.is_(None))))


def test_opening_the_case_of_a_message_reads_it(informed: Office, as_role: As) -> None:
    answer = as_role("case_officer").send("/inbox/read", {"open": "1", "back": "/inbox?unread=true"})
    assert answer.headers["location"] == f"/cases/{informed.first}"
    assert unread(informed) == [2, 3]


def test_the_case_of_another_persons_message_is_not_opened(informed: Office, as_role: As) -> None:
    answer = as_role("case_officer").send("/inbox/read", {"open": "3"})
    assert answer.headers["location"] == "/inbox"
    assert unread(informed) == [1, 2, 3]


@pytest.mark.parametrize(
    ("back", "where"), [("/inbox?unread=true&p=2", "/inbox?unread=true&p=2"), ("//e.example", "/")]
)
def test_after_reading_one_stays_where_one_was(informed: Office, as_role: As, back: str, where: str) -> None:
    officer = as_role("case_officer")
    assert 'name="back" value="/inbox?unread=true"' in officer.get("/inbox?unread=true").text
    assert officer.send("/inbox/read", {"message": "2", "back": back}).headers["location"] == where
    assert unread(informed) == [1, 3]
