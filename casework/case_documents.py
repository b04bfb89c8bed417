"""A case as one document, described in docs/json.md: its keys and their types."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from casework.sums.awaited_service import AwaitedProof
from casework.waiting_papers import LackingPaper, PreparedAct


class CaseLetter(TypedDict):
    """A letter as the case lists it."""

    id: int
    template: str
    number: int | None
    symbol: str
    status: str
    issued_on: date | None


class ShownOverlay(TypedDict):
    code: str
    label: str
    since: date


class ShownObstacle(TypedDict):
    code: str
    label: str
    since: date
    lifted_by: str
    party: str
    note: str


class ShownHold(TypedDict):
    """What holds the closing of the case. `fact`: the act whose letter `key` is lacking; None for a condition."""

    key: str
    text: str  # with the remedy
    fact: int | None
    verbs: list[str]  # the acts that settle it


class ShownIrregularDay(TypedDict):
    rule: str  # not_before | after | not_after | before | least | most | starts | ends
    field: str  # `on`: the day of the act
    day: date
    other_day: date
    other_seq: int | None  # the fact that says the other day; None: the act itself
    text: str
    article: str
    article_text: str
    confidence: str


class ShownIrregularity(TypedDict):
    """The unlawful days of one fact."""

    seq: int
    verb: str
    label: str
    occurred_on: date
    by: str
    reason: str
    status: str  # open | confirmed | accepted | cured
    seen_by: int | None  # the fact that confirmed it
    settled_by: int | None  # the fact that accepted or cured it
    accept: list[str]  # the roles whose body may accept it
    days: list[ShownIrregularDay]


class ShownDeadline(TypedDict):
    """One run of a deadline."""

    key: str
    run: int  # 1 for the first
    runs: int  # how often the deadline has run
    label: str
    starts_on: date | None  # None while it waits for the service of its letters
    ends_on: date | None  # None until then, and while the clock is suspended
    kind: str  # legal | programme | target | period
    article: str
    confidence: str
    status: str  # waiting | open | met | dropped
    ended_on: date | None
    who: str
    awaits: list[AwaitedProof]
    sum: Mapping[str, Any]


class ShownFact(TypedDict):
    seq: int
    kind: str
    label: str
    procedure: str  # name@version it was recorded under
    occurred_on: date
    recorded_at: datetime | None
    by: str
    role: str
    data: dict[str, Any]
    evidence: list[str]
    annuls: int | None
    annulled: bool


class CaseDocument(TypedDict):
    """A case as of one point in time."""

    ref: str
    unit: Mapping[str, Any]
    procedure: str  # name@version
    stage: str
    state: str
    state_label: str
    now: str
    outcome: str | None
    district: str
    level: str  # district | city
    officer: str | None  # login
    opened_on: date | None
    closed_on: date | None
    target_on: date | None
    legal_on: date | None
    light: str
    seq: int
    overlays: list[ShownOverlay]
    obstacles: list[ShownObstacle]
    closing: list[ShownHold]
    irregularities: list[ShownIrregularity]
    deadlines: list[ShownDeadline]
    facts: list[ShownFact]
    letters: list[CaseLetter]
    prepared: list[PreparedAct]  # acts that take effect when their letter is issued
    papers_to_enter: list[LackingPaper]
