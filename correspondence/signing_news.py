"""Notifications of a letter, written at once: to those who may sign it, and to the person who submitted it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from casework.effect_outbox import enqueue
from casework.office.people import Actor
from correspondence.signing import NOT_HEADS, at_home, in_force, seat_of, signing_body
from letters.catalogue import LetterType
from letters.issuing_bodies import bodies
from models.tables import delegations, officers
from models.typed_rows.letter_shapes import LetterOfCase


def notify_signers(
    connection: Connection,
    row: LetterOfCase,
    kind: LetterType,
    by: Actor,
    now: datetime,
    on: date,
    batch: Mapping[str, Any] | None = None,
) -> None:
    """A letter waits for a signature; with `batch` (id, name, count) it speaks for all of them at once."""
    _enqueue(connection, row, "letter_submitted", _signers(connection, row, kind, on), by, now, batch)


def notify_of_recall(
    connection: Connection, row: LetterOfCase, kind: LetterType, by: Actor, now: datetime, on: date
) -> None:
    """A letter that waited for a signature was taken back, with the reason."""
    _enqueue(connection, row, "letter_recalled", _signers(connection, row, kind, on), by, now)


def notify_writer(connection: Connection, row: LetterOfCase, by: Actor, now: datetime) -> None:
    """A letter came back with remarks."""
    _enqueue(connection, row, "letter_sent_back", [row["submitted_by"] or ""], by, now)


def _signers(connection: Connection, row: LetterOfCase, kind: LetterType, on: date) -> list[str]:
    """The logins of those who may sign a letter on a day."""
    key = signing_body(kind, row["level"])
    own = [~officers.c.post.startswith(begin, autoescape=True) for begin in NOT_HEADS]
    heads = and_(officers.c.role == bodies()[key].signs, *own)
    delegated = officers.c.id.in_(select(delegations.c.officer_id).where(delegations.c.body == key, in_force(on)))
    signers = select(officers.c.login).where(at_home(seat_of(key, row)), officers.c.active, or_(heads, delegated))
    return list(connection.scalars(signers.order_by(officers.c.id)))


def _enqueue(
    connection: Connection,
    row: LetterOfCase,
    verb: str,
    to: list[str],
    by: Actor,
    now: datetime,
    batch: Mapping[str, Any] | None = None,
) -> None:
    occasion = f"letter:{row['id']}:{verb}:{now:%Y%m%d%H%M%S%f}"
    payload: dict[str, Any] = {"verb": verb, "letter": row["id"], "to": to, "by": by.login, "occasion": occasion}
    if batch is not None:
        payload["batch"] = dict(batch)
    if to:
        enqueue(connection, row["case_id"], [(f"{row['ref']}:{occasion}", "letter_news", payload)], now)
