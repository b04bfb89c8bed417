"""Letters that wait for a hand, the longest waiting first, and lists of them by status."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select, true

from casework.office.people import Actor
from correspondence.letter_order import DOWN, OLDEST, SINCE, joined_for, known_order, order_of, places_of
from correspondence.letter_rights import ALIVE, ENTERERS, statuses_of
from correspondence.signing import CITY_BODIES, Posted, heads, in_force, signing_body, unattended
from letters.catalogue import letter_types
from letters.issuing_bodies import bodies
from models.from_end import Span, span_of
from models.letter_links import IN_HAND
from models.ranked_pages import ids_by_place
from models.search_query import found_by, page_found
from models.tables import case_rows, delegations, letter_rows, officers, signed_papers
from models.typed_rows import all_rows, one_row
from procedures.former_names import all_names

WAITS_FOR: Mapping[str, tuple[str, ...]] = {  # whose hand a status waits for, beside those who may sign
    "case_officer": ("draft", "returned", "undelivered"),
    "clerk": ("approved", "issued"),
    "commune": ("issued",),
}
INK_ENTERERS = ("case_officer", "clerk")  # of letters that nobody who signs in may sign
ON_PAPER = "on_paper"  # submitted letters that nobody who signs in may sign
JOINED = letter_rows.join(case_rows, case_rows.c.id == letter_rows.c.case_id)
_L, _C = letter_rows.c, case_rows.c
_P = signed_papers.c
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
    return [] if person.district is None else [_L.district_code == person.district]


def waiting_count(connection: Connection, person: Actor, today: date) -> int:
    """How many letters wait for this person."""
    return _count(connection, _waiting(connection, person, today))


def waiting_letters(connection: Connection, person: Actor, today: date, limit: int) -> list[int]:
    """The letters that wait for this person, the longest first."""
    ordered = _waiting(connection, person, today).with_only_columns(_L.id).order_by(SINCE, _L.id).limit(limit)
    return list(connection.scalars(ordered))


def waiting_by_status(connection: Connection, person: Actor, today: date) -> dict[str, tuple[int, int]]:
    """How many letters of each status wait for this person, and the first of them."""
    each = _waiting(connection, person, today).with_only_columns(_L.status, func.count(), func.min(_L.id))
    return {status: (count, first) for status, count, first in connection.execute(each.group_by(_L.status)).tuples()}


def waiting_lines(connection: Connection, person: Actor, today: date, of_each: int) -> list[ListedLetter]:
    """The letters that wait for this person longest: so many of each status, as each status is another work."""
    found = _waiting(connection, person, today)
    place = func.row_number().over(partition_by=_L.status, order_by=(SINCE, _L.id)).label("place")
    ranked = found.with_only_columns(_L.id, place).subquery()
    first = select(ranked.c.id).where(ranked.c.place <= of_each)
    lines = select(*SHOWN).select_from(JOINED).where(_L.id.in_(first)).order_by(_L.status.desc(), SINCE, _L.id)
    return all_rows(ListedLetter, connection.execute(lines))


def letters_elsewhere(connection: Connection, person: Actor, today: date, limit: int) -> list[ListedLetter]:
    """Letters of the person's own cases, or office, that wait for the hand of another, the longest first.

    Drafts and what came back wait for their case officer; of the others the signatory and the clerk are to be pressed.
    """
    mine = _waiting(connection, person, today).with_only_columns(_L.id)
    found = (
        select(*SHOWN)
        .select_from(JOINED)
        .where(
            IN_HAND,
            office_letters(person, ("submitted", "approved")),
            _L.id.not_in(mine),
            *scope(person),
            _C.closed_on.is_(None),
        )
    )
    return all_rows(ListedLetter, connection.execute(found.order_by(SINCE, _L.id).limit(limit)))


def letter_list_page(
    connection: Connection,
    person: Actor,
    today: date,
    *,
    status: str = "",
    search: str = "",
    sort: str = OLDEST,
    limit: int,
    offset: int,
    counts: Mapping[str, int] | None = None,
) -> tuple[list[ListedLetter], int]:
    """A page of letters with their number in all: those that wait for the person, of one status, or `all`.

    `counts`: the `status_counts` of the person, where they are known already.
    """
    found = select(_L.id)
    if status in ("", ON_PAPER):
        own = (_to_be_signed_on_paper if status else _waiting)(connection, person, today)
        found = found.where(_L.id.in_(own.with_only_columns(_L.id)))
    else:
        found = found.where(*scope(person), *([] if status == "all" else [_L.status == status]))
    if search:
        found = found.where(_L.id.in_(found_by("letter", search)))
        by = Span(limit, offset).ordered(order_of(known_order(sort), status))
        ids, total = page_found(connection, joined_for(found, known_order(sort)), by, limit, offset)
        return _lines(connection, ids), total
    if counts is None or status in ("", ON_PAPER):
        total = _count(connection, found)
    else:
        total = sum(counts.values()) if status == "all" else counts.get(status, 0)
    ids = _ids(connection, found, known_order(sort), status, total, (limit, offset))
    return _lines(connection, ids), total


def _lines(connection: Connection, ids: Sequence[int]) -> list[ListedLetter]:
    """The lines of these letters, in this order: only they are read whole."""
    place = {number: at for at, number in enumerate(ids)}
    read = connection.execute(select(*SHOWN).select_from(JOINED).where(_L.id.in_(place)))
    return sorted(all_rows(ListedLetter, read), key=lambda row: place[row["id"]])


def _ids(
    connection: Connection, found: Select[Any], asked: str, status: str, total: int, page: tuple[int, int]
) -> list[int]:
    """The letters of a page in a known order. `page`: how many, after how many."""
    limit, offset = page
    if ranked := places_of(asked):
        down = asked.startswith(DOWN)
        return ids_by_place(connection, found, *ranked, [(_L.id, down)], down=down, limit=limit, offset=offset)
    span = span_of(limit, offset, total)
    ordered = joined_for(found, asked).order_by(*span.ordered(order_of(asked, status)))
    ids = list(connection.scalars(ordered.limit(span.limit).offset(span.offset)))
    return ids[::-1] if span.backwards else ids


def _count(connection: Connection, found: Select[Any]) -> int:
    return connection.scalar(found.with_only_columns(func.count())) or 0


def status_counts(connection: Connection, person: Actor) -> dict[str, int]:
    """How many letters visible to the person are in each status."""
    found = select(_L.status, func.count()).where(*scope(person)).group_by(_L.status)
    return dict(connection.execute(found).tuples().all())


def _waiting(connection: Connection, person: Actor, today: date) -> Select[Any]:
    own = or_(
        _by_role(person),
        _to_sign(connection, person, today),
        _to_enter(connection, person, today),
        and_(office_letters(person, ("entered",)), _of_another(person)),
    )
    return select(*SHOWN).select_from(JOINED).where(IN_HAND, own, *scope(person), _C.closed_on.is_(None))


def queue_of(connection: Connection, person: Actor, today: date, step: str) -> Select[Any]:
    """Letters that wait for one step of this person, as `next_step` names it: those to sign, to number, to serve."""
    if step == "approve":
        apart = [name for name, kind in letter_types().items() if kind.four_eyes]
        by_them = and_(_L.template.in_(all_names((), "letters", apart)), _L.submitted_by == person.login)
        own = and_(_to_sign(connection, person, today), ~by_them)
    else:
        own = and_(_by_role(person), _L.status.in_(statuses_of(step)))
    return select(*SHOWN).select_from(JOINED).where(IN_HAND, own, *scope(person), _C.closed_on.is_(None))


def _by_role(person: Actor) -> ColumnElement[bool]:
    statuses = WAITS_FOR.get(person.role, ())
    own: list[ColumnElement[bool]] = [~_from_above()]
    if person.role == "case_officer":
        own.append(_C.officer_id == person.id)
    if person.role in ("clerk", "commune"):
        own.append(_C.level == ("city" if person.district is None else "district"))
    here = or_(and_(*own), _from_above()) if person.district is None else and_(*own)
    return and_(_L.status.in_(statuses), here) if statuses else false()


def _from_above() -> ColumnElement[bool]:
    """Letters that the city issues in a case of a district, such as the settlement of a second complaint."""
    return _of_bodies("district", CITY_BODIES)


def _to_sign(connection: Connection, person: Actor, today: date) -> ColumnElement[bool]:
    """Submitted letters of the bodies that the person heads, or signs for on that day."""
    held = select(officers.c.role, officers.c.post).where(officers.c.id == person.id)
    row = one_row(Posted, connection.execute(held))
    given = select(delegations.c.body).where(delegations.c.officer_id == person.id, in_force(today))
    signed = {key for key, body in bodies().items() if heads(row, body)} | set(connection.scalars(given))
    return and_(_L.status == "submitted", _of_office(person, frozenset(signed)))


def _to_enter(connection: Connection, person: Actor, today: date) -> ColumnElement[bool]:
    """Submitted letters that are signed in ink, since nobody who signs in may sign them: for officer and clerk."""
    if person.role not in INK_ENTERERS:
        return false()
    held = unattended(connection, person.district, today)
    return and_(_L.status == "submitted", _own_cases(person), _of_office(person, held))


def _to_be_signed_on_paper(connection: Connection, person: Actor, today: date) -> Select[Any]:
    held = and_(_L.status == "submitted", _of_office(person, unattended(connection, person.district, today)))
    return select(*SHOWN).select_from(JOINED).where(IN_HAND, held, *scope(person), _C.closed_on.is_(None))


def on_paper_count(connection: Connection, person: Actor, today: date) -> int:
    """How many letters of the person's office wait for a signature in ink."""
    return _count(connection, _to_be_signed_on_paper(connection, person, today))


def office_letters(person: Actor, statuses: Sequence[str] = ALIVE) -> ColumnElement[bool]:
    """Letters in some statuses of the bodies that sit in the person's office; a case officer's own cases."""
    return and_(_L.status.in_(statuses), _own_cases(person), _of_office(person, frozenset(bodies())))


def _own_cases(person: Actor) -> ColumnElement[bool]:
    return _C.officer_id == person.id if person.role == "case_officer" else true()


def _of_another(person: Actor) -> ColumnElement[bool]:
    """Papers entered by another person, which this one may confirm."""
    if person.role not in ENTERERS:
        return false()
    open_ = and_(_P.letter_id == _L.id, _P.status == "entered", _P.entered_by != person.login)
    return select(_P.id).where(open_).exists()


def _of_office(person: Actor, keys: frozenset[str]) -> ColumnElement[bool]:
    """Letters of some bodies that sit in the person's office."""
    if person.district is None:
        return or_(_of_bodies("city", keys & (CITY_BODIES | {"council"})), _of_bodies("district", keys & CITY_BODIES))
    here = keys - CITY_BODIES
    return or_(_of_bodies("district", here), _of_bodies("city", here - {"council"}))


def _of_bodies(level: str, keys: frozenset[str]) -> ColumnElement[bool]:
    templates = _templates(level, keys)
    return and_(_C.level == level, _L.template.in_(templates)) if templates else false()


@cache
def _templates(level: str, signed: frozenset[str]) -> tuple[str, ...]:
    """The letters that some bodies issue on a level, by every name that this release knows of them."""
    issued = (name for name, kind in letter_types().items() if signing_body(kind, level) in signed)
    return tuple(sorted(all_names((), "letters", issued)))
