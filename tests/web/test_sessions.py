"""The cookie is a random key; what it opens is in the database, ends there, and an earlier release's opens nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import select, update

from casework.office.sessions import LIFE, hash_of_key
from models.clock import SystemClock
from models.database import engine, reading, writing
from models.tables import officers, sessions
from tests.web.web_office import Office, Visitor, login_of
from web.browser_keys import KEY, LANGUAGE

As = Callable[..., Visitor]


def test_the_cookies_say_nothing_and_do_not_change(as_role: As, office: Office) -> None:
    visitor = as_role("manager")
    first = dict(visitor.client.cookies)
    for page in ("/work", f"/cases/{office.first}", "/late", "/me"):
        assert "set-cookie" not in visitor.get(page).headers, page
    assert set(first) == {KEY}
    assert re.fullmatch(r"[\w-]{43}", first[KEY])
    visitor.send("/language", {"lang": "en", "back": "/work"})
    assert dict(visitor.client.cookies) == {**first, LANGUAGE: "en"}


def test_the_database_has_no_key_that_opens_anything(as_role: As) -> None:
    visitor = as_role("manager")
    with reading(engine()) as connection:
        (kept,) = connection.scalars(select(sessions.c.key_hash))
    assert kept == hash_of_key(visitor.client.cookies[KEY])
    visitor.client.cookies.set(KEY, kept)
    assert visitor.get("/work").status_code == 303


@pytest.mark.parametrize(("age", "status"), [(LIFE - timedelta(minutes=5), 200), (LIFE + timedelta(minutes=5), 303)])
def test_a_session_ends_by_itself(as_role: As, age: timedelta, status: int) -> None:
    visitor = as_role("manager")
    with writing(engine()) as connection:
        connection.execute(update(sessions).values(began_at=SystemClock().now() - age))
    assert visitor.get("/work").status_code == status


def test_what_is_over_is_deleted_at_the_next_sign_in(as_role: As) -> None:
    as_role("manager")
    with writing(engine()) as connection:
        connection.execute(update(sessions).values(began_at=SystemClock().now() - 2 * LIFE))
    as_role("leader")
    with reading(engine()) as connection:
        assert len(connection.execute(select(sessions)).all()) == 1


def test_signing_out_leaves_no_row(as_role: As) -> None:
    visitor = as_role("manager")
    visitor.send("/sign-out")
    with reading(engine()) as connection:
        assert connection.execute(select(sessions)).all() == []


def test_who_has_left_is_signed_out(as_role: As) -> None:
    visitor = as_role("manager")
    with writing(engine()) as connection:
        connection.execute(update(officers).where(officers.c.login == login_of("manager")).values(active=False))
    assert visitor.get("/work").status_code == 303


def test_the_cookie_of_an_earlier_release_leads_to_the_sign_in(office: Office, anybody: Visitor) -> None:
    signed = TimestampSigner("secret").sign(b"eyJsb2dpbiI6ICJtYW5hZ2VyLmhiZyJ9").decode()
    anybody.client.cookies.set(KEY, signed)
    assert anybody.get("/work").headers["location"].startswith("/sign-in")
    assert anybody.sign_in(login_of("manager")).status_code == 303
    assert anybody.get("/work").status_code == 200


def test_a_case_leads_back_to_the_list_it_was_opened_from(as_role: As, office: Office) -> None:
    mine, other = as_role("case_officer"), as_role("manager")
    mine.get("/work?q=HTX")
    other.get("/work")
    assert "/work?q=HTX#" in mine.get(f"/cases/{office.first}").text
    assert "/work?q=HTX#" not in other.get(f"/cases/{office.first}").text
