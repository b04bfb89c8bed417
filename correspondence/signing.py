"""Who may sign which letter: the head of the issuing body, or whom a written delegation names for the day."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict, cast

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from casework.ledger import facts_of
from casework.office.people import Actor
from correspondence.joint.annex_rows import chair_named
from correspondence.letter_data import way_of
from letters.catalogue import LetterType
from letters.draft import Signer, authority_lines
from letters.issuing_bodies import Body, bodies, body_of
from letters.tree import Letter
from models.errors import Refused
from models.tables import case_rows, delegations, officers, signatories, units
from models.typed_rows import first_row, one_row
from models.typed_rows.case_shapes import CarriedCase
from models.typed_rows.letter_shapes import LetterOfCase
from models.typed_rows.office_shapes import DelegationRow, OfficerRow
from procedures.state_machine.fold import valid_facts
from rulebook.shipped import by_names_of_release
from templates.words import both, t

CITY_BODIES = frozenset({"department", "city_committee"})
NOT_HEADS = ("Phó", "Quyền", "Q.")  # how the posts of those begin who do not head their body in their own right


class Posted(TypedDict):
    """What says whether an officer heads a body."""

    role: str
    post: str


@dataclass(frozen=True, slots=True)
class Entitled:
    """A person who may sign for a body: its head, or by a right such as KT."""

    name: str
    authority: str
    post: str

    def __str__(self) -> str:
        return f"{self.name} ({self.authority}.)" if self.authority else self.name


def signing_body(kind: LetterType, level: str, way: str = "") -> str:
    """The key of the body that issues a letter on a level, of a unit that is dissolved in that way."""
    return body_of(kind.issuer, level, way).key


def body_for(connection: Connection, kind: LetterType, row: CarriedCase) -> str:
    """The key of the body that issues a letter; of a case without one, the body whatever its way of dissolution."""
    way = ""
    if bodies()[kind.issuer].voluntary and "case_id" in row:
        letter = cast(LetterOfCase, row)
        way = way_of(facts_of(connection, letter["case_id"]), letter["fact_seq"])
    return signing_body(kind, row["level"], way)


def require_ours(connection: Connection, kind: LetterType, row: CarriedCase) -> str:
    """The key of the body that signs. Raises Refused when others sign, and ours is only the form."""
    key = body_for(connection, kind, row)
    if not bodies()[key].is_ours:
        raise Refused("letter_not_ours_to_sign", body=kind.title["vi"])
    return key


def seat_of(body: str, case: CarriedCase) -> str | None:
    """The district whose office a body sits in; none for the city's. A council sits where it was formed."""
    at_city = body in CITY_BODIES or (body == "council" and case["level"] == "city")
    return None if at_city else str(case["district_code"])


def signer_for(connection: Connection, person: Actor, kind: LetterType, case: CarriedCase, on: date) -> Signer:
    """How the person signs this letter on that day. Raises Refused with the reason and who may."""
    key = require_ours(connection, kind, case)
    body, seat = bodies()[key], seat_of(key, case)
    row = one_row(OfficerRow, connection.execute(select(officers).where(officers.c.id == person.id)))
    named = named_signer(connection, body, case, on)
    if row["active"] and row["district_code"] == seat:
        if row["name"] == named or (not named and heads(row, body)):
            return Signer(row["name"])
        delegated = _delegation(connection, person.id, key, on)
        if delegated is not None:
            return _signing_for(delegated, row)
    listed = entitled(connection, kind, case, on)
    raise Refused("may_not_sign", who=who_may(listed, key), remedy=remedy(listed, key))


def named_signer(connection: Connection, body: Body, case: CarriedCase, on: date) -> str:
    """The person whom the case of a letter names as the body's signer, such as a council's chair; empty for nobody.

    `on`: the day of the signature, which decides who chairs a council.
    """
    if body.signer is None or "case_id" not in case:
        return ""
    letter = cast(LetterOfCase, case)
    known = (fact for fact in valid_facts(by_names_of_release(facts_of(connection, letter["case_id"]))))
    chair = {"chair": chair_named(connection, letter["case_id"], on)}
    return body.named_signer({fact.kind: fact.data for fact in known} | {body.key: chair})


def heads(officer: Posted, body: Body) -> bool:
    """Whether an officer heads a body in their own right."""
    return officer["role"] == body.signs and not str(officer["post"]).startswith(NOT_HEADS)


def signer_or_none(
    connection: Connection, person: Actor, kind: LetterType, case: CarriedCase, on: date
) -> Signer | None:
    """How the person signs this letter on that day; None when they may not."""
    try:
        return signer_for(connection, person, kind, case, on)
    except Refused:
        return None


def may_sign(connection: Connection, person: Actor, kind: LetterType, case: CarriedCase, on: date) -> bool:
    """Whether `signer_for` would answer."""
    return signer_or_none(connection, person, kind, case, on) is not None


def signed_as(connection: Connection, letter: Letter, kind: LetterType, case: CarriedCase, signer: Signer) -> Letter:
    """The letter as it is printed when it is signed like this; minutes keep those who attended."""
    if kind.signers:
        return letter
    own = bodies()[body_for(connection, kind, case)]
    return replace(letter, authority=authority_lines(own, signer, by_head=kind.by_head), signer=signer.name)


def head_of(
    connection: Connection, kind: LetterType, case: CarriedCase, on: date | None = None, way: str = ""
) -> Signer:
    """The person who would sign without a delegation: shown on drafts; of a vacant post, on a day, the acting head."""
    key = signing_body(kind, case["level"], way)
    seat = seat_of(key, case)
    name = head_named(connection, key, seat)
    if name is None and on is not None:
        listed = [*_signatories(connection, key, case, on), *_delegates(connection, key, seat, on)]
        found = next((item for right in ("", "Q") for item in listed if item.authority == right), None)
        return Signer(found.name, found.authority) if found else Signer()
    return Signer(name or "")


def signers_of(connection: Connection, kind: LetterType, case: CarriedCase, on: date) -> str:
    """The names of those who may sign on a day, with the right of those who sign for the head."""
    return ", ".join(map(str, entitled(connection, kind, case, on)))


def entitled(connection: Connection, kind: LetterType, case: CarriedCase, on: date) -> list[Entitled]:
    """Who may sign a letter on a day, by signing in or in ink: the head, delegates, signatories of the office.

    Where the case names the person who signs for the body (the chair of a council), that person is its head.
    """
    key = body_for(connection, kind, case)
    seat = seat_of(key, case)
    head = named_signer(connection, bodies()[key], case, on) or head_named(connection, key, seat)
    listed = [Entitled(head, "", bodies()[key].heads[-1])] if head else []
    listed += _delegates(connection, key, seat, on)
    return list(dict.fromkeys([*listed, *_signatories(connection, key, case, on)]))


def who_may(listed: Sequence[Entitled], key: str) -> str | dict[str, str]:
    """Those who may sign, for a refusal: by name, or by their position where the office has recorded nobody."""
    return ", ".join(map(str, listed)) or both(f"delegations.body_{key}")


def remedy(listed: Sequence[Entitled], key: str) -> dict[str, str]:
    """What would let another person sign: the head or a delegation, recorded on the pages of the office."""
    deputy = bodies()[key].deputy.capitalize()
    code = "signing.remedy" if listed else "signing.remedy_nobody"
    return {lang: t(code, lang, body=t(f"delegations.body_{key}", lang), deputy=deputy) for lang in ("vi", "en")}


def head_named(connection: Connection, key: str, seat: str | None) -> str | None:
    """The name of a body's head in an office."""
    own = [~officers.c.post.startswith(begin, autoescape=True) for begin in NOT_HEADS]
    found = select(officers.c.name).where(
        at_home(seat), officers.c.role == bodies()[key].signs, officers.c.active, *own
    )
    return connection.scalar(found.order_by(officers.c.id).limit(1))


def unattended(connection: Connection, seat: str | None, on: date) -> frozenset[str]:
    """The bodies of an office for which nobody who signs in may sign on a day: theirs are signed in ink."""
    own = [~officers.c.post.startswith(begin, autoescape=True) for begin in NOT_HEADS]
    roles = set(connection.scalars(select(officers.c.role).where(at_home(seat), officers.c.active, *own).distinct()))
    delegated = select(delegations.c.body).join(officers, officers.c.id == delegations.c.officer_id)
    given = set(connection.scalars(delegated.where(at_home(seat), officers.c.active, in_force(on))))
    return frozenset(
        key for key, body in bodies().items() if body.is_ours and body.signs not in roles and key not in given
    )


def in_force(on: date) -> ColumnElement[bool]:
    """Delegations that hold on a day: begun, not over, not ended before."""
    columns = delegations.c
    return and_(
        columns.from_on <= on,
        or_(columns.to_on.is_(None), columns.to_on >= on),
        or_(columns.ended_on.is_(None), columns.ended_on >= on),
    )


def at_home(seat: str | None) -> ColumnElement[bool]:
    """Officers of a district's office, or of the city's."""
    return officers.c.district_code.is_(None) if seat is None else officers.c.district_code == seat


def _signing_for(delegated: DelegationRow, row: OfficerRow) -> Signer:
    return Signer(row["name"], delegated["authority"], delegated["post"] or row["post"])


def _delegation(connection: Connection, officer_id: int, body: str, on: date) -> DelegationRow | None:
    columns = delegations.c
    found = select(delegations).where(columns.officer_id == officer_id, columns.body == body, in_force(on))
    return first_row(DelegationRow, connection.execute(found.order_by(columns.id)))


def _delegates(connection: Connection, key: str, seat: str | None, on: date) -> list[Entitled]:
    own = func.coalesce(func.nullif(delegations.c.post, ""), officers.c.post)
    found = (
        select(officers.c.name, delegations.c.authority, own)
        .join(delegations, delegations.c.officer_id == officers.c.id)
        .where(delegations.c.body == key, in_force(on), at_home(seat), officers.c.active)
        .order_by(delegations.c.id)
    )
    return [Entitled(*row) for row in connection.execute(found).tuples()]


def _signatories(connection: Connection, key: str, case: CarriedCase, on: date) -> list[Entitled]:
    """Those whom the office recorded as signing for a body in ink; of a commune's committee, that commune's."""
    columns, seat = signatories.c, seat_of(key, case)
    at_seat = columns.district_code.is_(None) if seat is None else columns.district_code == seat
    of_commune: ColumnElement[bool] = columns.commune_code.is_(None)
    if "case_id" in case:
        case_id = cast(LetterOfCase, case)["case_id"]
        commune = select(units.c.commune_code).join(case_rows, case_rows.c.unit_id == units.c.id)
        of_commune |= columns.commune_code == commune.where(case_rows.c.id == case_id).scalar_subquery()
    found = select(columns.name, columns.authority, columns.post).where(
        columns.body == key,
        at_seat,
        of_commune,
        columns.from_on <= on,
        or_(columns.to_on.is_(None), columns.to_on >= on),
    )
    return [Entitled(*row) for row in connection.execute(found.order_by(columns.id)).tuples()]
