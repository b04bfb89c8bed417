"""Rows of dissolution councils and of batches of cases."""

from datetime import date, datetime
from typing import Any, TypedDict


class CouncilRow(TypedDict):
    """A dissolution council."""

    id: int
    office: str
    name: str
    decision: str
    formed_on: date | None
    uses_seal: bool
    recorded_by: str
    recorded_at: datetime


class MemberRow(TypedDict):
    """A person in a seat of a council, or an empty seat."""

    id: int
    council_id: int
    seat: str
    name: str
    post: str
    reason: str
    from_on: date
    to_on: date | None
    decision: str
    recorded_by: str
    recorded_at: datetime
    approved_by: str
    approved_at: datetime | None
    ended_by: str
    end_reason: str


class MeetingRow(TypedDict):
    """A meeting of a council."""

    id: int
    council_id: int
    held_on: date
    place: str
    present: list[int]
    settled: str
    sha256: str
    file_name: str
    media_type: str
    recorded_by: str
    recorded_at: datetime


class TaskRow(TypedDict):
    """A task of a council."""

    id: int
    council_id: int
    what: str
    member_id: int | None
    due_on: date
    done_on: date | None
    recorded_by: str
    recorded_at: datetime
    done_by: str


class DissolutionBatchRow(TypedDict):
    """A batch of cases."""

    id: int
    office: str
    name: str
    council_id: int | None
    recorded_by: str
    recorded_at: datetime


class BatchCaseRow(TypedDict):
    """A case of a batch."""

    id: int
    batch_id: int
    case_id: int
    values: dict[str, Any]
    joined_by: str
    joined_at: datetime
    left_by: str
    left_at: datetime | None
    left_reason: str


class BatchStepRow(TypedDict):
    """A step taken for several cases of a batch."""

    id: int
    batch_id: int
    kind: str
    verb: str
    letter_id: int | None
    count: int
    reason: str
    by: str
    at: datetime
