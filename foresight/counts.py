"""The queue on counts: every day, every station does what its officers can, for many runs at once."""

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


class _Flow:
    """The counts of one simulation; bound cases are counted apart, as the first of two layers."""

    def __init__(self, office: Office, chance: Chance) -> None:
        self.office, self.chance = office, chance
        runs = chance.speed.shape[1]
        self.waiting = np.zeros((2, len(office.stations), runs))
        self.waiting[0], self.waiting[1] = office.bound[:, None], (office.stock - office.bound)[:, None]
        self.closed = np.zeros(runs)
        self.today = np.zeros((len(office.stations), runs))
        self.due = {at: self._due(at, runs) for at, one in enumerate(office.stations) if one.kind == "wait"}
        first = float(np.floor(office.at))
        ahead = np.arange(len(office.works), dtype=np.float64) + first
        self.present = np.array([one.staff.present(ahead) for one in office.stations])
        self.meets = [frozenset(np.floor(np.array(one.batch.dates) - first)) for one in office.stations]
        self.extra = [{int(on - first): most for on, most in one.extra} for one in office.stations]

    def _due(self, at: int, runs: int) -> Floats:
        """When the cases that wait now will leave: shape (layers, days, runs)."""
        station, office = self.office.stations[at], self.office
        share = office.bound[at] / office.stock[at] if office.stock[at] else 0.0
        due = np.zeros((2, len(office.works), runs))
        due[0], due[1] = (station.ahead * share)[:, None], (station.ahead * (1 - share))[:, None]
        return due

    def leave(self, at: int, day: int) -> Floats:
        """How many leave a station on a day, by its own rule and by an extra batch: shape (layers, runs)."""
        gone = self._regular(at, day)
        if day not in self.extra[at]:
            return gone
        rest = np.maximum(self.waiting[:, at] - gone, 0)
        taken = _shared(rest, np.minimum(self.extra[at][day], rest.sum(axis=0)), self.office.stations[at].mixing)
        if at in self.due:
            self.due[at][:, day + 1 :] *= 1 - np.divide(taken, rest, out=np.zeros_like(rest), where=rest > 0)[:, None]
        return gone + taken

    def _regular(self, at: int, day: int) -> Floats:
        station = self.office.stations[at]
        waiting = self.waiting[:, at]
        if station.kind == "wait":
            return np.minimum(self.due[at][:, day], waiting)
        ready = np.maximum(waiting.sum(axis=0) - STILL_COMING * self.today[at], 0)
        return _shared(waiting, np.minimum(self._most(station, at, day, ready), ready), station.mixing)

    def _most(self, station: Station, at: int, day: int, stock: Floats) -> Floats:
        if station.kind == "batch":
            return np.full(stock.shape, station.batch.size if day in self.meets[at] else 0.0)
        hands = np.clip(stock, 0, self.present[at, day] * self.office.works[day])
        mean = station.rate * self.chance.speed[at] * hands
        return np.asarray(np.maximum(mean + np.sqrt(mean) * self.chance.day[day, at], 0), dtype=np.float64)

    def move(self, at: int, day: int, gone: Floats) -> None:
        self.waiting[:, at] = np.maximum(self.waiting[:, at] - gone, 0)
        routes = self.chance.routes[:, at]
        for target in np.flatnonzero(self.office.routes[at, :-1] > 0):
            self.enter(int(target), day, gone * routes[:, target])
        self.closed += gone[0] * routes[:, -1]

    def enter(self, at: int, day: int, coming: Floats) -> None:
        self.waiting[:, at] += coming
        self.today[at] += coming.sum(axis=0)
        if at in self.due:
            wait = self.office.stations[at].wait
            left = self.due[at].shape[1] - day
            self.due[at][:, day:] += coming[:, None, :] * wait[:left, None]


def _shared(waiting: Floats, leaving: Floats, mixing: float) -> Floats:
    """Those who leave by layer: the bound were there first, or any in proportion."""
    first = np.minimum(waiting[0], leaving)
    even = leaving * np.divide(
        waiting[0], waiting.sum(axis=0), out=np.zeros_like(leaving), where=waiting.sum(axis=0) > 0
    )
    bound = np.clip((1 - mixing) * first + mixing * even, leaving - waiting[1], waiting[0])
    return np.stack([bound, leaving - bound])


def simulate(office: Office, chance: Chance) -> Course:
    """Run the queue for the days of `office.works`."""
    flow = _Flow(office, chance)
    size, days = len(office.stations), len(office.works)
    closed, stock, left = np.zeros((days, len(flow.closed))), np.zeros((days, size)), np.zeros((days, size))
    for day in range(days):
        flow.today[:] = 0
        for at in office.order:
            if office.works[day] and office.arrivals[at]:
                coming = np.stack([np.zeros_like(flow.closed), chance.arrivals[day, at]])
                flow.enter(int(at), day, coming)
            gone = flow.leave(int(at), day)
            flow.move(int(at), day, gone)
            left[day, at] = gone.sum(axis=0).mean()
        closed[day], stock[day] = flow.closed, flow.waiting.sum(axis=0).mean(axis=1)
    return Course(closed, stock, left)
