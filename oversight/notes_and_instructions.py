"""Notes that come back and instructions that wait for their answer: what counts as open, and whose they are."""

from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Select, case, func, select

from models.tables import case_notes, case_rows, instructions, officers

_N, _I = case_notes.c, instructions.c
_GIVER = officers.alias("giver")
_CASE = (
    case_rows.c.id.label("case_id"), case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code,
    case_rows.c.level, case_rows.c.officer_id, case_rows.c.procedure, case_rows.c.state,
)  # fmt: skip


class OnCase(TypedDict):
    """Something written on a case: `on` is its day, `person` the id of whom it is for, `author` a login."""

    id: int
    text: str
    on: date
    person: int | None
    author: str
    case_id: int
    ref: str
    unit_name: str
    district_code: str
    level: str
    officer_id: int | None
    procedure: str
    state: str


class OpenInstruction(OnCase):
    """An instruction that waits for its answer; `giver` is the id of the head who gave it."""

    giver: int
    given_at: datetime


def notes_coming_back(until: date) -> Select[Any]:
    """Open notes whose day has come by then, as `OnCase`, the oldest day first."""
    own = (_N.id, _N.text, _N.come_back_on.label("on"), _person_of_note().label("person"), _N.by.label("author"))
    joined = case_notes.join(case_rows, case_rows.c.id == _N.case_id).outerjoin(officers, officers.c.login == _N.by)
    found = select(*own, *_CASE).select_from(joined)
    return found.where(is_open_note(), _N.come_back_on <= until).order_by(_N.come_back_on, _N.id)


def open_instructions() -> Select[Any]:
    """Instructions that wait for their answer, as `OpenInstruction`, the nearest day first."""
    own = (
        _I.id, _I.text, _I.due_on.label("on"), _I.to_id.label("person"), _GIVER.c.login.label("author"),
        _I.by_id.label("giver"), _I.given_at,
    )  # fmt: skip
    joined = instructions.join(case_rows, case_rows.c.id == _I.case_id).join(_GIVER, _GIVER.c.id == _I.by_id)
    return select(*own, *_CASE).select_from(joined).where(is_unanswered()).order_by(_I.due_on, _I.id)


def is_open_note() -> ColumnElement[bool]:
    return _N.closed_at.is_(None) & _N.struck_at.is_(None)


def is_unanswered() -> ColumnElement[bool]:
    return _I.answered_at.is_(None) & _I.withdrawn_at.is_(None)


def report_is_late(due_on: date, day: date) -> bool:
    """Whether the day to report by has passed; that is neither overdue by law nor behind plan."""
    return due_on < day


def _person_of_note() -> ColumnElement[int | None]:
    """Whom a note comes back to: a case officer's, and that of a person who has left, to the officer of the case."""
    follows = (officers.c.role == "case_officer") | ~officers.c.active | officers.c.id.is_(None)
    return case((follows, func.coalesce(case_rows.c.officer_id, officers.c.id)), else_=officers.c.id)
