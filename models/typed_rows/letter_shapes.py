"""Rows of letters, batches, register books and incoming documents."""

from datetime import date, datetime
from typing import Any, TypedDict


class LetterColumns(TypedDict):
    """A letter, without the case whose facts it is filled from."""

    id: int
    key: str
    district_code: str
    answered: bool  # by an incoming document
    fact_seq: int | None
    template: str
    template_hash: str
    status: str
    issuer: str
    drafted_for_on: date
    drafted_at: datetime
    drafted_by: str
    data: dict[str, Any]
    missing: list[str]
    unverified: list[str]
    remarks: str
    submitted_by: str | None
    submitted_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    content_hash: str
    number: int | None
    symbol: str
    issued_on: date | None
    issued_by: str | None
    pdf_sha: str
    docx_sha: str
    signed_sha: str
    batch_id: int | None
    batch_place: int | None
    joint_id: int | None


class LetterRow(LetterColumns):
    """A letter; one of the office belongs to no case."""

    case_id: int | None


class LetterOfCase(LetterColumns):
    """A letter with what is read of the case whose facts it is filled from."""

    case_id: int
    ref: str
    unit_name: str
    level: str  # district | city
    officer_id: int | None
    procedure: str  # name@version
    council_id: int | None  # of the council that serves the case


class BatchRow(TypedDict):
    """A batch of letters."""

    id: int
    office: str
    name: str
    template: str
    common: dict[str, Any]
    chosen: dict[str, Any]
    drafted_on: date
    drafted_at: datetime
    drafted_by: str
    dropped_at: datetime | None


class SignedVersionRow(TypedDict):
    """A letter as it was signed."""

    id: int
    letter_id: int
    sha256: str
    name: str
    media_type: str
    size: int
    by: str
    added_at: datetime
    reason: str
    record: list[str] | None
    differing: int


class ServiceRow(TypedDict):
    """One attempt to serve a letter."""

    id: int
    letter_id: int
    case_id: int | None
    way: str
    result: str
    on: date
    to_on: date | None
    details: dict[str, Any]
    evidence: list[str]
    facts: list[int]
    recorded_by: str
    recorded_at: datetime
    annulled_at: datetime | None
    annulled_by: str


class IncomingRow(TypedDict):
    """A document that came in."""

    id: int
    office: str
    year: int
    number: int
    from_body: str
    symbol: str
    dated_on: date | None
    received_on: date
    summary: str
    kind: str
    part: str
    case_id: int | None
    answers_letter_id: int | None
    fact_seq: int | None
    evidence: list[str]
    files: list[dict[str, str]]
    recorded_by: str
    recorded_at: datetime
