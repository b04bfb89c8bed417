"""Dissolution councils: the list, and the page of one with its seats, cases, meetings and tasks."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.case_view import officer_names
from casework.councils import bodies, seats, work
from casework.councils.bodies import DECIDERS, EDITORS, NewCouncil
from casework.councils.seats import NewMember
from casework.councils.work import NewMeeting, NewTask
from casework.office.people import Actor
from models.clock import Clock
from models.database import reading, writing
from models.errors import CoopcaseError, InputErrors, NotFound, Refused, WrongInput
from procedures.councils import council_rules
from procedures.law.rules import nearest_version
from procedures.state_machine.field_values import parse_day
from templates.words import pick
from web.cases.case_pages import attachment
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()


class Filled:
    """What was typed. A day that cannot be read is gathered, so that the other fields are checked in the same round."""

    def __init__(self, sent: Typed) -> None:
        self.sent, self.gathered = sent, InputErrors()

    def text(self, name: str) -> str:
        return self.sent.text(name)

    def number(self, name: str) -> int | None:
        return self.sent.number(name)

    def day(self, name: str) -> date | None:
        with self.gathered:
            return parse_day(name, self.text(name)) if self.text(name) else None
        return None

    def raise_if_any(self) -> None:
        """Raise what was gathered, the first of each field."""
        self.gathered.wrong = list({error.field: error for error in reversed(self.gathered.wrong)}.values())[::-1]
        self.gathered.raise_if_any()


@router.get("/councils", name="councils")
def councils(here: Here) -> Response:
    return _list(here)


@router.post("/councils")
def council_new(here: Here, sent: Sent) -> Response:
    form = Filled(sent)
    try:
        with writing(here.bind) as connection:
            made = 0
            with form.gathered:
                made = bodies.form_council(connection, _council(form), by=here.person, clock=here.clock)
            form.raise_if_any()
    except (WrongInput, Refused) as error:
        return _list(here, sent, error)
    return RedirectResponse(f"/councils/{made}", 303)


@router.get("/councils/{number:int}", name="council")
def council(here: Here, number: int) -> Response:
    return _page(here, number)


@router.post("/councils/{number:int}/{act}")
def council_now(here: Here, sent: Sent, number: int, act: str) -> Response:
    if act not in ACTS:
        raise NotFound("no_such_page")
    with reading(here.bind) as connection:
        bodies.own_council(connection, number, here.person)
    form = Filled(sent)
    try:
        with writing(here.bind) as connection:
            with form.gathered:
                ACTS[act](connection, number, form, here.person, here.clock)
            form.raise_if_any()
    except (WrongInput, Refused, NotFound) as error:
        return _page(here, number, sent, error, act)
    return RedirectResponse(f"/councils/{number}", 303)


@router.get("/councils/{number:int}/minutes/{meeting:int}")
def council_minutes(here: Here, number: int, meeting: int) -> Response:
    with reading(here.bind) as connection:
        data, name, media_type = work.minutes_file(connection, number, meeting, here.person)
    return attachment(data, name, media_type)


def _council(form: Filled) -> NewCouncil:
    return NewCouncil(form.text("name"), form.text("decision"), form.day("formed_on"), bool(form.text("uses_seal")))


def _member(form: Filled) -> NewMember:
    seat, name, post = (form.text(field) for field in ("seat", "name", "post"))
    return NewMember(seat, name, post, form.day("from_on"), form.text("decision"))


def _change(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    bodies.change_council(connection, number, _council(form), by=by, clock=clock)


def _seat(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    seats.seat_member(connection, number, _member(form), by=by, clock=clock)


def _replace(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    member = form.number("member") or 0
    seats.replace_member(connection, number, member, _member(form), form.text("reason"), by=by, clock=clock)


def _empty(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    on = form.day("from_on")
    seats.leave_empty(connection, number, form.text("seat"), form.text("reason"), on, by=by, clock=clock)


def _approve(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    seats.approve_empty(connection, number, form.number("member") or 0, by=by, clock=clock)


def _serve(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    bodies.assign_council(connection, number, form.text("ref"), by=by, clock=clock)


def _release(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    bodies.release_case(connection, number, form.text("ref"), form.text("reason"), by=by, clock=clock)


def _meeting(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    on = form.day("held_on")
    present = [int(text) for text in form.sent.texts("present") if text.isdecimal() and len(text) < 10]
    file = next(iter(form.sent.files("file")), None)
    typed = NewMeeting(on, form.text("settled"), form.text("venue"), present, file)
    work.record_meeting(connection, number, typed, by=by, clock=clock)


def _task(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    typed = NewTask(form.text("what"), form.day("due_on"), form.number("member"))
    work.add_task(connection, number, typed, by=by, clock=clock)


def _done(connection: Connection, number: int, form: Filled, by: Actor, clock: Clock) -> None:
    work.finish_task(connection, number, form.number("task") or 0, form.day("done_on"), by=by, clock=clock)


ACTS: Mapping[str, Callable[[Connection, int, Filled, Actor, Clock], None]] = {
    "change": _change, "seat": _seat, "replace": _replace, "empty": _empty, "approve": _approve, "serve": _serve,
    "release": _release, "meeting": _meeting, "task": _task, "done": _done,
}  # fmt: skip


def _list(here: Visit, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        rows = bodies.listed_councils(connection, here.person, here.today)
    return page(
        here,
        "cases/councils.html",
        rows=rows,
        may=here.person.role in EDITORS,
        sent=sent,
        **error_content(error, here.lang),
    )


def _page(
    here: Visit, number: int, sent: Typed | None = None, error: CoopcaseError | None = None, act: str = ""
) -> Response:
    rules = council_rules()
    with reading(here.bind) as connection:
        row = bodies.own_council(connection, number, here.person)
        members = seats.members_of(connection, number)
        content: dict[str, Any] = {
            "cases": bodies.served_cases(connection, number), "meetings": work.meetings_of(connection, number),
            "tasks": work.tasks_of(connection, number),
            "officers": officer_names(connection, [one["approved_by"] or "" for one in members]),
        }  # fmt: skip
    now = seats.sitting(members, here.today)
    lacking = seats.unsettled_seats(members, here.today)
    citation = nearest_version(rules.article, here.today)
    return page(
        here, "cases/council.html", council=row, now=now, seats=rules.seats, sent=sent, act=act,
        former=[member for member in members if member not in now], named=[one for one in now if one["name"]],
        open_seats=", ".join(pick(seats.label_of(key), here.lang) for key in lacking),
        may=here.person.role in EDITORS, decides=here.person.role in DECIDERS, citation=citation.text(here.lang),
        recalled=citation.confidence != "verified", people={one["id"]: one["name"] for one in members},
        **content, **error_content(error, here.lang),
    )  # fmt: skip
