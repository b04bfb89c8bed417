"""What would change a forecast: an officer more, one council for many, a limit moved, absences cancelled."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
from sqlalchemy import Connection

from foresight.forecast import forecast as draw
from foresight.log import EventLog
from foresight.stations import Office, Station, measure
from foresight.whatif import Change, Comparison, compare
from foresight.worktime import Worked
from oversight.case_histories import histories
from oversight.event_log import event_log, worked_days
from oversight.history_folding import History
from oversight.milestones import Milestone, milestones_of
from oversight.office_staff import people_of, staff_of
from oversight.remembered import Latest, what_is_known
from procedures.schema import Procedure
from procedures.state_machine.onward import moves_on
from rulebook.versions import Versions

RUNS = 100
STEPS = 4  # with the most cases waiting, at which each kind of change is tried
DISTRICTS = 5  # with the most cases bound, in which an officer more is tried one by one
Kind = Literal["officers", "batch", "limit", "no_absences"]


@dataclass(frozen=True, slots=True)
class Wished:
    """The sizes of the changes that are tried.

    `batch`: cases that one sitting takes at most, held `batch_after` days from today. `limit_days`: by how much the
    wait at a step is shortened.
    """

    batch: int = 40
    batch_after: int = 30
    limit_days: int = 10


@dataclass(frozen=True, slots=True)
class Gain:
    """How many more bound cases are released by the date with one change; the middle and the 80% interval.

    `district`: where the change is made, None for all offices together. `gains`: whether a gain may be claimed.
    """

    kind: Kind
    state: str
    district: str | None
    difference: float
    low: float
    high: float
    gains: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A fixed date with the changes that were tried, greatest gain first.

    `base`: how many of the `milestone.waiting` cases are released without a change: the forecast's median where it may
    be shown (`anchored`), else the queue's own count. Where `agrees` is False queue and forecast are far apart and the
    gains are doubtful. `unmeasured`: steps with bound cases that no case left in the time from which the queue is
    measured: nothing can be said of them, and what waits there is not counted as done.
    """

    milestone: Milestone
    wished: Wished
    base: float
    anchored: bool
    agrees: bool
    gains: tuple[Gain, ...]
    unmeasured: tuple[str, ...] = ()

    @property
    def gaining(self) -> list[Gain]:
        return [one for one in self.gains if one.gains]

    @property
    def idle(self) -> list[Gain]:
        """Changes with which nothing would be gained."""
        return [one for one in self.gains if not one.gains]

    @property
    def bottleneck(self) -> Gain | None:
        """The step (and district) at which one officer more gains most; None where none gains."""
        return next((one for one in self.gaining if one.kind == "officers"), None)


def what_if(
    connection: Connection, today: date, name: str, *, district: str | None = None, wished: Wished | None = None
) -> WhatIf | None:
    """The changes tried for the fixed date `name`; None where no such date lies ahead or no case is bound to it.

    Each kind at the STEPS with the most cases waiting. Of all offices, officers are added district by district, in
    the DISTRICTS with the most cases; the other changes are made everywhere at once.
    """
    tried = wished or Wished()
    known = (*people_of(connection, district), *what_is_known(connection))
    return _made.of((today, name, district, tried), known, lambda: _make(connection, today, name, district, tried))


_made: Latest[WhatIf | None] = Latest()


def _make(connection: Connection, today: date, name: str, district: str | None, tried: Wished) -> WhatIf | None:
    found = histories(connection, today, district=district)
    listed = [(item, own) for item, own in milestones_of(connection, found, today) if item.key == name]
    if not listed or not listed[0][0].waiting or listed[0][0].on <= today:
        return None
    item, cases = listed[0]
    office = _Office(connection, today, item, cases, district)
    whole = office.compared(district, cases, tried, everything=True)
    gains = office.gains(whole, district)
    if district is None:
        counts = Counter(one.district for one in cases if one.is_bound(name))
        parts = [(code, [one for one in cases if one.district == code]) for code, _ in counts.most_common(DISTRICTS)]
        gains = [one for one in gains if one.kind != "officers"] + [
            gain
            for code, own in parts
            for gain in office.gains(office.compared(code, own, tried, everything=False), code)
        ]
    gains.sort(key=lambda one: (-one.gains, -one.difference, one.state, one.district or ""))
    return WhatIf(item, tried, whole.base, office.anchored, whole.agrees, tuple(gains), office.unmeasured)


class _Office:
    def __init__(
        self, connection: Connection, today: date, item: Milestone, cases: Sequence[History], district: str | None
    ) -> None:
        self.connection, self.today, self.item = connection, today, item
        self.procedure = Versions(connection).in_force
        self.sittings = sittings_of(self.procedure)
        self.anchored = False
        self.unmeasured: tuple[str, ...] = ()

    def compared(
        self, district: str | None, cases: Sequence[History], wished: Wished, *, everything: bool
    ) -> Comparison:
        log = event_log(cases, self.today, self.item.key)
        days, worked = (self.item.on - self.today).days, worked_days(self.connection, district)
        staff = staff_of(self.procedure, people_of(self.connection, district), log.origin)
        office = measure(log, log.day(self.today), days, staff, worked=worked)
        changes = _officers(office) + (_changes(office, wished, self.sittings) if everything else [])
        median = self._median(log, days, worked) if everything else None
        if everything:
            self.unmeasured = tuple(sorted(one.name for one in _waiting(office) if _never_left(office, one)))
        return compare(office, changes or [Change("no_absences", office.stations[0].name)], median=median, runs=RUNS)

    def gains(self, found: Comparison, district: str | None) -> list[Gain]:
        return [
            Gain(one.change.kind, one.change.step, district, one.difference, one.low, one.high, one.gains)
            for one in found.effects
        ]

    def _median(self, log: EventLog, days: int, worked: Worked) -> float | None:
        drawn = draw(log, log.day(self.today), [days], worked=worked)
        self.anchored = drawn.verdicts[0] == "enough"
        return float(drawn.median(0)) if self.anchored else None


def _waiting(office: Office) -> list[Station]:
    """Steps with bound cases now, the fullest first."""
    full = sorted(zip(office.stock, office.bound, office.stations, strict=True), key=lambda one: -one[0])
    return [station for _, bound, station in full if bound >= 1]


def _officers(office: Office) -> list[Change]:
    served = [one for one in _waiting(office) if one.kind == "served" and one.staff_known]
    return [Change("officers", one.name) for one in served[:STEPS]]


def _changes(office: Office, wished: Wished, sittings: frozenset[str]) -> list[Change]:
    """Possible changes: absences only where an officer will be away, sittings only at steps that have them."""
    on, last = float(np.floor(office.at)) + wished.batch_after, office.at + len(office.works)
    here = _waiting(office)
    away = [one for one in here if any(absence.last >= office.at for absence in one.staff.absences)]
    sitting = [one for one in here if one.name in sittings and on < last]
    waits = [one for one in here if not _never_left(office, one) and (one.kind == "wait" or not _is_full(office, one))]
    return [
        *(Change("no_absences", one.name) for one in away[:STEPS]),
        *(Change("batch", one.name, wished.batch, on) for one in sitting[:STEPS]),
        *(Change("limit", one.name, -float(wished.limit_days)) for one in waits[:STEPS]),
    ]


def _is_full(office: Office, station: Station) -> bool:
    """Whether more cases wait than officers are there: then a case waits for its turn, and no limit shortens that."""
    return float(office.stock[office.number(station.name)]) > station.staff.officers


def _never_left(office: Office, station: Station) -> bool:
    return not office.routes[office.number(station.name)].any()


def sittings_of(procedure: Procedure) -> frozenset[str]:
    """The steps that one sitting may clear for many: a decision is signed there, or a legal term of a body runs."""
    legal = {key for key, kind in procedure.deadlines.items() if kind.kind == "legal" and kind.term}
    deciding, entered = set(), set()
    for state in procedure.open_states:
        for name, target in moves_on(procedure, state):
            verb = procedure.verbs[name]
            deciding |= {state} if verb.level == "same" else set()
            entered |= {target} if legal.intersection(spec.deadline for spec in verb.starts) else set()
    return frozenset(deciding | entered)


def batch_day(found: WhatIf, today: date) -> date:
    """The day on which the extra sitting was taken to be held."""
    return today + timedelta(days=found.wished.batch_after)
