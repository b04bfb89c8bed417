"""What a person settles for themselves: language, absence, and where messages go."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select, update

from casework.office.absences import AbsenceEntry, absences_of, away_person, colleagues, drop, enter
from models.database import reading, writing
from models.errors import WrongInput
from models.settings import settings
from models.tables import officers
from notifications.delivery import channel_rules, channels
from notifications.feed import token_of
from web.browser_keys import browser_of
from web.rendering import page, sentences
from web.request_context import Here, Sent, Visit

router = APIRouter()
ABSENCE = ("from_on", "to_on", "substitute", "reason")
FORMS: Mapping[str, str] = {  # what an address looks like; every part is invented
    "mail": "mailtos://ten:mat-khau@mail.example.vn:587?from=ten@example.vn&to=ten@example.vn",
    "telegram": "tgram://123456789:AbCdEfGhIjKlMnOpQrSt/12345678",
    "matrix": "matrixs://ten:mat-khau@matrix.example.org/#phong-kinh-te",
    "ntfy": "ntfys://ntfy.example.org/chu-de-kho-doan",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#hop-tac-xa",
    "webhook": "jsons://may-chu.example.org/duong-dan",
}


@router.get("/me")
def me(here: Here, tested: int = 0) -> Response:
    return me_page(here, tested=tested)


@router.post("/me")
def me_now(here: Here, sent: Sent) -> Response:
    lang = "en" if sent.text("lang") == "en" else "vi"
    with writing(here.bind) as connection:
        connection.execute(update(officers).where(officers.c.id == here.person.id).values(lang=lang))
    browser_of(here.request).speak(lang)
    return RedirectResponse("/me", 303)


@router.post("/me/absence")
def absence_now(here: Here, sent: Sent) -> Response:
    asked = {name: sent.text(name) for name in ABSENCE}
    try:
        with writing(here.bind) as connection:
            own = away_person(connection, here.person.login, here.person)
            if sent.text("drop"):
                drop(connection, own, sent.number("drop"), by=here.person, clock=here.clock)
            else:
                enter(connection, own, AbsenceEntry(**asked), by=here.person, clock=here.clock)
    except WrongInput as error:
        return me_page(here, asked, message=" ".join(sentences(error, here.lang).values()), status=422)
    return RedirectResponse("/me", 303)


def me_page(here: Visit, asked: Mapping[str, str] | None = None, *, status: int = 200, **outcome: Any) -> Response:
    """Everything one settles for oneself; `outcome`: what came of a form, passed on to the template."""
    mine = here.person.id
    with reading(here.bind) as connection:
        own = away_person(connection, here.person.login, here.person)
        content = {
            "away": absences_of(connection, mine, here.today), "colleagues": colleagues(connection, own),
            "channels": channels.of(connection, mine),
            "email": connection.scalar(select(officers.c.email).where(officers.c.id == mine)),
            "feed": token_of(connection, mine),
        }  # fmt: skip
    asked = {**dict.fromkeys(ABSENCE, ""), **(asked or {})}
    shown = {"message": "", "channel_message": "", "label": "", "tested": 0, **outcome}
    by_office = bool(settings().mail.get_secret_value())
    return page(
        here, "account/me.html", status=status, asked=asked, forms=FORMS, site=settings().site(), by_office=by_office,
        most=channel_rules.MOST_CHANNELS, **content, **shown,
    )  # fmt: skip
