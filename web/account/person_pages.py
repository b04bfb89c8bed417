"""What a person settles for themselves: language, absence, and where messages go."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, delete, select, update

from models.database import reading, writing
from models.errors import WrongInput
from models.settings import settings
from models.tables import absences, officers
from notifications.delivery import channel_rules, channels
from notifications.feed import token_of
from procedures.state_machine.field_values import clean_text, parse_day
from web.browser_keys import browser_of
from web.rendering import error_text, page
from web.request_context import Here, Sent, Visit

router = APIRouter()
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
    asked = {name: sent.text(name) for name in ("from_on", "to_on", "substitute", "reason")}
    try:
        with writing(here.bind) as connection:
            if sent.text("drop"):
                _drop(connection, here, sent.number("drop"))
            else:
                _add(connection, here, asked)
    except WrongInput as error:
        return me_page(here, asked, message=error_text(error, here.lang), status=422)
    return RedirectResponse("/me", 303)


def _drop(connection: Connection, here: Visit, number: int | None) -> None:
    mine = (absences.c.id == number) & (absences.c.officer_id == here.person.id)
    connection.execute(delete(absences).where(mine))


def _add(connection: Connection, here: Visit, asked: Mapping[str, str]) -> None:
    start, end = parse_day("from_on", asked["from_on"]), parse_day("to_on", asked["to_on"])
    if end < start:
        raise WrongInput("to_on", "absence_reversed")
    substitute = _colleagues(connection, here).get(asked["substitute"])
    if substitute is None:
        raise WrongInput("substitute", "no_such_colleague")
    connection.execute(
        absences.insert().values(
            officer_id=here.person.id, substitute_id=substitute[0], from_on=start, to_on=end,
            reason=clean_text("reason", asked["reason"])[:200],
        )
    )  # fmt: skip


def _colleagues(connection: Connection, here: Visit) -> dict[str, tuple[int, str]]:
    """Possible substitutes: people of the same office and the same role."""
    home = officers.c.district_code
    at_home = home.is_(None) if here.person.district is None else home == here.person.district
    found = select(officers.c.login, officers.c.id, officers.c.name).where(
        at_home, officers.c.active, officers.c.role == here.person.role, officers.c.id != here.person.id
    )
    return {login: (number, name) for login, number, name in connection.execute(found).tuples()}


def me_page(here: Visit, asked: Mapping[str, str] | None = None, *, status: int = 200, **outcome: Any) -> Response:
    """Everything one settles for oneself; `outcome`: what came of a form, passed on to the template."""
    mine = here.person.id
    with reading(here.bind) as connection:
        away = connection.execute(
            select(absences, officers.c.name.label("substitute"))
            .join(officers, officers.c.id == absences.c.substitute_id)
            .where(absences.c.officer_id == mine, absences.c.to_on >= here.today)
            .order_by(absences.c.from_on)
        ).mappings()
        content = {
            "away": away.all(), "colleagues": _colleagues(connection, here), "channels": channels.of(connection, mine),
            "email": connection.scalar(select(officers.c.email).where(officers.c.id == mine)),
            "feed": token_of(connection, mine),
        }  # fmt: skip
    asked = {**dict.fromkeys(("from_on", "to_on", "substitute", "reason"), ""), **(asked or {})}
    shown = {"message": "", "channel_message": "", "label": "", "tested": 0, **outcome}
    by_office = bool(settings().mail.get_secret_value())
    return page(
        here, "account/me.html", status=status, asked=asked, forms=FORMS, site=settings().site(), by_office=by_office,
        most=channel_rules.MOST_CHANNELS, **content, **shown,
    )  # fmt: skip
