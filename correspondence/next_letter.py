"""From a letter to the next one that waits for the same step of the same person, so that a pile is worked off in order.

The order is that of the list of letters: the longest waiting first; after the last one comes the first again.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from casework.office.people import Actor
from correspondence.letter_order import SINCE
from correspondence.letter_queue import queue_of
from models.tables import letter_rows


@dataclass(frozen=True, slots=True)
class Following:
    """The letter to go on with, and how many wait beside the one at hand; 0: none is left."""

    letter: int | None = None
    left: int = 0


def following(connection: Connection, person: Actor, today: date, step: str, letter_id: int) -> Following:
    """What waits for the same step of this person besides a letter, seen from its place in the queue."""
    if not step:
        return Following()
    queue, key = queue_of(connection, person, today, step), letter_rows.c.id
    others = queue.where(key != letter_id)
    left = connection.scalar(select(func.count()).select_from(others.subquery())) or 0
    waits = SINCE
    since = connection.scalar(select(waits).where(key == letter_id))
    ordered = others.with_only_columns(key).order_by(waits, key).limit(1)
    behind = ordered.where(or_(waits > since, and_(waits == since, key > letter_id)))
    found = connection.scalar(behind) or connection.scalar(ordered) if left else None
    return Following(found, left)
