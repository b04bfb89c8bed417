"""A discrete-event truth for the what-ifs: officers take cases one by one, first come first served.

Independent of `foresight.whatif`: every case and officer is simulated on its own, in working days.
"""

import heapq
import pickle
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from foresight.log import Case, EventLog, Visit
from tests.foresight.offices import ORIGIN

WARM_UP = 260.0  # working days before the cut: a year
COUNCIL = 20.0  # working days from one meeting to the next
SHAPE = 2.0  # of the gamma-distributed work in a case


@dataclass
class Station:
    """A step: served by officers, a delay of `wait` days on average, or a council that meets every `every` days."""

    name: str
    officers: int = 0
    rate: float = 0.0  # cases an officer does in a working day
    wait: float = 0.0
    every: float = 0.0
    seats: int = 10_000  # cases a meeting can take
    absent: tuple[tuple[int, float, float], ...] = ()  # officer, from, to
    queue: deque[int] = field(default_factory=deque)
    idle: set[int] = field(default_factory=set)


@dataclass
class Office:
    """State of a running office; `log` rows are (case, step, entered), `closed` when each case closed."""

    stations: list[Station]
    routes: list[list[tuple[int, float]]]  # per station: (next, chance); next == len(stations) closes
    arrivals: float
    rng: np.random.Generator
    now: float = 0.0
    agenda: list[tuple[float, int, str, int, int]] = field(default_factory=list)
    visits: list[tuple[int, int, float]] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    closed: dict[int, float] = field(default_factory=dict)
    ticket: int = 0

    def begin(self) -> "Office":
        for at, station in enumerate(self.stations):
            station.idle = set(range(station.officers))
            if station.every:
                self._plan(station.every / 2 + 0.5, "meet", at)
        self._plan(self.rng.exponential(1 / self.arrivals), "arrive", 0)
        return self

    def run(self, until: float) -> "Office":
        while self.agenda and self.agenda[0][0] <= until:
            self.now, _, what, one, other = heapq.heappop(self.agenda)
            getattr(self, f"_{what}")(one, other)
        self.now = until
        return self

    def hire(self, at: int) -> None:
        station = self.stations[at]
        station.idle.add(station.officers)
        station.officers += 1
        self._serve(at)

    def _plan(self, delay: float, what: str, one: int, other: int = 0) -> None:
        self.ticket += 1
        heapq.heappush(self.agenda, (self.now + delay, self.ticket, what, one, other))

    def _arrive(self, _one: int, _other: int) -> None:
        self.opened.append(self.now)
        self._enter(len(self.opened) - 1, 0)
        self._plan(self.rng.exponential(1 / self.arrivals), "arrive", 0)

    def _enter(self, case: int, at: int) -> None:
        if at == len(self.stations):
            self.closed[case] = self.now
            return
        self.visits.append((case, at, self.now))
        station = self.stations[at]
        if station.wait:
            self._plan(self.rng.gamma(4, station.wait / 4), "move", case, at)
            return
        station.queue.append(case)
        self._serve(at)

    def _move(self, case: int, at: int) -> None:
        (onward, chance), *other = self.routes[at]
        self._enter(case, onward if not other or self.rng.random() < chance else other[0][0])

    def _meet(self, at: int, _other: int) -> None:
        station = self.stations[at]
        for _ in range(min(len(station.queue), station.seats)):
            self._move(station.queue.popleft(), at)
        self._plan(station.every, "meet", at)

    def _serve(self, at: int, _other: int = 0) -> None:
        station = self.stations[at]
        while station.queue and station.idle and station.officers:
            present = [one for one in sorted(station.idle) if self._back(station, one, self.now) <= self.now]
            if not present:
                back = min(self._back(station, one, self.now) for one in station.idle)
                self._plan(back - self.now + 1e-9, "serve", at)
                return
            station.idle.remove(present[0])
            work = self.rng.gamma(SHAPE, 1 / station.rate / SHAPE)
            end = self._worked(station, present[0], work)
            self._plan(end - self.now, "done", station.queue.popleft(), at * 100 + present[0])

    def _done(self, case: int, code: int) -> None:
        at, officer = divmod(code, 100)
        self.stations[at].idle.add(officer)
        self._move(case, at)
        self._serve(at)

    def _back(self, station: Station, officer: int, when: float) -> float:
        """When the officer is next present."""
        for one, start, end in station.absent:
            if one == officer and start <= when < end:
                return self._back(station, officer, end)
        return when

    def _worked(self, station: Station, officer: int, work: float) -> float:
        """When work begun now is done, absences left out."""
        at = self.now
        for one, start, end in sorted(station.absent):
            if one == officer and end > at:
                if start - at >= work:
                    break
                work -= max(start - at, 0)
                at = end
        return at + work


def calendar_day(working: float) -> float:
    """The day of the log on which that much working time has passed: five days of seven."""
    week, rest = divmod(working, 5)
    return week * 7 + rest


def working_day(calendar: float) -> float:
    week, rest = divmod(calendar, 7)
    return week * 5 + min(rest, 5)


def log_of(office: Office) -> EventLog:
    """The office's past as an event log in calendar days from a Monday."""
    cases = [
        Case(
            str(number),
            calendar_day(opened),
            closed=calendar_day(office.closed[number]) if number in office.closed else None,
        )
        for number, opened in enumerate(office.opened)
    ]
    visits = [Visit(str(case), office.stations[at].name, calendar_day(when)) for case, at, when in office.visits]
    return EventLog.of(ORIGIN, cases, visits)


def drawn(seed: int) -> tuple[Office, int]:
    """An office and its overloaded step: three to five served steps, a delay, rework, in some a council."""
    rng = np.random.default_rng(seed)
    served = int(rng.integers(3, 6))
    tight, load = int(rng.integers(served)), rng.uniform(1.08, 1.25)
    arrivals, back = float(rng.uniform(1.5, 4)), float(rng.uniform(0, 0.1))
    stations = []
    for at in range(served):
        officers = int(rng.integers(1, 5))
        busy = load if at == tight else rng.uniform(0.35, 0.6)
        flow = arrivals / (1 - back) if at == 1 else arrivals
        stations.append(Station(f"s{at}", officers, float(flow / officers / busy)))
    stations.append(Station("wait", wait=float(rng.uniform(5, 20))))
    if rng.random() < 0.5:
        stations.append(Station("council", every=COUNCIL))
    stations[int(rng.integers(served))].absent = ((0, WARM_UP + 5, WARM_UP + 25),)
    last = len(stations) - 1
    routes = [[(at + 1, 1.0)] for at in range(last + 1)]
    routes[1] = [(2, 1 - back), (1, back)]
    return Office(stations, routes, arrivals, rng).begin().run(WARM_UP), tight


def continued(office: Office, days: float, hire: int | None = None, seeds: Sequence[int] = range(30)) -> float:
    """Mean count of the cases open now that close within so many working days, with one officer more at a step."""
    open_now = [case for case in range(len(office.opened)) if case not in office.closed]
    frozen = pickle.dumps(replace(office, visits=[], closed={}))
    counts = []
    for seed in seeds:
        after = pickle.loads(frozen)
        after.rng = np.random.default_rng([seed, 7])
        if hire is not None:
            after.hire(hire)
        after.run(office.now + days)
        counts.append(sum(case in after.closed for case in open_now))
    return float(np.mean(counts))
