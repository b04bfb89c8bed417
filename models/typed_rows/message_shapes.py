"""Rows of effects and messages."""

from datetime import date, datetime
from typing import Any, TypedDict


class EffectRow(TypedDict):
    """An effect: work that an act requires, carried out once."""

    id: int
    key: str
    case_id: int | None
    kind: str
    payload: dict[str, Any]
    status: str
    attempts: int
    next_at: datetime
    created_at: datetime
    done_at: datetime | None
    note: str


class MessageRow(TypedDict):
    """A message to one person."""

    id: int
    key: str
    officer_id: int
    case_id: int | None
    kind: str
    deadline_key: str
    subject: str
    body: str
    html: str
    calendar: str
    link: str
    status: str
    attempts: int
    created_on: date
    created_at: datetime
    next_at: datetime
    claim: int
    claimed_until: datetime | None
    sent_at: datetime | None
    read_at: datetime | None
    message_id: str
    note: str
    handled_by: str
    handled_at: datetime | None
