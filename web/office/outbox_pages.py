"""For the heads of an office: who gets what this week and why, what waits to be sent, and whom nothing reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.lists.at_risk import date_risks
from models.database import reading, writing
from models.errors import NotFound, WrongInput
from models.settings import settings
from notifications.delivery import message_queue
from notifications.delivery.carriers import office_mail
from notifications.delivery.message_queue import VIEWS
from notifications.delivery.unreachable_people import unreached
from notifications.message_store import NewMessage
from notifications.message_texts import failure_text
from notifications.weekly.digest import Planned, Week, WrittenDigest, written
from oversight.remembered import Hourly
from templates.words import say
from web.lists import PAGE, district_names, pages_of
from web.rendering import error_text, page
from web.request_context import Here, Sent, Visit

router = APIRouter()
KINDS = ("digest", "quiet", "none")
_HOURLY = Hourly()


@router.get("/office/week")
def week(here: Here, following: bool = False, district: str = "", read: str = "") -> Response:
    """A district's heads see their own office, the city sees all."""
    scope = here.person.district or district or None
    day = here.today + timedelta(days=7 - here.today.weekday()) if following else here.today
    with reading(here.bind) as connection:
        plan = partial(_planned, connection, here, day, scope)
        made = _HOURLY.of(connection, ("week", day, scope), None, here.clock.now(), plan)
        gone, names = written(connection, day), district_names(connection)
    rows = [_person(item, gone.get(item.login)) for item in made.result]
    return page(
        here, "office/week.html", day=day - timedelta(days=day.weekday()), made_at=made.made_at,
        following=following, districts=names, district=scope or "",
        kinds={kind: [row for row in rows if row.kind == kind] for kind in KINDS},
        chosen=next((row for row in rows if row.login == read and row.text), None),
    )  # fmt: skip


def _planned(connection: Connection, here: Visit, day: date, scope: str | None) -> list[Planned]:
    """What is planned for the people of a district, or for all."""
    week = Week(connection, day, here.clock.now(), risks=date_risks)
    return [week.of(person) for person in week.people.everybody() if scope in (None, person.district)]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """The week of a person: `text` None where nothing is planned; `gone`: `text` was written already."""

    login: str
    name: str
    role: str
    district: str | None
    kind: str
    why: str
    counts: Mapping[str, int]
    text: NewMessage | WrittenDigest | None
    gone: bool


def _person(item: Planned, gone: WrittenDigest | None) -> PlannedLine:
    """What is planned, or what was written already where this week has been done."""
    text = gone or item.message
    kind = ("quiet" if gone["link"] == "" else "digest") if gone else item.kind
    return PlannedLine(
        login=item.login, name=item.person.name, role=item.person.role, district=item.person.district,
        kind=kind, why=item.why, counts=item.counts, text=text, gone=gone is not None,
    )  # fmt: skip


@router.get("/office/messages")
def outbox(here: Here, status: str = "", p: int = 1) -> Response:
    return _outbox(here, status, p)


@router.post("/office/messages/{number:int}/{act}")
def outbox_now(here: Here, sent: Sent, number: int, act: str) -> Response:
    if act not in ("retry", "drop"):
        raise NotFound("no_such_page")
    handle = message_queue.retry if act == "retry" else partial(message_queue.drop, reason=sent.text("reason"))
    try:
        with writing(here.bind) as connection:
            handle(connection, number, by=here.person.login, district=here.person.district, now=here.clock.now())
    except WrongInput as error:
        return _outbox(here, sent.text("status"), 1, error_text(error, here.lang), number)
    status = sent.text("status")
    return RedirectResponse(f"/office/messages?status={status if status in VIEWS else ''}", 303)


def _outbox(here: Visit, status: str, p: int, message: str = "", number: int = 0) -> Response:
    scope = here.person.district
    with reading(here.bind) as connection:
        counted = message_queue.counts(connection, scope)
        view = status if status in VIEWS else next((name for name in VIEWS if counted[name]), "pending")
        pages = pages_of(p, counted[view])
        rows = message_queue.listed(connection, view, scope, limit=PAGE, offset=pages.offset)
        content = {"unreached": unreached(connection, scope), "districts": district_names(connection)}
    return page(
        here, "office/outbox.html", status=422 if message else 200, view=view, counts=counted, rows=rows, pages=pages,
        message=message, number=number, mail=_mail(here), why=partial(failure_text, lang=here.lang), **content,
    )  # fmt: skip


def _mail(here: Visit) -> dict[str, str]:
    """How mail to people without channels of their own is sent: office, files or wrong (with the reason).

    The administrator, who corrects it, reads the name of the setting.
    """
    try:
        return {"way": "office" if office_mail(settings()) else "files", "wrong": ""}
    except WrongInput as wrong:
        return {"way": "wrong", "wrong": (say if here.person.role == "admin" else error_text)(wrong, here.lang)}
