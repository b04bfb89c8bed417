"""Value types of the engine: facts, clocks, the state of a case, acts and choices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.clock import HANOI
from models.errors import CoopcaseError

CLOCK = "clock"  # the role and login of the system itself
PAPER = "paper"  # the key of a fact's data with the paper by which the act took effect
TAKEN_OVER, COMPLETED = "taken_over", "take_over_completed"  # kinds of facts
OF_TAKE_OVER = frozenset({TAKEN_OVER, COMPLETED})  # each lists the acts of before
IRREGULARITIES = "irregularities"  # the key of a fact's data with the days that the law does not allow
RESERVED = frozenset({PAPER, IRREGULARITIES})  # keys of a fact's data that are no fields of the act


@dataclass(frozen=True, slots=True)
class FactView:
    """One recorded fact of a case, as input of the fold.

    `source`: of an act known from the papers of a case that was taken over, where its day is known from; else empty.
    """

    seq: int
    kind: str
    occurred_on: date
    by: str = ""
    role: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    annuls: int | None = None
    recorded_at: datetime | None = None
    source: str = ""

    @property
    def recorded_on(self) -> date:
        """The day in Viet Nam on which it was recorded; where that is not known, the day it happened."""
        return self.recorded_at.astimezone(HANOI).date() if self.recorded_at else self.occurred_on


@dataclass(slots=True)
class Pause:
    """An interval in which a clock is stopped; `to_on` None: until further notice."""

    from_on: date
    to_on: date | None
    reason: str  # an overlay's code, or the typed reason for a single deadline
    seq: int
    ended_by: int | None = None  # the fact that resumed the clock

    def copy(self) -> "Pause":
        return Pause(self.from_on, self.to_on, self.reason, self.seq, self.ended_by)


@dataclass(frozen=True, slots=True)
class Lengthening:
    """An extension by a number of calendar days under a decision."""

    days: int
    decision: str
    seq: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Proof of service of a letter: the day it reached its addressee, and the seq of the fact that records it."""

    on: date
    seq: int


@dataclass(slots=True)
class ClockState:
    """A deadline's clock before its dates are derived.

    `starts_on` None: it waits for the service of its letters, or (`unknown`) nobody knows the day that started it.
    """

    key: str
    starts_on: date | None
    seq: int
    triggered_on: date  # the day of the act that started it, or from which it waits for service
    pauses: list[Pause] = field(default_factory=list)  # of this clock alone; `CaseState.times` has those of overlays
    extensions: list[Lengthening] = field(default_factory=list)
    status: str = "open"  # waiting | open | unknown | met | dropped
    ended_on: date | None = None
    awaits: dict[str, Proof | None] = field(default_factory=dict)  # by letter
    not_before: date | None = None  # with `awaits`: the clock starts on the later of this date and the services
    who: str = ""  # the role that has to act, where it is not the one of the deadline

    def copy(self) -> "ClockState":
        return ClockState(
            self.key, self.starts_on, self.seq, self.triggered_on, [pause.copy() for pause in self.pauses],
            self.extensions.copy(), self.status, self.ended_on, self.awaits.copy(), self.not_before, self.who,
        )  # fmt: skip

    @property
    def ended(self) -> bool:
        return self.status not in ("waiting", "open", "unknown")


@dataclass(slots=True)
class Irregularity:
    """The unlawful days recorded with one fact; a take-over has those of several acts, which share its number.

    `acts`: the act that each item belongs to. `seen_by`, `settled_by`: the facts that confirmed and that settled it.
    """

    items: list[Mapping[str, Any]] = field(default_factory=list)
    acts: list[FactView] = field(default_factory=list)
    status: str = "open"  # open | confirmed | accepted | cured
    seen_by: int | None = None
    settled_by: int | None = None
    left: set[int] = field(default_factory=set)  # places of the items that nothing has cured
    replaced: list[FactView] = field(default_factory=list)  # by doing the same verb again properly

    def copy(self) -> "Irregularity":
        return Irregularity(
            self.items.copy(), self.acts.copy(), self.status, self.seen_by, self.settled_by, self.left.copy(),
            self.replaced.copy(),
        )  # fmt: skip

    @property
    def fact(self) -> FactView:
        """The act, of a take-over the first one, that the days belong to."""
        return self.acts[0]

    @property
    def settled(self) -> bool:
        return self.status in ("accepted", "cured")

    def add(self, fact: FactView, items: Iterable[Mapping[str, Any]]) -> None:
        """Add the unlawful days of an act."""
        for item in items:
            self.left.add(len(self.items))
            self.items.append(item)
            self.acts.append(fact)
        if self.left and self.status == "cured":
            self.status, self.settled_by = "open", None

    def counts(self, fact: FactView) -> bool:
        """Whether guards count an act: one of the take-over whose own days are lawful, or whose unlawful ones are
        cured, does not wait for the others."""
        own = {place for place, act in enumerate(self.acts) if act == fact}
        return not own or (fact not in self.replaced and (self.settled or not own & self.left))

    def cure(self, fact: FactView) -> None:
        """Apply a later regular fact: it cures the items whose rule names its verb, or that are of the same verb."""
        healed = {place for place in self.left if fact.kind in (self.items[place]["cured_by"] or (self._verb(place),))}
        self.left -= healed
        self.replaced += [self.acts[place] for place in healed if self._verb(place) == fact.kind]
        if healed and not self.left:
            self.status, self.settled_by = "cured", fact.seq

    def _verb(self, place: int) -> str:
        return self.acts[place].kind


@dataclass(slots=True)
class CaseState:
    """The state of a case, derived by folding its facts; never stored."""

    state: str = ""
    stage: str = ""
    outcome: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    unit: Mapping[str, Any] = field(default_factory=dict)
    district: str | None = None
    level: str = ""
    officer: str | None = None
    overlays: dict[str, date] = field(default_factory=dict)
    times: dict[str, list[Pause]] = field(default_factory=dict)  # the intervals in which each overlay applied
    obstacles: dict[str, FactView] = field(default_factory=dict)
    lifted: list[tuple[str, FactView, date]] = field(default_factory=list)
    done: dict[str, list[FactView]] = field(default_factory=dict)
    prepared: dict[str, FactView] = field(default_factory=dict)  # by verb: acts that wait for their paper
    clocks: dict[str, ClockState] = field(default_factory=dict)  # the latest run of each deadline
    earlier_runs: dict[str, list[ClockState]] = field(default_factory=dict)  # the runs before it, oldest first
    grounds: dict[str, int] = field(default_factory=dict)
    fallen: dict[str, int] = field(default_factory=dict)  # grounds that a later decision defeated, with their facts
    path: list[tuple[str, date, int]] = field(default_factory=list)
    waived: dict[str, int] = field(default_factory=dict)  # by letter: the fact that waived it for the closing
    irregularities: dict[int, Irregularity] = field(default_factory=dict)  # by the number of their fact
    seq: int = 0
    taken_over: FactView | None = None
    gaps: dict[str, str] = field(default_factory=dict)  # `verb`, `verb.field` or `verb.paper`: open | confirmed

    def copy(self) -> "CaseState":
        """A state that can be changed without this one; facts and other values that never change are shared."""
        return CaseState(
            self.state, self.stage, self.outcome, self.opened_on, self.closed_on, self.unit, self.district, self.level,
            self.officer, self.overlays.copy(), {key: [item.copy() for item in of] for key, of in self.times.items()},
            self.obstacles.copy(), self.lifted.copy(), {verb: of.copy() for verb, of in self.done.items()},
            self.prepared.copy(), {key: clock.copy() for key, clock in self.clocks.items()},
            {key: [clock.copy() for clock in of] for key, of in self.earlier_runs.items()},
            self.grounds.copy(), self.fallen.copy(), self.path.copy(), self.waived.copy(),
            {seq: item.copy() for seq, item in self.irregularities.items()},
            self.seq, self.taken_over, self.gaps.copy(),
        )  # fmt: skip

    def last(self, verb: str) -> FactView | None:
        """The latest valid fact of a verb; None without one."""
        found = self.done.get(verb)
        return found[-1] if found else None

    def proven(self, verb: str) -> list[FactView]:
        """The valid facts of a verb that guards count: not those with an irregularity that is not settled."""
        found = self.done.get(verb, ())
        if not self.irregularities:
            return list(found)
        return [fact for fact in found if self.regular(fact)]

    def regular(self, fact: FactView) -> bool:
        """Whether guards count a fact: its days are lawful, or its unlawful ones are cured or accepted."""
        own = self.irregularities.get(fact.seq)
        return own is None or own.counts(fact)

    def runs(self, key: str) -> list[ClockState]:
        """Every run of a deadline, oldest first."""
        current = self.clocks.get(key)
        return [*self.earlier_runs.get(key, ()), *([current] if current else ())]

    def latest(self, verbs: Iterable[str]) -> int:
        """The seq behind which facts are later than the latest valid fact of any of these verbs; 0 without one.

        Acts that were taken over share the seq of the take-over, which lists those that count: all of them are later.
        """
        found = (fact for verb in verbs if (fact := self.last(verb)) is not None)
        return max((fact.seq - 1 if fact.source else fact.seq for fact in found), default=0)

    def count(self, verb: str, after: int = 0) -> int:
        return sum(1 for fact in self.done.get(verb, ()) if fact.seq > after)


@dataclass(frozen=True, slots=True)
class Doer:
    """The acting user: login, role, and the district of the office (None: the city's office)."""

    login: str
    role: str
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """An act requested by a user. `data`: the fields as typed; `evidence`: SHA-256 hashes of the attached files."""

    verb: str
    doer: Doer
    occurred_on: date
    today: date
    data: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """A field of an act for display; `options` are resolved to `{code: {vi, en}}`."""

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
    proposed: Any = None  # the value proposed by an earlier act
    proposed_if_empty: bool = False  # left empty, the proposed value is recorded

    @property
    def fits_a_cell(self) -> bool:
        """Whether it can be one cell of a table of many cases: a table of its own only where it may stay empty."""
        return self.type != "table" or not self.required or bool(self.proposed)


@dataclass(frozen=True, slots=True)
class Choice:
    """A verb and whether it may be done now, or why not. `here`: it belongs to the current state.

    `paper`: the letters by which it takes effect, one of them by its fields. `prepared`: the seq of the fact by which
    it is prepared and waits for its paper. `rare`: not part of the usual course.
    """

    verb: str
    label: Mapping[str, str]
    allowed: bool
    reason: CoopcaseError | None
    needs: tuple[Need, ...]
    here: bool
    evidence: str = "optional"
    paper: tuple[str, ...] = ()
    prepared: int | None = None
    rare: bool = False

    @property
    def fits_a_line(self) -> bool:
        """Whether a line of a table of many cases can hold all that the act asks for."""
        return all(need.fits_a_cell for need in self.needs)


@dataclass(frozen=True, slots=True)
class EffectRequest:
    """An effect that an act requests through the outbox: a letter to draft or a notice to send."""

    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """The fact that an accepted act produces, and the effects it requests.

    `letter`: of an act that is only prepared, the letter by which it will take effect.
    """

    kind: str
    data: Mapping[str, Any]
    occurred_on: date
    effects: tuple[EffectRequest, ...]
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A signed and numbered paper. `symbol`: number and symbol; `capacity`: KT., TM., TL., TUQ. or nothing."""

    letter: str
    symbol: str
    on: date
    signer: str
    capacity: str = ""

    def document(self) -> dict[str, str]:
        """As the fact of an act keeps it under `paper`."""
        return {
            "letter": self.letter, "symbol": self.symbol, "on": self.on.isoformat(),
            "signer": self.signer, "capacity": self.capacity,
        }  # fmt: skip
