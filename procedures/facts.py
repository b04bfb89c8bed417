"""What the engine reads and yields: facts, clocks, the state of a case, acts and choices. Plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.errors import CoopcaseError

CLOCK = "clock"  # the role and login of the system itself


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact as the fold sees it."""

    seq: int
    kind: str
    occurred_on: date
    by: str = ""
    role: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    annuls: int | None = None
    recorded_at: datetime | None = None


@dataclass(slots=True)
class Pause:
    """An interval in which a clock stands still; no end means until further notice."""

    from_on: date
    to_on: date | None
    reason: str  # an overlay's code, or as typed for a single deadline
    seq: int
    ended_by: int | None = None  # the fact that let the clock go on


@dataclass(frozen=True, slots=True)
class Lengthening:
    """An extension by a number of calendar days under a decision."""

    days: int
    decision: str
    seq: int


@dataclass(frozen=True, slots=True)
class Proof:
    """The service of a letter: the day it reached its addressee, and the fact that proves it."""

    on: date
    seq: int


@dataclass(slots=True)
class ClockState:
    """A clock before any date is derived from it. No `starts_on`: it waits for the service of its letters."""

    key: str
    starts_on: date | None
    seq: int
    triggered_on: date  # the day of the act that started it, or made it wait
    pauses: list[Pause] = field(default_factory=list)  # its own; those of overlays are the case's
    extensions: list[Lengthening] = field(default_factory=list)
    status: str = "open"  # waiting | open | met | dropped
    ended_on: date | None = None
    awaits: dict[str, Proof | None] = field(default_factory=dict)  # by letter
    not_before: date | None = None  # with `awaits`: a typed date that the start waits for as well

    @property
    def ended(self) -> bool:
        return self.status not in ("waiting", "open")


@dataclass(slots=True)
class CaseState:
    """Everything known of a case after its facts; never stored, always folded."""

    state: str = ""
    stage: str = ""
    outcome: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    unit: Mapping[str, Any] = field(default_factory=dict)
    district: str | None = None
    level: str = "district"
    officer: str | None = None
    overlays: dict[str, date] = field(default_factory=dict)
    times: dict[str, list[Pause]] = field(default_factory=dict)  # when the case stood under each overlay
    obstacles: dict[str, FactView] = field(default_factory=dict)
    lifted: list[tuple[str, FactView, date]] = field(default_factory=list)
    done: dict[str, list[FactView]] = field(default_factory=dict)
    clocks: dict[str, ClockState] = field(default_factory=dict)
    grounds: dict[str, int] = field(default_factory=dict)
    path: list[tuple[str, date, int]] = field(default_factory=list)
    seq: int = 0

    def last(self, verb: str) -> FactView | None:
        """The latest standing fact of a verb."""
        found = self.done.get(verb)
        return found[-1] if found else None

    def latest(self, verbs: Iterable[str]) -> int:
        """The seq of the latest standing fact of any of these verbs, or 0."""
        return max((fact.seq for verb in verbs if (fact := self.last(verb)) is not None), default=0)

    def count(self, verb: str, after: int = 0) -> int:
        return sum(1 for fact in self.done.get(verb, ()) if fact.seq > after)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts: login, role, and the district of the office (none: the city's own office)."""

    login: str
    role: str
    district: str | None = None

    @property
    def level(self) -> str:
        return "district" if self.district else "city"


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody wants to do. `data` is as typed; `evidence` are content hashes."""

    verb: str
    doer: Doer
    occurred_on: date
    today: date
    data: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """A field of an act, ready to be shown: options are resolved to `{code: {vi, en}}`."""

    name: str
    type: str
    required: bool
    label: Mapping[str, str]
    hint: Mapping[str, str] | None = None
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    columns: tuple["Need", ...] = ()
    required_if: Mapping[str, Any] = field(default_factory=dict)
    future: bool = False
    low: int | None = None
    high: int | None = None
    proposed: Any = None  # what an earlier act proposed for it


@dataclass(frozen=True, slots=True)
class Choice:
    """A verb with whether it may be done now, or why not. `here`: it belongs to the state the case is in."""

    verb: str
    label: Mapping[str, str]
    allowed: bool
    reason: CoopcaseError | None
    needs: tuple[Need, ...]
    here: bool
    evidence: str = "optional"


@dataclass(frozen=True, slots=True)
class EffectRequest:
    """An effect that an act requires: a letter to draft or a notice to give."""

    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """The fact that an allowed act becomes, and what it requires."""

    kind: str
    data: Mapping[str, Any]
    occurred_on: date
    effects: tuple[EffectRequest, ...]
