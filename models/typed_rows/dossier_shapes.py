"""Rows of notes, instructions and documents of cases."""

from datetime import date, datetime
from typing import TypedDict


class NoteRow(TypedDict):
    """A note on a case."""

    id: int
    case_id: int
    text: str
    files: list[str]
    come_back_on: date | None
    by: str
    written_at: datetime
    closed_by: str
    closed_at: datetime | None
    struck_by: str
    struck_at: datetime | None
    struck_reason: str
    origin: int | None


class InstructionRow(TypedDict):
    """An instruction to a person on a case, with the answer."""

    id: int
    case_id: int
    to_id: int
    text: str
    due_on: date
    by_id: int
    given_at: datetime
    answer: str
    files: list[str]
    answered_by: str
    answered_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    withdrawn_reason: str


class DocumentRow(TypedDict):
    """A file of a case."""

    id: int
    case_id: int
    sha256: str
    name: str
    media_type: str
    size: int
    by: str
    added_at: datetime
    kind: str
    dated_on: date | None
    remark: str
    struck_by: str
    struck_at: datetime | None
    struck_reason: str
