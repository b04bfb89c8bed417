"""The queue on counts: every day, every station does what its officers can, for many runs at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foresight.log import Floats
from foresight.stations import Office, Station

STILL_COMING = 0.5  # of what comes to a station on a day, which comes too late to be done on it
LEAST_SEEN = 1.0  # cases that a rate is at least said to be measured on


@dataclass(frozen=True, eq=False)
class Chance:
    """What differs from run to run, drawn once and used for every variant: a difference is then free of its noise.

    `speed`: of each station around its measured rate, shape (stations, runs); `day`: of each day's work, standard
    normal, shape (days, stations, runs); `arrivals`: shape (days, stations, runs); `routes`: chances, shape
    (runs, stations, stations + 1).
    """

    speed: Floats
    day: Floats
    arrivals: Floats
    routes: Floats

    @classmethod
    def of(cls, office: Office, runs: int, seed: int) -> "Chance":
        rng = np.random.default_rng(seed)
        seen = np.array([max(station.seen, LEAST_SEEN) for station in office.stations])
        size, days = len(office.stations), len(office.works)
        speed = rng.gamma(seen[:, None], 1 / seen[:, None], (size, runs))
        day = rng.standard_normal((days, size, runs))
        arrivals = rng.poisson(np.broadcast_to(office.arrivals[None, :, None], (days, size, runs))).astype(np.float64)
        weight = office.routes.copy()
        weight[weight.sum(axis=1) == 0, -1] = 1.0  # a step that was never left is taken to close
        drawn = rng.gamma(weight[None], 1.0, (runs, size, size + 1))
        return cls(speed, day, arrivals, drawn / np.maximum(drawn.sum(axis=2, keepdims=True), 1e-300))


@dataclass(frozen=True, eq=False)
class Course:
    """What happened: `closed`, the bound cases closed by the end of each day, shape (days, runs); `stock` and `left`:
    means over the runs of all cases waiting at, and leaving, each station each day, shape (days, stations)."""

    closed: Floats
    stock: Floats
    left: Floats


class _Waits:
    """The steps in which nobody's work is the limit: who entered on which day, and how many of them leave on a day.

    Counts have the shape (layers, variants, runs).
    """

    def __init__(self, offices: Sequence[Office], runs: int) -> None:
        office = offices[0]
        waits = [at for at, one in enumerate(office.stations) if one.kind == "wait"]
        self.places = {at: row for row, at in enumerate(waits)}
        size, shape = len(waits), (2, len(offices), runs)
        self.entered = np.zeros((size, len(office.works), *shape))
        self.late = np.zeros((size, *shape))  # came today after those that leave had left: they leave tomorrow
        self.still = np.ones((size, *shape))  # part of the cases that were there at first and no batch took
        self.wait = [[one.stations[at].wait for one in offices] for at in waits]
        share = np.divide(office.bound, office.stock, out=np.zeros(len(office.stock)), where=office.stock > 0)
        ahead = [np.stack([one.stations[at].ahead for one in offices]) for at in waits]
        self.ahead = [np.stack([one * share[at], one * (1 - share[at])]) for at, one in zip(waits, ahead, strict=True)]

    def leaving(self, at: int, day: int) -> Floats:
        row = self.places[at]
        waits, came = self.wait[row], self.entered[row, : day + 1]
        found = self.ahead[row][:, :, day, None] * self.still[row]
        found += _convolved(waits[0], came)
        for variant, wait in enumerate(waits):
            if wait is not waits[0]:
                own = _convolved(wait, came[:, :, variant])
                found[:, variant] += own - _convolved(waits[0], came[:, :, variant])
        found += self.late[row] * np.array([wait[0] for wait in waits])[:, None]
        self.late[row] = 0
        return np.asarray(found, dtype=np.float64)

    def take(self, at: int, day: int, share: Floats) -> None:
        """A batch takes a share of those that are there."""
        row = self.places[at]
        self.still[row] *= 1 - share
        self.entered[row, : day + 1] *= 1 - share

    def enter(self, at: int, day: int, coming: Floats, *, late: bool) -> None:
        row = self.places[at]
        self.entered[row, day] += coming
        if late:
            self.late[row] += coming


def _convolved(wait: Floats, came: Floats) -> Floats:
    """Those who leave on the last day of `came` (days first)."""
    days = len(came)
    return np.asarray((wait[days - 1 :: -1] @ came.reshape(days, -1)).reshape(came.shape[1:]), dtype=np.float64)


class _Flow:
    """The counts of one simulation of an office and its variants, under the same chances.

    Bound cases are counted apart, as the first of two layers: counts have the shape (layers, variants, runs).
    """

    def __init__(self, offices: Sequence[Office], chance: Chance) -> None:
        self.office, self.chance = offices[0], chance
        office, runs, size = self.office, chance.speed.shape[1], len(offices)
        first = np.stack([office.bound, office.stock - office.bound])
        self.waiting = np.repeat(np.repeat(first[:, :, None, None], size, axis=2), runs, axis=3)
        self.closed = np.zeros((size, runs))
        self.today = np.zeros((len(office.stations), size, runs))
        self.waits = _Waits(offices, runs)
        self.turn = np.argsort(office.order)
        self.onward = [np.flatnonzero(row[:-1] > 0) for row in office.routes]
        began = float(np.floor(office.at))
        ahead = np.arange(len(office.works), dtype=np.float64) + began
        of_station = list(zip(*(one.stations for one in offices), strict=True))
        self.present = np.array([[one.staff.present(ahead) for one in variants] for variants in of_station])
        self.rate = np.array([[one.rate for one in variants] for variants in of_station])
        self.meets = [frozenset(np.floor(np.array(one.batch.dates) - began)) for one in office.stations]
        self.extra = [_extra(variants, began) for variants in of_station]

    def leave(self, at: int, day: int) -> Floats:
        """How many leave a station on a day, by its own rule and by an extra batch."""
        gone = self._regular(at, day)
        if day not in self.extra[at]:
            return gone
        rest = np.maximum(self.waiting[:, at] - gone, 0)
        most = self.extra[at][day][:, None]
        taken = _shared(rest, np.minimum(most, rest.sum(axis=0)), self.office.stations[at].mixing)
        if at in self.waits.places:
            self.waits.take(at, day, np.divide(taken, rest, out=np.zeros_like(rest), where=rest > 0))
        return np.asarray(gone + taken, dtype=np.float64)

    def _regular(self, at: int, day: int) -> Floats:
        station = self.office.stations[at]
        waiting = self.waiting[:, at]
        if station.kind == "wait":
            return np.asarray(np.minimum(self.waits.leaving(at, day), waiting), dtype=np.float64)
        ready = np.maximum(waiting.sum(axis=0) - STILL_COMING * self.today[at], 0)
        return _shared(waiting, np.minimum(self._most(station, at, day, ready), ready), station.mixing)

    def _most(self, station: Station, at: int, day: int, stock: Floats) -> Floats:
        if station.kind == "batch":
            return np.full(stock.shape, station.batch.size if day in self.meets[at] else 0.0)
        hands = np.clip(stock, 0, self.present[at, :, day, None] * self.office.works[day])
        mean = self.rate[at][:, None] * self.chance.speed[at] * hands
        return np.asarray(np.maximum(mean + np.sqrt(mean) * self.chance.day[day, at], 0), dtype=np.float64)

    def move(self, at: int, day: int, gone: Floats) -> None:
        self.waiting[:, at] = np.maximum(self.waiting[:, at] - gone, 0)
        routes = self.chance.routes[:, at]
        for target in self.onward[at]:
            self.enter(int(target), day, gone * routes[:, target], late=bool(self.turn[target] <= self.turn[at]))
        self.closed += gone[0] * routes[:, -1]

    def enter(self, at: int, day: int, coming: Floats, *, late: bool = False) -> None:
        """`late`: those of the station that leave on this day have left."""
        self.waiting[:, at] += coming
        self.today[at] += coming.sum(axis=0)
        if at in self.waits.places:
            self.waits.enter(at, day, coming, late=late)


def _extra(variants: Sequence[Station], began: float) -> dict[int, Floats]:
    """By day: the most cases that an extra batch takes at a station in each variant."""
    found: dict[int, Floats] = {}
    for place, station in enumerate(variants):
        for on, most in station.extra:
            found.setdefault(int(on - began), np.zeros(len(variants)))[place] = most
    return found


def _shared(waiting: Floats, leaving: Floats, mixing: float) -> Floats:
    """Those who leave by layer: the bound were there first, or any in proportion."""
    first = np.minimum(waiting[0], leaving)
    if mixing:
        total = waiting.sum(axis=0)
        even = leaving * np.divide(waiting[0], total, out=np.zeros_like(leaving), where=total > 0)
        first = (1 - mixing) * first + mixing * even
    bound = np.minimum(np.maximum(first, leaving - waiting[1]), waiting[0])
    return np.stack([bound, leaving - bound])


def simulate(office: Office, chance: Chance, variants: Sequence[Office] = ()) -> tuple[Course, ...]:
    """Run the queue for the days of `office.works`: of the office, then of each variant of it.

    A variant is the same office with the same steps, of which some have other officers, rates, waits or extra batches.
    All of them are counted together: the time goes to single steps and days, not to runs.
    """
    offices = (office, *variants)
    flow = _Flow(offices, chance)
    size, days, runs = len(office.stations), len(office.works), chance.speed.shape[1]
    closed = np.zeros((days, len(offices), runs))
    stock, left = np.zeros((days, size, len(offices))), np.zeros((days, size, len(offices)))
    for day in range(days):
        flow.today[:] = 0
        for at in office.order:
            if office.works[day] and office.arrivals[at]:
                coming = np.broadcast_to(chance.arrivals[day, at], flow.closed.shape)
                flow.enter(int(at), day, np.stack([np.zeros_like(flow.closed), coming]))
            if not flow.waiting[:, at].any():
                continue
            gone = flow.leave(int(at), day)
            flow.move(int(at), day, gone)
            left[day, at] = gone.sum(axis=0).mean(axis=1)
        closed[day], stock[day] = flow.closed, flow.waiting.sum(axis=0).mean(axis=2)
    return tuple(Course(closed[:, at], stock[:, :, at], left[:, :, at]) for at in range(len(offices)))
