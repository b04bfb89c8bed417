"""People of the office and what it settled: the rows of their tables."""

from datetime import date, datetime
from typing import Any, TypedDict


class PersonRow(TypedDict):
    """A person of the office, as lists and pages may have it."""

    id: int
    login: str
    name: str
    title: str
    post: str
    role: str
    district_code: str | None
    email: str
    lang: str
    temporary: bool
    active: bool
    is_sample: bool


class OfficerRow(PersonRow):
    """A person of the office, with the secrets of the account."""

    password_hash: str
    feed_token: str | None


class VersionRow(TypedDict):
    """A version of the procedure, without its text."""

    pin: str  # name@version
    sha256: str
    status: str  # available | proposed | returned | withdrawn | in_force | retired
    added_by: str
    added_at: datetime
    proposed_by: str | None
    proposed_at: datetime | None
    note: str
    mark: str
    decided_by: str | None
    decided_at: datetime | None
    adopted_at: datetime | None
    history: list[dict[str, str]]  # act, by, at (ISO 8601) and, but for `shipped`, text


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
