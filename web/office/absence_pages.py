"""The absence of a person, entered by a head of the office where the person is ill."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.office.absences import AbsenceEntry, AbsenceRow, absences_of, away_person, colleagues, drop, enter
from models.database import reading, writing
from models.errors import WrongInput
from notifications.absence_notices import tell_absence
from web.rendering import page, sentences
from web.request_context import Here, Sent, Visit

router = APIRouter()
FIELDS = ("from_on", "to_on", "substitute", "reason")


@router.get("/office/absences/{login}")
def absences_of_person(here: Here, login: str) -> Response:
    return _form(here, login, {})


@router.post("/office/absences/{login}")
def absences_of_person_now(here: Here, sent: Sent, login: str) -> Response:
    typed = {name: sent.text(name) for name in FIELDS}
    try:
        with writing(here.bind) as connection:
            away = away_person(connection, login, here.person)
            if sent.text("drop"):
                row = drop(connection, away, sent.number("drop"), by=here.person, clock=here.clock)
            else:
                row = enter(connection, away, AbsenceEntry(**typed), by=here.person, clock=here.clock)
            if row is not None:
                _tell(connection, here, login, row, dropped=bool(sent.text("drop")))
    except WrongInput as error:
        return _form(here, login, typed, error)
    return RedirectResponse(f"/office/absences/{login}", 303)


def _tell(connection: Connection, here: Visit, login: str, row: AbsenceRow, *, dropped: bool) -> None:
    tell_absence(
        connection, login, row["substitute_id"], (row["from_on"], row["to_on"]), here.person.login, number=row["id"],
        dropped=dropped, now=here.clock.now(), today=here.today,
    )  # fmt: skip


def _form(here: Visit, login: str, typed: Mapping[str, str], error: WrongInput | None = None) -> Response:
    with reading(here.bind) as connection:
        away = away_person(connection, login, here.person)
        listed, others = absences_of(connection, away["id"], here.today), colleagues(connection, away)
    return page(
        here, "office/absences.html", status=422 if error else 200, person=away, away=listed, colleagues=others,
        asked={name: typed.get(name, "") for name in FIELDS}, wrong=sentences(error, here.lang) if error else {},
    )  # fmt: skip
