"""A database that another program holds: the officer gets a message, and nothing is recorded."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from models.database import reading
from models.tables import case_rows
from tests.web.web_office import Office, Visitor


@contextmanager
def held(office: Office) -> Iterator[None]:
    """Another writer holds the database for longer than we wait."""
    office.bind.dispose()
    event.listen(office.bind, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
    other = sqlite3.connect(str(office.bind.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@pytest.mark.parametrize(
    ("lang", "words"), [pytest.param("vi", "chưa được ghi", id="vi"), pytest.param("en", "was not recorded", id="en")]
)
def test_an_act_on_a_locked_database_is_answered_with_try_again(
    office: Office, as_role: Callable[..., Visitor], lang: str, words: str
) -> None:
    officer = as_role("case_officer")
    page = f"/cases/{office.first}/acts/accept_case"
    officer.send("/language", {"lang": lang}, page=page)
    with held(office):  # signed in before: a session is written too
        answer = officer.send(page, {"f.file_held": "yes"}, page=page)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert words in answer.text
    with reading(office.bind) as connection:
        assert connection.scalar(select(case_rows.c.seq).where(case_rows.c.ref == office.first)) == 1
