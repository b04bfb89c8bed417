"""Letters: the list that waits for a hand, the book of numbers, and one letter with its files."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import ColumnElement, Connection, func, select

from casework.people import Actor, may_see
from models.database import reading
from models.errors import NotFound
from models.tables import book_entries, case_rows, letter_rows, services
from web.lists import PAGE, pages_of
from web.rendering import page
from web.visit import Here

router = APIRouter()
WAITING = ("draft", "returned", "submitted", "approved", "undelivered")
STATUSES = (*WAITING, "issued", "served", "published", "cancelled")
_JOINED = letter_rows.outerjoin(case_rows, case_rows.c.id == letter_rows.c.case_id)


@router.get("/letters")
def letter_list(here: Here, view: str = "", status: str = "", q: str = "", p: int = 1) -> Response:
    book = view == "book"
    asked = {"view": view, "status": status, "q": q.strip()[:120]}
    with reading(here.bind) as connection:
        rows, total = (_book if book else _letters)(connection, here.person, asked, p)
    return page(
        here, "letters.html", rows=rows, book=book, asked=asked, pages=pages_of(p, total), statuses=STATUSES
    )  # fmt: skip


@router.get("/letters/{letter_id}")
def letter(here: Here, letter_id: int) -> Response:
    with reading(here.bind) as connection:
        row = one_letter(connection, here.person, letter_id)
        served = connection.execute(select(services).where(services.c.letter_id == letter_id).order_by(services.c.id))
        listed = served.mappings().all()
    return page(here, "letter.html", letter=row, services=listed)


def one_letter(connection: Connection, person: Actor, letter_id: int) -> dict[str, Any]:
    """A letter with the case it belongs to. Raises NotFound, also for whoever may not see that case."""
    columns = (letter_rows, case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code)
    row = (
        connection.execute(select(*columns).select_from(_JOINED).where(letter_rows.c.id == letter_id))
        .mappings()
        .first()
    )
    if row is None or not _sees(person, row["district_code"]):
        raise NotFound("no_such_letter", letter=letter_id)
    return dict(row)


def _sees(person: Actor, district: str | None) -> bool:
    return person.district is None if district is None else may_see(person, district)


def _letters(connection: Connection, person: Actor, asked: dict[str, str], p: int) -> tuple[list[dict[str, Any]], int]:
    wanted = _scope(person, asked["q"])
    if asked["status"] != "all":
        wanted.append(letter_rows.c.status == asked["status"] if asked["status"] else letter_rows.c.status.in_(WAITING))
    columns = letter_rows.c
    found = (
        select(
            columns.id, columns.template, columns.status, columns.number, columns.symbol, columns.issued_on,
            columns.drafted_for_on, columns.missing, columns.unverified, case_rows.c.ref, case_rows.c.unit_name,
        )
        .select_from(_JOINED)
        .where(*wanted)
        .order_by(columns.drafted_at.desc(), columns.id.desc())
    )  # fmt: skip
    return _paged(connection, found, p), _count(connection, _JOINED, wanted)


def _book(connection: Connection, person: Actor, asked: dict[str, str], p: int) -> tuple[list[dict[str, Any]], int]:
    """Numbers as given, the newest first; a cancelled one keeps its line."""
    joined = book_entries.join(_JOINED, letter_rows.c.id == book_entries.c.letter_id)
    wanted = _scope(person, asked["q"])
    columns = book_entries.c
    found = (
        select(
            columns.issuer, columns.series, columns.year, columns.number, columns.issued_on, columns.cancelled_at,
            columns.cancelled_by, columns.cancel_reason, letter_rows.c.id, letter_rows.c.symbol,
            letter_rows.c.template, letter_rows.c.status, case_rows.c.ref, case_rows.c.unit_name,
        )
        .select_from(joined)
        .where(*wanted)
        .order_by(columns.year.desc(), columns.issuer, columns.series, columns.number.desc())
    )  # fmt: skip
    return _paged(connection, found, p), _count(connection, joined, wanted)


def _scope(person: Actor, search: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if person.district:
        wanted.append(case_rows.c.district_code == person.district)
    if search:
        wanted.append(
            case_rows.c.ref.icontains(search, autoescape=True)
            | case_rows.c.unit_name.icontains(search, autoescape=True)
        )
    return wanted


def _paged(connection: Connection, found: Any, p: int) -> list[dict[str, Any]]:
    listed = connection.execute(found.limit(PAGE).offset((max(p, 1) - 1) * PAGE)).mappings()
    return [dict(row) for row in listed]


def _count(connection: Connection, joined: Any, wanted: list[ColumnElement[bool]]) -> int:
    return connection.scalar(select(func.count()).select_from(joined).where(*wanted)) or 0
