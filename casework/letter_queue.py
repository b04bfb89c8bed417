"""Letters that wait for a hand, and those that got stuck."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from casework.people import Actor
from models.tables import book_entries, case_rows, letter_rows

WAITS_FOR: dict[str, tuple[str, ...]] = {  # whose hand a status waits for
    "case_officer": ("draft", "returned", "undelivered"),
    "manager": ("submitted",),
    "leader": ("submitted",),
    "clerk": ("approved", "issued"),
    "commune": ("submitted", "issued"),
}
STUCK_DAYS = {
    "approved": 2,
    "issued": 7,
    "submitted": 5,
}  # practice, no term of law
JOINED = letter_rows.join(case_rows, case_rows.c.id == letter_rows.c.case_id)
_SHOWN = (
    letter_rows.c.id, letter_rows.c.template, letter_rows.c.status, letter_rows.c.number, letter_rows.c.symbol,
    letter_rows.c.issued_on, letter_rows.c.drafted_for_on, letter_rows.c.missing, letter_rows.c.unverified,
    case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code,
)  # fmt: skip


def scope(person: Actor) -> list[ColumnElement[bool]]:
    """The letters that a person may see: a district its own, the city all."""
    return [] if person.district is None else [case_rows.c.district_code == person.district]


def queue(connection: Connection, person: Actor, limit: int = 200) -> list[dict[str, Any]]:
    """The letters that wait for this person, longest waiting first."""
    return [dict(row) for row in connection.execute(_waiting(person).limit(limit)).mappings()]


def waiting_count(connection: Connection, person: Actor) -> int:
    """How many letters wait for this person."""
    return connection.scalar(select(func.count()).select_from(_waiting(person).subquery())) or 0


def _waiting(person: Actor) -> Select[Any]:
    statuses = WAITS_FOR.get(person.role, ())
    found = select(*_SHOWN).select_from(JOINED).where(letter_rows.c.status.in_(statuses), *scope(person))
    if person.role == "case_officer":
        found = found.where(case_rows.c.officer_id == person.id)
    if person.role in ("manager", "leader", "clerk") and person.district is None:
        found = found.where(case_rows.c.level == "city")
    if person.role in ("manager", "leader") and person.district is not None:
        found = found.where(case_rows.c.level == "district")
    return found.where(case_rows.c.closed_on.is_(None)).order_by(letter_rows.c.drafted_at, letter_rows.c.id)


def stuck(connection: Connection, day: date, districts: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Approved but not issued, issued but not served, submitted but not signed: longer than practice allows."""
    columns = letter_rows.c
    late = or_(
        *(
            and_(columns.status == status, _since(status) <= day - timedelta(days=days))
            for status, days in STUCK_DAYS.items()
        )
    )
    found = select(*_SHOWN).select_from(JOINED).where(late, case_rows.c.closed_on.is_(None))
    if districts is not None:
        found = found.where(case_rows.c.district_code.in_(districts))
    return [dict(row) for row in connection.execute(found.order_by(columns.id)).mappings()]


def _since(status: str) -> Any:
    return letter_rows.c.issued_on if status == "issued" else letter_rows.c.drafted_for_on


def book(
    connection: Connection, person: Actor, *, year: int, issuer: str = "", series: str = "", limit: int | None = None
) -> list[dict[str, Any]]:
    """The lines of the number book that a person may see, in order; a cancelled number keeps its line."""
    columns = book_entries.c
    found = (
        select(
            columns.issuer, columns.series, columns.year, columns.number, columns.issued_on, columns.cancelled_at,
            columns.cancelled_by, columns.cancel_reason, letter_rows.c.id, letter_rows.c.symbol,
            letter_rows.c.template, letter_rows.c.status, letter_rows.c.data, case_rows.c.ref, case_rows.c.unit_name,
        )
        .select_from(book_entries.join(JOINED, letter_rows.c.id == columns.letter_id))
        .where(columns.year == year, *scope(person))
        .order_by(columns.issuer, columns.series, columns.number)
    )  # fmt: skip
    if issuer:
        found = found.where(columns.issuer == issuer)
    if series:
        found = found.where(columns.series == series)
    return [dict(row) for row in connection.execute(found.limit(limit)).mappings()]


def books_of(connection: Connection, person: Actor) -> list[tuple[str, int]]:
    """(issuer, year) of every book that a person may see."""
    found = (
        select(book_entries.c.issuer, book_entries.c.year)
        .select_from(book_entries.join(JOINED, letter_rows.c.id == book_entries.c.letter_id))
        .where(*scope(person))
        .distinct()
    )
    return [(issuer, year) for issuer, year in connection.execute(found).tuples()]


def letter_list_page(
    connection: Connection, person: Actor, *, status: str = "", search: str = "", limit: int, offset: int
) -> tuple[list[dict[str, Any]], int]:
    """A page of letters with their number in all: those that wait for the person, of one status, or `all`."""
    if status or person.role not in WAITS_FOR:
        found: Select[Any] = select(*_SHOWN).select_from(JOINED).where(*scope(person))
        if status and status != "all":
            found = found.where(letter_rows.c.status == status)
        found = found.order_by(letter_rows.c.drafted_at.desc(), letter_rows.c.id.desc())
    else:
        found = _waiting(person)
    if search:
        ref, name = case_rows.c.ref, case_rows.c.unit_name
        found = found.where(ref.icontains(search, autoescape=True) | name.icontains(search, autoescape=True))
    total = connection.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    return [dict(row) for row in connection.execute(found.limit(limit).offset(offset)).mappings()], total
