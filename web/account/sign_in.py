"""Signing in and out, the language, and light or dark."""

from collections.abc import Mapping
from importlib import import_module, util
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, select

from casework.office import people, sessions
from models.clock import SystemClock
from models.database import engine, reading, writing
from models.errors import Refused
from models.folding import fold
from models.office_kind import SAMPLE, kind_of
from models.tables import districts, officers
from templates.words import LANGUAGES, t
from web.browser_keys import browser_of
from web.rendering import error_text, open_page
from web.request_context import Sent, language_of
from web.request_guards import Attempts

router = APIRouter()
MOST_FOUND = 30  # people of the sample office shown at once
LONGEST_QUESTION = 80  # characters


@router.get("/sign-in")
def sign_in(request: Request, next: str = "/", kept: bool = False, who: str = "") -> Response:
    """`kept` says that a form was sent without a session, and what was typed waits for its person.

    `who`: words by which a person of the sample office is looked for.
    """
    key = browser_of(request).key
    if key and _is_signed_in(key):
        return RedirectResponse(safe_target(next), 303)
    return _form(request, next, kept=kept, who=who[:LONGEST_QUESTION].strip())


@router.post("/sign-in")
def sign_in_now(request: Request, sent: Sent) -> Response:
    attempts: Attempts = request.app.state.attempts
    login, target = sent.text("login").lower()[:80], safe_target(sent.text("next"))
    try:
        with attempts.one(login, request.client.host if request.client else ""), reading(engine()) as connection:
            person = people.sign_in(connection, login, sent.secret("password"))
    except Refused as refusal:
        status = 429 if refusal.code == "too_many_attempts" else 403
        return _form(request, target, login, refusal, status)
    with writing(engine(), any_clock=True) as connection:
        key = sessions.begin(connection, person, SystemClock().now())
    browser_of(request).replace(key)  # a new one, so that a key planted before signing in is worth nothing
    return RedirectResponse(target, 303)


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """The session ends here and wherever else a copy of its cookie lies."""
    browser, lang = browser_of(request), language_of(request)
    with writing(engine(), any_clock=True) as connection:
        sessions.end(connection, browser.key)
    browser.replace(sessions.new_key())
    browser.speak(lang)
    return RedirectResponse("/sign-in", 303)


@router.post("/language")
def language(request: Request, sent: Sent) -> Response:
    browser_of(request).speak("en" if sent.text("lang") == "en" else "vi")
    return RedirectResponse(safe_target(sent.text("back")), 303)


@router.post("/look")
def look(request: Request, sent: Sent) -> Response:
    """Light, dark, or as the machine has it: kept in this browser, for a desk and a telephone differ."""
    browser_of(request).show(sent.text("look"))
    return RedirectResponse(safe_target(sent.text("back")), 303)


def _is_signed_in(key: str) -> bool:
    with reading(engine()) as connection:
        return sessions.person_of(connection, key, SystemClock().now()) is not None


def safe_target(asked: str) -> str:
    """A path of ours; anything that could lead elsewhere becomes the first page."""
    ours = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable() and "\\" not in asked
    return asked if ours else "/"


def _form(
    request: Request,
    target: str,
    login: str = "",
    refusal: Refused | None = None,
    status: int = 200,
    *,
    kept: bool = False,
    who: str = "",
) -> Response:
    with reading(engine()) as connection:
        sample = _sample_people(connection, who)
    message = error_text(refusal, language_of(request)) if refusal else ""
    return open_page(
        request,
        "account/sign_in.html",
        status=status,
        next=safe_target(target),
        login=login,
        message=message,
        kept=kept,
        sample=sample,
    )


def _sample_people(connection: Connection, asked: str) -> dict[str, Any]:
    """The people of the tour, and those that fit what is asked for; nothing for a real office."""
    if kind_of(connection) != SAMPLE or util.find_spec("samples.invented_people") is None:
        return {}
    invented = import_module("samples.invented_people")
    named = officers.outerjoin(districts, districts.c.code == officers.c.district_code)
    found = (
        select(officers.c.login, officers.c.name, officers.c.role, districts.c.name.label("district"))
        .select_from(named)
        .where(officers.c.is_sample, officers.c.active)
        .order_by(officers.c.id)
    )
    everybody = {str(row["login"]): row for row in connection.execute(found).mappings()}
    shown = [everybody[login] for login in invented.SHOWN if login in everybody]
    fitting = [row for row in everybody.values() if _fits(dict(row), asked)] if asked else []
    asked_for = {"asked": asked, "fitting": fitting[:MOST_FOUND], "more": len(fitting) > MOST_FOUND}
    return {"shown": shown, "password": invented.PASSWORD, **asked_for} if everybody else {}


def _fits(person: Mapping[str, Any], asked: str) -> bool:
    """Whether every word that is asked for begins a word of the sign-in name, the name, the office or the role."""
    roles = " ".join(t(f"pages.role_{person['role']}", lang) for lang in LANGUAGES)
    home = person["district"] or " ".join(t("pages.city_office", lang) for lang in LANGUAGES)
    words = fold(f"{person['login']} {person['name']} {home} {roles}").split()
    return all(any(word.startswith(part) for word in words) for part in fold(asked).split())
