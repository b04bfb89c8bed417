"""Who may sign which letter: the head of the issuing body, or whom a written delegation names for the day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, or_, select

from casework.people import Actor
from letters.catalogue import LetterType, bodies, body_of
from letters.draft import Signer
from models.errors import Refused
from models.tables import delegations, officers

CITY_BODIES = frozenset({"department", "city_committee"})
DEPUTY = "Phó"


def signing_body(kind: LetterType, level: str) -> str:
    """The key of the body that issues a letter on a level."""
    body = body_of(kind.issuer, level)
    return next(key for key, other in bodies().items() if other is body)


def signer_for(connection: Connection, person: Actor, kind: LetterType, case: Mapping[str, Any], on: date) -> Signer:
    """How the person signs this letter on that day. Raises Refused with the reason and who may."""
    key = signing_body(kind, case["level"])
    body = bodies()[key]
    if body["signs"] == "nobody":
        raise Refused("letter_not_ours_to_sign", body=kind.title["vi"])
    row = connection.execute(select(officers).where(officers.c.id == person.id)).mappings().one()
    district = None if key in CITY_BODIES else case["district_code"]
    if row["district_code"] == district:
        if row["role"] == body["signs"] and not str(row["post"]).startswith(DEPUTY):
            return Signer(row["name"])
        delegated = _delegation(connection, person.id, key, on)
        if delegated is not None:
            return Signer(row["name"], delegated["authority"], row["post"])
    raise Refused("may_not_sign", who=_who(connection, key, body, district, on))


def may_sign(connection: Connection, person: Actor, kind: LetterType, case: Mapping[str, Any], on: date) -> bool:
    """Whether `signer_for` would answer."""
    try:
        signer_for(connection, person, kind, case, on)
    except Refused:
        return False
    return True


def head_of(connection: Connection, kind: LetterType, case: Mapping[str, Any]) -> Signer:
    """Whoever would sign without a delegation: shown on drafts."""
    key = signing_body(kind, case["level"])
    name = _head(connection, bodies()[key], None if key in CITY_BODIES else case["district_code"])
    return Signer(name or "")


def signers_of(connection: Connection, kind: LetterType, case: Mapping[str, Any], on: date) -> str:
    """The names of those who may sign on a day, with the right of whoever signs for the head."""
    key = signing_body(kind, case["level"])
    return _who(connection, key, bodies()[key], None if key in CITY_BODIES else case["district_code"], on)


def _delegation(connection: Connection, officer_id: int, body: str, on: date) -> RowMapping | None:
    columns = delegations.c
    found = select(delegations).where(
        columns.officer_id == officer_id,
        columns.body == body,
        columns.from_on <= on,
        or_(columns.to_on.is_(None), columns.to_on >= on),
    )
    return connection.execute(found.order_by(columns.id)).mappings().first()


def _head(connection: Connection, body: Mapping[str, Any], district: str | None) -> str | None:
    at_home = officers.c.district_code.is_(None) if district is None else officers.c.district_code == district
    found = select(officers.c.name).where(
        at_home, officers.c.role == body["signs"], officers.c.active, ~officers.c.post.startswith(DEPUTY)
    )
    return connection.scalar(found.order_by(officers.c.id).limit(1))


def _who(connection: Connection, key: str, body: Mapping[str, Any], district: str | None, on: date) -> str:
    """The names of those who may sign, for the refusal."""
    columns = delegations.c
    delegated = (
        select(officers.c.name)
        .join(delegations, columns.officer_id == officers.c.id)
        .where(columns.body == key, columns.from_on <= on, or_(columns.to_on.is_(None), columns.to_on >= on))
        .where(officers.c.district_code.is_(None) if district is None else officers.c.district_code == district)
    )
    names = [name for name in (_head(connection, body, district), *connection.scalars(delegated)) if name]
    return ", ".join(dict.fromkeys(names)) or "…"
