"""The context of a request: the signed-in person, the clock, the language, and the form that was sent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, func, select
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from casework.office.people import Actor
from casework.office.sessions import person_of
from casework.upload_scan import require_clean
from models.clock import Clock, SteppedClock, SystemClock
from models.clock_watch import Jump, jump_of
from models.database import engine, reading
from models.errors import NotFound, Refused
from models.office_clock import clock_of, demo_day
from models.office_kind import TRIAL, kind_of
from models.settings import settings
from models.tables import messages
from oversight.office_health import health
from oversight.standstill import pending_since
from web.access import OPEN, may_open, page_of
from web.browser_keys import browser_of
from web.idempotency import key_of
from web.request_guards import require_csrf
from web.unfinished import with_kept_files

NUL = "\x00"  # PostgreSQL keeps no text with it
NUMBERS = ("p", "year", "answers", "done", "tested")  # questions of an address that are numbers
LONGEST_NUMBER = 9  # digits; ids and pages have fewer


HEADS = frozenset({"manager", "leader", "admin"})
WITH_A_LENT_PASSWORD = frozenset({"password", "password_now", "sign_out"})  # all that opens before it is changed


# what they change is in a cookie of their own answer, which a second press keeps a browser from taking
CHANGE_THE_SESSION = frozenset({"sign_in_now", "sign_out", "language", "look", "password_now", "me_now"})


class SignInNeeded(Exception):
    """Nobody is signed in."""


class DoneAlready(Exception):
    """The same button of the same page was pressed before; `args` say where that led."""


class PasswordNeeded(Exception):
    """The password was set by an administrator: the person has to choose their own first."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in person."""

    request: Request
    person: Actor
    bind: Engine
    clock: Clock
    today: date
    lang: str
    kind: str  # of the office: real, sample or trial
    stepped: bool  # its day is chosen, and stepped forward by hand
    unread: int
    clock_jump: Jump | None = None  # of the machine: nothing is recorded until it is confirmed
    pending_since: datetime | None = None  # shown to those who can act on it
    warnings: tuple[str, ...] = ()  # of copies and nightly checks; shown to the same

    @property
    def trial(self) -> bool:
        return self.kind == TRIAL

    @property
    def heads(self) -> bool:
        return self.person.role in HEADS


def language_of(request: Request, person_lang: str | None = None) -> str:
    """The language chosen in this session, else the person's own, else the office's."""
    chosen = browser_of(request).lang or person_lang or settings().lang
    return "en" if chosen == "en" else "vi"


def _sees_standstill(person: Actor, clock: Clock) -> bool:
    """Whether the person gets the warning about a standstill; the clock of a demo is stepped by hand."""
    return person.role in HEADS and not isinstance(clock, SteppedClock)


def _for_heads(
    connection: Connection, person: Actor, clock: Clock, lang: str
) -> tuple[datetime | None, tuple[str, ...]]:
    """Since when background work has stopped, and what else needs a person, for those who see it."""
    if not _sees_standstill(person, clock):
        return None, ()
    return pending_since(connection, clock.now()), tuple(health(connection, settings()).warnings(clock.now(), lang))


def visit(request: Request) -> Visit:
    """Raises SignInNeeded, or Refused when the role may not open this page."""
    key = browser_of(request).key
    if not key:
        raise SignInNeeded
    bind = engine()
    with reading(bind) as connection:
        person = person_of(connection, key, SystemClock().now())
        if person is None:
            raise SignInNeeded
        clock, day, kind = clock_of(connection), demo_day(connection), kind_of(connection)
        lang, jump = language_of(request, person.lang), jump_of(connection)
        standstill, warnings = _for_heads(connection, person, clock, lang)
        unread = connection.scalar(
            select(func.count()).where(messages.c.officer_id == person.id, messages.c.read_at.is_(None))
        )
    if person.temporary and page_of(request) not in WITH_A_LENT_PASSWORD:
        raise PasswordNeeded
    if not may_open(page_of(request), person.role, person.district):
        raise Refused("page_not_yours")
    of_all = (lang, kind, day is not None, unread or 0, jump)
    found = Visit(request, person, bind, clock, clock.today(), *of_all, standstill, warnings)
    request.state.visit = found
    return found


async def guard(request: Request) -> None:
    """Checks of every page: pages not open to all need a signed-in person, forms need their CSRF token."""
    if request.method == "POST":
        form: FormData = request.state.form
        require_csrf(request, form.get("csrf"))
        found: Visit | None = getattr(request.state, "visit", None)
        if found is not None:
            form = await run_in_threadpool(with_kept_files, request, found.person.id)
        if getattr(request.state, "too_large", False):
            raise HTTPException(413)
        if any(isinstance(value, str) and NUL in value for _, value in form.multi_items()):
            raise HTTPException(422)
        await _take_once(request, form)


async def _take_once(request: Request, form: FormData) -> None:
    """Raises DoneAlready for a second press, once the first is done."""
    key = "" if page_of(request) in CHANGE_THE_SESSION else key_of(request.url.path, form)
    presses = request.app.state.presses
    if key and (led_to := await presses.take(key)):
        raise DoneAlready(led_to)
    request.state.press = key


def checked(request: Request) -> None:
    """Deny by default: a page without a word in the table of access opens for nobody."""
    if page_of(request) != "feed":  # which gives every wrong address the same answer
        _require_readable(request)
    if page_of(request) not in OPEN:
        visit(request)


def _require_readable(request: Request) -> None:
    """Raises NotFound for an address that no database can be asked for: a NUL, a number beyond every table."""
    typed = [value for name, value in request.query_params.multi_items() if name in NUMBERS]
    long = any(len(value) > LONGEST_NUMBER for value in typed) or any(
        isinstance(value, int) and value >= 10**LONGEST_NUMBER for value in request.path_params.values()
    )
    if long or NUL in request.scope["path"] or any(NUL in value for value in request.query_params.values()):
        raise NotFound("no_such_page")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed into a form."""

    form: FormData

    def text(self, name: str) -> str:
        value = self.form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        return [value.strip() for value in self.form.getlist(name) if isinstance(value, str)]

    def secret(self, name: str) -> str:
        """As it was typed: a password may begin or end with a blank."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        text = self.text(name)
        return int(text) if text.isdecimal() and len(text) < 10 else None

    def items(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.form.multi_items() if isinstance(value, str)]

    def files(self, name: str) -> list[tuple[str, bytes]]:
        """Names and contents of the files that were attached."""
        sent: list[Any] = self.form.getlist(name)
        found = [item for item in sent if isinstance(item, UploadFile) and item.filename]
        return [(str(item.filename), item.file.read()) for item in found]


def scanned(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Files that are read at once and are no evidence, after the virus scanner. Raises WrongInput, Refused."""
    for name, data in files:
        require_clean(data, name, settings())
    return files


def typed(request: Request) -> Typed:
    return Typed(request.state.form)


def seen_visit(request: Request) -> Visit:
    """The visit that the guard has made out already."""
    found: Visit = request.state.visit
    return found


Here = Annotated[Visit, Depends(seen_visit)]
Sent = Annotated[Typed, Depends(typed)]
