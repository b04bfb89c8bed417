"""What a person settles for themselves: language, absence, and where messages go."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, delete, select, update

from models.database import reading, writing
from models.errors import WrongInput
from models.tables import absences, channels, officers
from procedures.values import clean_text, parse_day
from templates.words import say
from web.rendering import page
from web.visit import Here, Sent, Visit

router = APIRouter()


@router.get("/me")
def me(here: Here) -> Response:
    return _page(here)


@router.post("/me")
def me_now(here: Here, sent: Sent) -> Response:
    lang = "en" if sent.text("lang") == "en" else "vi"
    with writing(here.bind) as connection:
        connection.execute(update(officers).where(officers.c.id == here.person.id).values(lang=lang))
    here.request.session["lang"] = lang
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
        return _page(here, asked, say(error, here.lang), 422)
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
    """Who may stand in: people of the same office and the same role."""
    home = officers.c.district_code
    at_home = home.is_(None) if here.person.district is None else home == here.person.district
    found = select(officers.c.login, officers.c.id, officers.c.name).where(
        at_home, officers.c.active, officers.c.role == here.person.role, officers.c.id != here.person.id
    )
    return {login: (number, name) for login, number, name in connection.execute(found).tuples()}


def _page(here: Visit, asked: Mapping[str, str] | None = None, message: str = "", status: int = 200) -> Response:
    mine = here.person.id
    with reading(here.bind) as connection:
        away = connection.execute(
            select(absences, officers.c.name.label("substitute"))
            .join(officers, officers.c.id == absences.c.substitute_id)
            .where(absences.c.officer_id == mine, absences.c.to_on >= here.today)
            .order_by(absences.c.from_on)
        ).mappings()
        known = connection.execute(
            select(channels.c.id, channels.c.label, channels.c.active, channels.c.failing_since, channels.c.last_error)
            .where(channels.c.officer_id == mine)
            .order_by(channels.c.id)
        ).mappings()
        content = {"away": away.all(), "channels": known.all(), "colleagues": _colleagues(connection, here)}
    empty = {"from_on": "", "to_on": "", "substitute": "", "reason": ""}
    return page(here, "me.html", status=status, asked={**empty, **(asked or {})}, message=message, **content)
