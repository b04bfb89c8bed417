"""Rows of units, cases, deadlines and obstacles."""

from datetime import date, datetime
from typing import Any, TypedDict


class RegisterRow(TypedDict):
    """A unit of the register."""

    id: int
    name: str
    search: str
    sort_key: str
    kind: str
    sector: str
    address: str
    commune: str
    commune_code: str | None
    district_code: str
    certificate_number: str
    certificate_on: date | None
    certificate_issuer: str
    tax_code: str
    representative: str
    phone: str
    founded_on: date | None
    members: int | None
    labour: int | None
    charter_capital: int | None
    turnover: int | None
    tax_debt: int | None
    last_meeting_on: date | None
    stopped_on: date | None
    reregistered: bool | None
    grade: str
    status: str
    notes: str
    flags: list[str]
    is_sample: bool


class CarriedCase(TypedDict):
    """What says which office carries a case."""

    district_code: str
    level: str  # district | city


class CaseRow(TypedDict):
    """A case."""

    id: int
    ref: str
    unit_id: int
    unit_name: str
    unit_sort: str
    district_code: str
    level: str
    procedure: str
    officer_id: int | None
    stage: str
    state: str
    outcome: str | None
    opened_on: date
    closed_on: date | None
    target_on: date | None
    legal_on: date | None
    due_on: date | None
    overlays: list[str]
    obstacles: list[str]
    irregular: int
    seq: int
    head: str
    touched_at: datetime


class DeadlineRow(TypedDict):
    """An open or ended deadline of a case."""

    id: int
    case_id: int
    key: str
    kind: str
    starts_on: date | None
    ends_on: date | None
    status: str
    ended_on: date | None
    who: str
    article: str
    confidence: str
    sum: dict[str, Any]
    unserved: bool
    calendar: str


class ObstacleRow(TypedDict):
    """An obstacle of a case."""

    id: int
    case_id: int
    code: str
    since_on: date
    lifted_on: date | None
    note: str
