"""Letters that wait for a hand, the longest waiting first, and lists of them by status."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Date, Select, and_, case, false, func, or_, select

from casework.office.people import Actor
from correspondence.signing import CITY_BODIES, Posted, heads, in_force, signing_body
from letters.catalogue import letter_types
from letters.issuing_bodies import bodies
from models.tables import case_rows, delegations, letter_rows, officers
from models.typed_rows import all_rows, one_row

WAITS_FOR: Mapping[str, tuple[str, ...]] = {  # whose hand a status waits for, beside those who may sign
    "case_officer": ("draft", "returned", "undelivered"),
    "clerk": ("approved", "issued"),
    "commune": ("issued",),
}
STATUSES = ("draft", "returned", "submitted", "approved", "issued", "undelivered", "served", "published", "cancelled")
SORTS = ("oldest", "newest")
JOINED = letter_rows.join(case_rows, case_rows.c.id == letter_rows.c.case_id)
_L, _C = letter_rows.c, case_rows.c
SINCE: ColumnElement[date] = case(  # the day from which a letter has been in its status
    (_L.status == "submitted", func.coalesce(func.date(_L.submitted_at, type_=Date), _L.drafted_for_on)),
    (_L.status == "approved", func.coalesce(func.date(_L.approved_at, type_=Date), _L.drafted_for_on)),
    else_=func.coalesce(_L.issued_on, _L.drafted_for_on),
)
SHOWN = (
    _L.id, _L.template, _L.status, _L.number, _L.symbol, _L.issued_on, _L.drafted_for_on, _L.missing, _L.unverified,
    SINCE.label("since_on"), _C.ref, _C.unit_name, _C.district_code,
)  # fmt: skip


class ListedLetter(TypedDict):
    """A line of a list of letters."""

    id: int
    template: str
    status: str
    number: int | None
    symbol: str
    issued_on: date | None
    drafted_for_on: date
    missing: list[str]
    unverified: list[str]
    since_on: date  # the day from which it has been in its status
    ref: str
    unit_name: str
    district_code: str


def scope(person: Actor) -> list[ColumnElement[bool]]:
    """The letters that a person may see: a district its own, the city all."""
    return [] if person.district is None else [_C.district_code == person.district]


def waiting_count(connection: Connection, person: Actor, today: date) -> int:
    """How many letters wait for this person."""
    return connection.scalar(select(func.count()).select_from(_waiting(connection, person, today).subquery())) or 0


def letter_list_page(
    connection: Connection,
    person: Actor,
    today: date,
    *,
    status: str = "",
    search: str = "",
    sort: str = "oldest",
    limit: int,
    offset: int,
) -> tuple[list[ListedLetter], int]:
    """A page of letters with their number in all: those that wait for the person, of one status, or `all`."""
    if status:
        found: Select[Any] = select(*SHOWN).select_from(JOINED).where(*scope(person))
        if status != "all":
            found = found.where(_L.status == status)
    else:
        found = _waiting(connection, person, today)
    if search:
        found = found.where(_C.ref.icontains(search, autoescape=True) | _C.unit_name.icontains(search, autoescape=True))
    total = connection.scalar(select(func.count()).select_from(found.subquery())) or 0
    order = (SINCE.desc(), _L.id.desc()) if sort == "newest" else (SINCE, _L.id)
    return all_rows(ListedLetter, connection.execute(found.order_by(*order).limit(limit).offset(offset))), total


def status_counts(connection: Connection, person: Actor) -> dict[str, int]:
    """How many letters visible to the person are in each status."""
    found = select(_L.status, func.count()).select_from(JOINED).where(*scope(person)).group_by(_L.status)
    return dict(connection.execute(found).tuples().all())


def _waiting(connection: Connection, person: Actor, today: date) -> Select[Any]:
    own = or_(_by_role(person), _to_sign(connection, person, today))
    return select(*SHOWN).select_from(JOINED).where(own, *scope(person), _C.closed_on.is_(None))


def _by_role(person: Actor) -> ColumnElement[bool]:
    statuses = WAITS_FOR.get(person.role, ())
    own: list[ColumnElement[bool]] = [_L.status.in_(statuses)]
    if person.role == "case_officer":
        own.append(_C.officer_id == person.id)
    if person.role in ("clerk", "commune"):
        own.append(_C.level == ("city" if person.district is None else "district"))
    return and_(*own) if statuses else false()


def _to_sign(connection: Connection, person: Actor, today: date) -> ColumnElement[bool]:
    """Submitted letters of the bodies that the person heads, or signs for on that day."""
    held = select(officers.c.role, officers.c.post).where(officers.c.id == person.id)
    row = one_row(Posted, connection.execute(held))
    given = select(delegations.c.body).where(delegations.c.officer_id == person.id, in_force(today))
    signed = {key for key, body in bodies().items() if heads(row, body)} | set(connection.scalars(given))
    if person.district is None:
        at_home = signed & (CITY_BODIES | {"council"})
        return _submitted("city", frozenset(at_home))
    here = frozenset(signed - CITY_BODIES)
    return or_(_submitted("district", here), _submitted("city", here - {"council"}))


def _submitted(level: str, signed: frozenset[str]) -> ColumnElement[bool]:
    templates = _templates(level, signed)
    return and_(_L.status == "submitted", _C.level == level, _L.template.in_(templates)) if templates else false()


@cache
def _templates(level: str, signed: frozenset[str]) -> tuple[str, ...]:
    """The letters that some bodies issue on a level."""
    return tuple(name for name, kind in letter_types().items() if signing_body(kind, level) in signed)
