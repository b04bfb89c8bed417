"""Rows of papers signed in ink, of those who sign them, of the modes of books, and of earlier papers."""

from datetime import date, datetime
from typing import TypedDict


class BookModeRow(TypedDict):
    """How a number book is kept from a day on."""

    id: int
    issuer: str
    mode: str  # kept_here | on_paper
    from_on: date
    recorded_by: str
    recorded_at: datetime


class SignatoryRow(TypedDict):
    """A person who signs for a body in ink."""

    id: int
    name: str
    post: str
    authority: str
    body: str
    district_code: str | None
    commune_code: str | None
    from_on: date
    to_on: date | None
    decision: str
    recorded_by: str
    recorded_at: datetime
    ended_by: str
    ended_at: datetime | None
    end_reason: str


class SignedPaperRow(TypedDict):
    """A letter signed in ink, as it was entered from its scan."""

    id: int
    letter_id: int
    status: str  # entered | confirmed | returned | withdrawn
    signer: str
    authority: str
    post: str
    number: int | None
    signed_on: date
    before: str
    sha256: str
    name: str
    media_type: str
    size: int
    entered_by: str
    entered_at: datetime
    decided_by: str
    decided_at: datetime | None
    remarks: str


class EarlierPaperRow(TypedDict):
    """A paper issued before the office used the software."""

    id: int
    office: str
    body: str
    symbol: str
    issued_on: date
    template: str
    summary: str
    signer: str
    sha256: str
    name: str
    media_type: str
    recorded_by: str
    recorded_at: datetime
