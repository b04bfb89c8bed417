"""Middleware and guards: tokens, cookies, sessions that end, attempts, headers, and words that break no page."""

import logging
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.errors import Refused
from models.settings import settings
from tests.web.test_access import routes_of
from tests.web.web_office import PASSWORD, Office, Visitor, login_of
from web.app import create_app
from web.request_guards import ATTEMPTS, OF_A_LOGIN, OF_AN_ADDRESS, Attempts

As = Callable[..., Visitor]
OFFICER = login_of("case_officer")


def _addresses(app: object, method: str) -> list[str]:
    """Each address of the router once, with some thing of every kind."""
    assert isinstance(app, FastAPI)
    names = {"ref": "HP-2016-0001", "verb": "accept_case", "sha": "0" * 64, "login": "second.hbg", "act": 1,
             "action": "submit", "step": "confirm", "part": "assets", "pin": "htx-hai-phong@1", "key": "x",
             "template": "meeting_minutes", "ending": "pdf", "kind": "outgoing", "digest": "x", "name": "x.css",
             "token": "x", "seq": 1, "unit_id": 1, "letter_id": 1, "number": 1, "batch_id": 1, "channel_id": 1,
             "year": 2016, "what": "close", "meeting": 1, "view": 1}  # fmt: skip
    found = [route for route in routes_of(app) if method in (route.methods or ())]
    return [route.path_format.format_map(names) for route in found]


@pytest.mark.parametrize("token", [None, "", "x" * 32], ids=["none", "empty", "another's"])
def test_no_form_is_taken_without_its_token(as_role: As, token: str | None) -> None:
    visitor = as_role("manager", None)
    for address in _addresses(visitor.client.app, "POST"):
        data = {} if token is None else {"csrf": token}
        for files in (None, {"file": ("a.txt", b"x")}):
            answer = visitor.client.post(address, data=data, files=files, follow_redirects=False)
            assert answer.status_code == 403, address


def test_a_token_of_another_session_is_none(as_role: As) -> None:
    mine, other = as_role("case_officer"), as_role("manager")
    assert mine.client.post("/me", data={"csrf": other.token()}, follow_redirects=False).status_code == 403


@pytest.mark.parametrize(("site", "secure"), [("https://coopcase.example.vn", True), ("http://10.0.0.5:8014", False)])
def test_the_cookie_is_kept_from_scripts_and_other_sites(
    office: Office, monkeypatch: pytest.MonkeyPatch, site: str, secure: bool
) -> None:
    monkeypatch.setenv("COOPCASE_BASE_URL", site)
    settings.cache_clear()
    cookie = TestClient(create_app()).get("/sign-in").headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert ("secure" in cookie) is secure


def test_a_session_planted_before_signing_in_is_worth_nothing(office: Office, anybody: Visitor) -> None:
    anybody.get("/sign-in")
    planted = dict(anybody.client.cookies)
    token = anybody.token("/sign-in")
    assert anybody.sign_in(OFFICER).status_code == 303
    other = Visitor(TestClient(anybody.client.app))
    other.client.cookies.update(planted)
    assert other.get("/work").status_code == 303
    assert anybody.token() != token


def test_signing_out_ends_every_copy_of_the_session(as_role: As) -> None:
    visitor = as_role("case_officer")
    visitor.get("/work")
    copied = Visitor(TestClient(visitor.client.app))
    copied.client.cookies.update(dict(visitor.client.cookies))
    assert copied.get("/work").status_code == 200
    elsewhere = as_role("case_officer")
    visitor.send("/sign-out")
    assert copied.get("/work").status_code == 303
    assert elsewhere.get("/work").status_code == 200, "another sign-in of the same person goes on"


def test_a_password_may_begin_with_a_blank(office: Office, as_role: As, anybody: Visitor) -> None:
    visitor, chosen = as_role("case_officer"), "  mat khau rieng  "
    sent = {"old": PASSWORD, "new": chosen, "again": chosen}
    assert visitor.send("/me/password", sent, page="/me/password").status_code == 303
    assert anybody.sign_in(OFFICER, chosen).status_code == 303


def test_a_new_password_ends_the_other_sessions(as_role: As) -> None:
    mine, other = as_role("case_officer"), as_role("case_officer")
    chosen = "mat khau moi hon"
    mine.send("/me/password", {"old": PASSWORD, "new": chosen, "again": chosen}, page="/me/password")
    assert mine.get("/work").status_code == 200
    assert other.get("/work").status_code == 303


def _fails(attempts: Attempts, login: str, address: str) -> str:
    try:
        with attempts.one(login, address):
            raise Refused("wrong_sign_in")
    except Refused as refused:
        return refused.code


def test_too_many_attempts_at_one_name_have_to_wait() -> None:
    attempts = Attempts()
    codes = [_fails(attempts, "ct.vbo", "10.0.0.9") for _ in range(ATTEMPTS + 1)]
    assert codes == ["wrong_sign_in"] * ATTEMPTS + ["too_many_attempts"]
    with attempts.one("ct.vbo", "10.0.0.5"):
        pass  # the person at their own desk is not kept out by another person's attempts
    with attempts.one("cv1.vbo", "10.0.0.9"):
        pass  # nor a colleague behind the same address


@pytest.mark.parametrize(
    ("logins", "addresses", "most"),
    [
        pytest.param(["ct.vbo"], [f"10.0.{n}.9" for n in range(99)], OF_A_LOGIN, id="one name from everywhere"),
        pytest.param([f"cv{n}.vbo" for n in range(99)], ["10.0.0.9"], OF_AN_ADDRESS, id="every name from one place"),
        pytest.param(
            [f"cv{n}.vbo" for n in range(99)], [f"2001:db8:1:1::{n:x}" for n in range(99)], OF_AN_ADDRESS,
            id="every name from one network",
        ),
    ],
)  # fmt: skip
def test_guessing_broadly_has_to_wait_too(logins: list[str], addresses: list[str], most: int) -> None:
    attempts = Attempts()
    codes = [_fails(attempts, logins[n % len(logins)], addresses[n % len(addresses)]) for n in range(99)]
    assert codes == ["wrong_sign_in"] * most + ["too_many_attempts"] * (99 - most)


def test_attempts_made_at_once_are_counted_at_once() -> None:
    attempts = Attempts()
    waiting = [attempts.one("ct.vbo", "10.0.0.9") for _ in range(ATTEMPTS)]
    for one in waiting:
        one.__enter__()
    with pytest.raises(Refused), attempts.one("ct.vbo", "10.0.0.9"):
        pass


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8014"])
def test_nobody_is_sent_to_another_host(anybody: Visitor, host: str) -> None:
    answer = anybody.client.get("/work?p=2", headers={"host": host}, follow_redirects=False)
    assert answer.headers["location"] == "/sign-in?next=%2Fwork%3Fp%3D2"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "\\evil", "/a\nb", "x"]
)
def test_no_form_leads_to_another_site(anybody: Visitor, target: str) -> None:
    sent = {"login": OFFICER, "password": PASSWORD, "next": target}
    assert anybody.send("/sign-in", sent, page="/sign-in").headers["location"] == "/"
    assert anybody.send("/language", {"lang": "en", "back": target}).headers["location"] == "/"


def test_every_answer_carries_the_headers(as_role: As, anybody: Visitor) -> None:
    visitor = as_role("manager", None)
    for who in (visitor, anybody):
        for address in _addresses(who.client.app, "GET"):
            headers = who.get(address).headers
            assert headers["x-content-type-options"] == "nosniff", address
            assert headers["x-frame-options"] == "DENY", address
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy, address
            assert "unsafe" not in policy, address
            assert "no-store" in headers["cache-control"] or address.startswith("/static/"), address


HOSTILE = {"a NUL": "\x00", "a long number": "9" * 30, "no day": "31/02/2015", "the last day": "31/12/9999",
           "the first day": "01/01/0001", "signs": "'\"><b>x</b>{{7*7}}\\%_=1+1\u202e"}  # fmt: skip
QUESTIONS = (
    "q", "p", "year", "district", "officer", "stage", "state", "light", "obstacle", "status", "sort", "as_of", "ref",
    "known_on", "done", "answers", "kind", "issuer", "series", "tested", "show", "case", "template", "way", "on",
    "read", "deadline", "next", "start", "term",
)  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE)
def test_no_word_in_an_address_breaks_a_page(office: Office, as_role: As, word: str) -> None:
    visitor = as_role("manager", None)
    app = visitor.client.app
    assert isinstance(app, FastAPI)
    texts = {name: word for name in QUESTIONS if name not in ("p", "year", "answers", "done", "tested")}
    for address in _addresses(app, "GET"):
        for asked in (texts, dict.fromkeys(QUESTIONS, word)):
            answer = visitor.get(f"{address}?{urlencode(asked)}")
            assert answer.status_code < 500, (address, asked)
            assert "<b>x</b>" not in answer.text, address
    for route in routes_of(app):
        if route.param_convertors and "GET" in (route.methods or ()):
            address = route.path_format.format_map(dict.fromkeys(route.param_convertors, quote(word, safe="")))
            assert visitor.get(address).status_code < 500, address


def test_what_is_logged_stays_one_line_and_names_no_secret(
    as_role: As, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web.office import unit_pages

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(unit_pages, "district_names", breaks)
    caplog.set_level(logging.INFO)
    visitor = as_role("manager", None)
    answer = visitor.client.get("/register?q=x%0aERROR gia mao", follow_redirects=False)
    assert answer.status_code == 500
    logged = "".join(record.getMessage() for record in caplog.records if record.name == "coopcase.web")
    assert logged
    assert "\n" not in logged
    assert "gia mao" not in logged
