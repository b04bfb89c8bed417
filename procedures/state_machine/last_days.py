"""The last working day on which each act still makes a fixed date by law, counted back through the terms on the way.

Every term of law between two acts is counted in full: with 60 days for a council, the decision that starts them has to
be signed 60 days before the council's last act. A party that needs less than its term makes a later day possible, but
that is not counted on. Terms that the office has set itself are not counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from procedures.facts import CaseState
from procedures.law.notices import notices_before
from procedures.legal_time.backwards import latest_start
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.clocks import waiting_runs
from procedures.legal_time.date_computation import ends_on
from procedures.legal_time.deadlines import derive, lacking, sum_of
from procedures.legal_time.terms import Term
from procedures.schema import ByIdentity, FromField, Procedure
from procedures.state_machine.guards import named
from procedures.state_machine.lawful_way import WayAct, lawful_ways

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subtraction:
    """Why an act may come no later than its day.

    code: "fixed", the milestone `key` itself; "term", the legal term `key` runs from this act until the act `before`;
    "after", a day that the office gives in this act has to be over before `before`; "order", `before` comes after it.
    `to_on`: the day counted back from.
    """

    code: Literal["fixed", "term", "after", "order"]
    to_on: date
    key: str = ""
    before: str = ""
    term: Term | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that the law wants so long before an act: the last day to give it for the act's last day."""

    key: str
    on: date
    term: Term
    article: str


@dataclass(frozen=True, slots=True)
class ActDay:
    """An act on the way with its last useful day, a working day of the office."""

    verb: str
    at: str
    to: str | None
    on: date
    because: Subtraction
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """A legal term that runs already and is met by the act `verb`: by law it may take until `ends_on`.

    None: its clock is stopped or waits for proof of service.
    """

    key: str
    verb: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a case waits for. kind: "obstacle", "overlay" (in the way of `verb`), "service" (of the letter `key`)."""

    kind: Literal["obstacle", "overlay", "service"]
    key: str
    verb: str = ""


@dataclass(frozen=True, slots=True)
class LastDays:
    """The way of a case to a fixed date, first act first.

    `assumed`: the state that a move not yet decided was taken to lead to, where others were open; None otherwise.
    """

    milestone: str
    acts: tuple[ActDay, ...]
    running: tuple[Running, ...]
    awaited: tuple[Awaited, ...]
    assumed: str | None = None

    @property
    def next(self) -> ActDay:
        return self.acts[0]

    @property
    def on(self) -> date:
        """The last day of the next act."""
        return self.acts[0].on


def last_days(procedure: Procedure, state: CaseState, milestone: str, calendars: Calendars) -> LastDays | None:
    """The way that leaves a case most time, with the last day of each act on it; None where no way leads there.

    `milestone`: a key of the procedure's `programme`. Raises KeyError for another.

    Example: for a case that waits for its dissolution decision, `treatment_done` on 31/12/2016 (a Saturday) gives
    30/12/2016 for the last act and 31/10/2016 for the decision, 60 days before it.
    """
    fixed = procedure.programme[milestone]
    end = Subtraction("fixed", fixed.on, milestone, article=fixed.article)
    ways = [_counted(ByIdentity(procedure), way, end, calendars) for way in lawful_ways(procedure, state, milestone)]
    if not ways:
        return None
    acts = max(ways, key=lambda way: (way[0].on, -len(way)))
    chosen = (act.to for act in acts if isinstance(procedure.verbs[act.verb].to, FromField))
    return LastDays(
        milestone, acts, tuple(_running(procedure, state, acts, calendars)),
        tuple(_awaited(procedure, state, acts)), next(chosen, None) if len(ways) > 1 else None,
    )  # fmt: skip


@lru_cache(4096)
def _counted(by: ByIdentity, way: tuple[WayAct, ...], end: Subtraction, calendars: Calendars) -> tuple[ActDay, ...]:
    """The days of a way, the same for every case that takes it."""
    procedure, days = by.procedure, dict[int, ActDay]()
    for place in reversed(range(len(way))):
        act = way[place]
        found = list(_limits(procedure, way, place, days, calendars)) or [(end.to_on, end)]
        limit, because = min(found, key=lambda item: (item[0], item[1].code == "order"))
        on = calendars.agency.previous_working(limit)
        days[place] = ActDay(act.verb, act.at, act.to, on, because, tuple(_notices(procedure, act.verb, on, calendars)))
    return tuple(days[place] for place in range(len(way)))


def _limits(
    procedure: Procedure, way: Sequence[WayAct], place: int, days: Mapping[int, ActDay], calendars: Calendars
) -> Iterator[tuple[date, Subtraction]]:
    """What holds an act back from the later ones, each with the latest day that it leaves."""
    verb = procedure.verbs[way[place].verb]
    if place + 1 in days:
        following = days[place + 1]
        yield following.on, Subtraction("order", following.on, before=following.verb)
    for spec in verb.starts:
        kind = procedure.deadlines[spec.deadline]
        ending = next((days[at] for at in sorted(days) if spec.deadline in procedure.verbs[way[at].verb].meets), None)
        if ending is not None and kind.kind == "legal" and kind.term:
            term = Term.parse(kind.term)
            start = latest_start(ending.on, term, calendars, calendar=kind.calendar)
            yield start, Subtraction("term", ending.on, spec.deadline, ending.verb, term, kind.article)
    for then in days.values():
        if any(_asks_day_of(guard, way[place].verb) for guard in procedure.verbs[then.verb].guards):
            yield then.on - ONE, Subtraction("after", then.on, before=then.verb)


def _asks_day_of(guard: object, verb: str) -> bool:
    """Whether a guard wants a day that the act gave to be over, whatever else was typed."""
    return isinstance(guard, Mapping) and guard.keys() - {"since"} == {"past"} and guard["past"]["verb"] == verb


def _notices(procedure: Procedure, verb: str, on: date, calendars: Calendars) -> Iterator[Notice]:
    for key, named_term in notices_before(procedure, verb).items():
        term = Term.parse(named_term.term)
        given = ends_on(on, term, calendars) or date.min
        yield Notice(key, calendars.agency.previous_working(given), term, named_term.article)


def _running(procedure: Procedure, state: CaseState, acts: Sequence[ActDay], calendars: Calendars) -> Iterator[Running]:
    for key, clock in state.clocks.items():
        kind = procedure.deadlines[key]
        verb = next((act.verb for act in acts if key in procedure.verbs[act.verb].meets), None)
        if verb is not None and not clock.ended and kind.kind == "legal" and kind.term:
            yield Running(key, verb, derive(procedure, state, clock, calendars).ends_on)


def _awaited(procedure: Procedure, state: CaseState, acts: Sequence[ActDay]) -> Iterator[Awaited]:
    yield from (Awaited("obstacle", key) for key in state.obstacles)
    for overlay in state.overlays:
        blocked = next((act.verb for act in acts if act.verb in _held_by(procedure, overlay)), None)
        if blocked is not None:
            yield Awaited("overlay", overlay, blocked)
    for key in (key for key in state.clocks if procedure.deadlines[key].kind != "period"):
        for clock in waiting_runs(procedure, state, key):
            yield from (Awaited("service", letter) for letter in lacking(sum_of(procedure, state, clock)))


def _held_by(procedure: Procedure, overlay: str) -> set[str]:
    """The verbs that an overlay is in the way of."""
    asking = {
        name
        for name, verb in procedure.verbs.items()
        for guard in verb.guards
        if isinstance(guard, Mapping) and named(guard) == "overlays_clear" and overlay in guard["overlays_clear"]
    }
    return asking | set(procedure.overlays[overlay].blocks)
