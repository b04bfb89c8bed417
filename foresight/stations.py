"""The office as a queue: its stations (steps) with officers, rates, waits and batches, measured from the event log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np

from foresight.log import CLOSED, EventLog, Floats, Ints
from foresight.worktime import Worked

Kind = Literal["served", "wait", "batch"]
WINDOW_DAYS = 180.0  # of the past from which rates, waits, routes and arrivals are measured
BUSY = 1.5  # times what its officers do in a day: a stock from which a station is busy all day
LEAST_BUSY = 15  # busy days from which the rate is measured on these alone
OFTEN = 0.2  # of its days, a step must have more than it can do before its outflow says what binds it
CLEAR = float(np.log(20))  # ratio of likelihoods that counts as clear evidence
SHORTEST_STAY = 0.05  # working days; a shorter one is a clerk's tick, not work


@dataclass(frozen=True, slots=True)
class Absence:
    """So many officers away from the day `first` to the day `last` of the log, both included."""

    first: float
    last: float
    officers: float = 1.0


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works at a step, and when not (past and planned)."""

    officers: float
    absences: tuple[Absence, ...] = ()

    def present(self, days: Floats) -> Floats:
        away = np.zeros(len(days))
        for one in self.absences:
            away += np.where((days >= one.first) & (days <= one.last), one.officers, 0)
        return np.maximum(self.officers - away, 0)


@dataclass(frozen=True, slots=True)
class Batch:
    """The dates of a batch step (days of the log, past and planned) and how many cases one takes at most."""

    dates: tuple[float, ...]
    size: float = np.inf


@dataclass(frozen=True, eq=False)
class Station:
    """A step as the queue sees it.

    `rate`: cases an officer does on a working day while there is enough to do; `seen`: how many cases that rate was
    measured on. `wait`: chance to leave after 0, 1, … days, for a step in which nobody's work is the limit; `ahead`:
    the same for each case that is in it now, by the day from now on, summed over cases. `mixing`: 0 where the oldest
    goes first, 1 where any case is as likely. `extra`: single batches at any kind of step, as (day, most cases).
    `staff_known`: False where capacity was seen but nobody said how many officers make it (`staff` is then one).
    """

    name: str
    kind: Kind
    staff: Staff
    rate: float
    seen: float
    wait: Floats
    ahead: Floats
    batch: Batch
    mixing: float = 0.0
    extra: tuple[tuple[float, float], ...] = ()
    staff_known: bool = True


@dataclass(frozen=True, eq=False)
class Office:
    """Everything the queue needs, from what was known at `at`.

    `routes`: counts of moves, shape (stations, stations + 1), the last column closing. `arrivals`: new cases a working
    day by station. `stock`: open cases by station; `bound`: those of them that are counted. `works`: for each day from
    `at` on, whether it is worked.
    """

    at: float
    stations: tuple[Station, ...]
    routes: Floats
    arrivals: Floats
    stock: Floats
    bound: Floats
    works: Floats
    order: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def number(self, step: str) -> int:
        """The place of a step. Raises KeyError."""
        for at, station in enumerate(self.stations):
            if station.name == step:
                return at
        raise KeyError(step)


def measure(
    log: EventLog, at: float, days: int, staff: Mapping[str, Staff], *, bound: str | None = None,
    batches: Mapping[str, Batch] | None = None, worked: Worked | None = None,
) -> Office:  # fmt: skip
    """The office at `at` from what was known then, to be simulated for `days` days.

    `staff`: officers by step; a step without is a wait or a batch, or, where its outflow does not grow with its
    stock, a place with the capacity that was seen, as of one officer. Steps that the log does not have are passed over.
    """
    known = log.until(at)
    past = np.arange(np.floor(max(at - WINDOW_DAYS, known.opened.min(initial=at))), np.floor(at))
    flags = np.array([_works(log, day, worked) for day in past])
    cases = known.open_at(at) & known.bound_at(bound, at)
    running = np.flatnonzero(np.isnan(known.left) & known.open_at(at)[known.case])
    count = len(known.steps)
    stock = np.bincount(known.step[running], minlength=count).astype(np.float64)
    counted = np.bincount(known.step[running[cases[known.case[running]]]], minlength=count).astype(np.float64)
    stations = tuple(
        _station(known, number, at, days, past, flags, running, staff.get(name), (batches or {}).get(name))
        for number, name in enumerate(known.steps)
    )
    routes = _routes(known, at)
    ahead = np.array([float(_works(log, np.floor(at) + day, worked)) for day in range(days)])
    arrivals = _arrivals(known, at, float(flags.sum()))
    return Office(at, stations, routes, arrivals, stock, counted, ahead, _order(routes, arrivals))


def _works(log: EventLog, day: float, worked: Worked | None) -> bool:
    return worked is None or worked(log.origin + timedelta(days=int(day)))


def _routes(log: EventLog, at: float) -> Floats:
    """Moves of the window by step and next step; closing in the last column."""
    size = len(log.steps)
    recent = np.flatnonzero((log.left > at - WINDOW_DAYS) & (log.next > -2))
    target = np.where(log.next[recent] == CLOSED, size, log.next[recent])
    counts = np.bincount(log.step[recent] * (size + 1) + target, minlength=size * (size + 1))
    return counts.reshape(size, size + 1).astype(np.float64)


def _arrivals(log: EventLog, at: float, working_days: float) -> Floats:
    first = np.append(True, log.case[1:] != log.case[:-1]) if len(log.case) else np.zeros(0, dtype=bool)
    recent = first & (log.entered > at - WINDOW_DAYS)
    counts = np.bincount(log.step[recent], minlength=len(log.steps))
    return np.asarray(counts / max(working_days, 1.0), dtype=np.float64)


def _order(routes: Floats, arrivals: Floats) -> Ints:
    """Stations from the entrance on: by the mean number of moves to reach them, so that a day's work flows down."""
    size = len(routes)
    depth = np.where(arrivals > 0, 0.0, np.inf)
    chance = routes[:, :size] / np.maximum(routes.sum(axis=1, keepdims=True), 1)
    for _ in range(size):
        through = np.where(chance > 0.2, depth[:, None] + 1, np.inf).min(axis=0, initial=np.inf)
        depth = np.minimum(depth, through)
    return np.argsort(depth, kind="stable").astype(np.int64)


def _station(
    log: EventLog, number: int, at: float, days: int, past: Floats, flags: Ints, running: Ints,
    staff: Staff | None, batch: Batch | None,
) -> Station:  # fmt: skip
    own = np.flatnonzero(log.step == number)
    entered, left = log.entered[own], log.left[own]
    stock, done = _daily(entered, left, past)
    here = running[log.step[running] == number]
    wait, ahead = _waits(entered, left, at, days, at - log.entered[here])
    name, nobody = log.steps[number], Staff(0.0)
    if batch is not None:
        return Station(name, "batch", nobody, 0.0, 0.0, wait, ahead, batch, _mixing(entered, left, at))
    crew = staff or Staff(1.0)
    present = crew.present(past) * flags
    ended = np.isfinite(left) & (left > at - WINDOW_DAYS)
    stay = float((left - entered)[ended].mean() * flags.mean()) if ended.any() else np.inf
    rate, seen = _rate(stock, done, present, stay)
    if rate and _bound_by_capacity(stock, done, present, rate, flags, staff is not None):
        order, known = _mixing(entered, left, at), staff is not None
        return Station(name, "served", crew, rate, seen, wait, ahead, Batch(()), order, staff_known=known)
    return Station(name, "wait", nobody, 0.0, 0.0, wait, ahead, Batch(()))


def _daily(entered: Floats, left: Floats, past: Floats) -> tuple[Floats, Floats]:
    """At each past day: how many were there at its start or came on it, and how many left on it."""
    before = np.searchsorted(np.sort(entered), past + 1, side="left")
    gone = np.searchsorted(np.sort(left[np.isfinite(left)]), np.append(past, past[-1:] + 1), side="left")
    return (before - gone[: len(past)]).astype(np.float64), np.diff(gone).astype(np.float64)


def _rate(stock: Floats, done: Floats, present: Floats, stay: float) -> tuple[float, float]:
    """Cases an officer does on a busy day, and on how many cases that was measured.

    `stay`: mean working days of a visit. Where the officers are never busy, what they do says only what came; they are
    then taken to work on one case at a time for as long as it stays.
    """
    at_work = (present > 0) & (stock > 0)
    if not at_work.any():
        return 0.0, 0.0
    rate = max(float(done[at_work].sum() / np.minimum(present, stock)[at_work].sum()), 1 / max(stay, SHORTEST_STAY))
    for _ in range(4):
        full = at_work & (stock >= BUSY * present * max(rate, 1.0))
        if full.sum() < LEAST_BUSY:
            return rate, float(done[at_work].sum())
        rate = float(done[full].sum() / present[full].sum())
    return rate, float(done[full].sum())


def _bound_by_capacity(stock: Floats, done: Floats, present: Floats, rate: float, flags: Ints, known: bool) -> bool:
    """Whether the outflow follows the officers rather than the stock: which of two Poisson rates explains it better.

    Where officers are known and rarely have more to do than they can, there is nothing to tell apart: they work. Where
    their number is not known, the evidence must be clear.
    """
    at_work = present > 0
    if known and (stock >= BUSY * present * max(rate, 1.0))[at_work].mean() < OFTEN:
        return True
    worked = np.minimum(stock, rate * np.minimum(present, stock))[at_work]
    share = done[flags > 0].sum() / max(stock[flags > 0].sum(), 1)
    evidence = _fit(done[at_work], worked) - _fit(done[at_work], share * stock[at_work])
    return evidence > (0 if known else CLEAR)


def _fit(done: Floats, expected: Floats) -> float:
    safe = np.maximum(expected, 1e-3)
    return float((done * np.log(safe) - safe).sum())


def _waits(entered: Floats, left: Floats, at: float, days: int, elapsed: Floats) -> tuple[Floats, Floats]:
    """Chance to leave after 0, 1, … days, and when the cases that are there leave (by day from `at`, summed)."""
    gone = left > at - WINDOW_DAYS
    stays = np.where(gone, left, at) - entered
    width = int(np.ceil(max(stays.max(initial=0), elapsed.max(initial=0)))) + days + 2
    first = np.maximum(at - WINDOW_DAYS - entered, 0)[gone | np.isnan(left)]
    ended, stay = gone[gone | np.isnan(left)], stays[gone | np.isnan(left)]
    exits, events, enters = _spread(stay, width), _spread(stay[ended], width), _spread(first, width)
    at_risk = np.maximum(np.cumsum(enters) - np.append(0, np.cumsum(exits)[:-1]), events)
    hazard = np.divide(events, at_risk, out=np.zeros(width), where=at_risk > 0)
    alive = np.append(1.0, np.cumprod(1 - hazard))
    ahead = np.zeros(days)
    for passed in elapsed.astype(np.int64):
        rest = alive[passed : passed + days + 1]
        ahead += -np.diff(rest) / rest[0] if rest[0] > 0 else np.eye(1, days)[0]
    return -np.diff(alive)[:days], ahead


def _spread(days: Floats, width: int) -> Floats:
    """Counts by whole days; part of a day counts in part on the day before and the day after, so that means hold."""
    whole = np.floor(days)
    late = days - whole
    at = whole.astype(np.int64)
    first, second = np.bincount(at, 1 - late, width), np.bincount(at + 1, late, width)
    return np.asarray(first + second, dtype=np.float64)


def _mixing(entered: Floats, left: Floats, at: float) -> float:
    """How far the order of leaving is from the order of coming: 0 oldest first, 1 any. From pairs of neighbours."""
    gone = np.flatnonzero((left > at - WINDOW_DAYS) & np.isfinite(left))
    if len(gone) < LEAST_BUSY:
        return 0.0
    order = gone[np.argsort(left[gone], kind="stable")]
    waiting = np.array([((entered <= left[one]) & ~(left < left[one])).sum() for one in order[-200:]])
    ahead = np.array([((entered < entered[one]) & ~(left < left[one])).sum() for one in order[-200:]])
    several = waiting > 1
    return float(np.clip(2 * ahead[several].sum() / max((waiting[several] - 1).sum(), 1), 0, 1))


def dated(log: EventLog, dates: Sequence[date]) -> tuple[float, ...]:
    """Dates as days of the log."""
    return tuple(log.day(one) for one in dates)
