"""People of the office and what it settled: the rows of their tables."""

from datetime import date, datetime
from typing import Any, TypedDict


class OfficerRow(TypedDict):
    """A person of the office."""

    id: int
    login: str
    name: str
    title: str
    post: str
    role: str
    district_code: str | None
    email: str
    lang: str
    password_hash: str
    temporary: bool
    feed_token: str | None
    active: bool
    is_sample: bool


class DelegationRow(TypedDict):
    """A written authority to sign for another person."""

    id: int
    officer_id: int
    authority: str
    body: str
    from_on: date
    to_on: date | None
    decision: str
    post: str
    added_by: str
    added_at: datetime | None
    ended_on: date | None
    ended_by: str
    ended_at: datetime | None
    end_reason: str


class OfficeActRow(TypedDict):
    """An entry of the office's journal."""

    id: int
    act: str
    subject: str
    by: str
    at: datetime
    data: dict[str, Any]
