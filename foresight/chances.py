"""The chance of each open case to close (or leave its step) by a day, by the age of the case and by its step."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from foresight.lifetable import Curves, Grid, fit
from foresight.log import CLOSED, EventLog, Floats, Ints
from foresight.worktime import BatchTime, Clock, every_day

AGE_BINS, STEP_BINS = 256, 96
HALF_DATED = 0.5  # share of cases that must have a due date for it to be an axis of its own
POINTS = 24  # of the time grid between a cut and its horizon
MOST_STEPS = 40  # rarer steps are one step together
AT_ONCE = 12  # steps that a case may pass within one point of the time grid


@dataclass(frozen=True, eq=False)
class Past:
    """The log prepared for many cuts: durations on the office's clock, their bins, rare steps merged.

    `entered`: when each visit began, on that clock.
    """

    log: EventLog
    clock: Clock
    entered: Floats
    batch: Mapping[int, BatchTime]
    step: Ints
    steps: int
    ages: Grid
    stays: Grid
    dues: Grid | None
    _bins: dict[str, Ints] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, log: EventLog, clock: Clock = every_day, batch: Mapping[str, BatchTime] | None = None) -> "Past":
        """`clock`: working time of the office. `batch`: by the name of a step, its dates."""
        step, steps, kept = _merged(log, tuple(batch or {}))
        dates = {kept[name]: found for name, found in (batch or {}).items() if name in kept}
        age = clock(log.closed) - clock(log.opened)
        one, entered = np.zeros(len(age), dtype=np.int64), clock(log.entered)
        stays = Grid.of(step, _since(log, clock, entered, dates, step, log.left), steps, STEP_BINS)
        for number in dates:
            stays = stays.with_units(number)
        ages = Grid.of(one, age, 1, AGE_BINS)
        past = cls(log, clock, entered, dates, step, steps, ages, stays, _due_grid(log))
        past._bins["age"] = past.ages.bin(0, age)
        past._bins["stay"] = stays.bin(step, past.stay(log.left))
        return past

    def stay(self, until: Floats | float) -> Floats:
        """How long each visit had lasted at `until`, on the clock of its step."""
        return _since(self.log, self.clock, self.entered, self.batch, self.step, until)

    def bins_of(self, which: str) -> Ints:
        return self._bins[which]


def by_age(past: Past, cut: float, horizons: Floats, cases: Ints) -> Floats:
    """Chance to close by cut + horizon from the age of the case alone; shape (horizons, cases)."""
    log, clock = past.log, past.clock
    known = np.flatnonzero(log.opened <= cut)
    closed = log.closed[known] <= cut
    now = clock(np.array([cut]))[0]
    opened = clock(log.opened[known])
    enter = past.ages.bin(0, np.maximum(clock(np.array([log.observed_from])) - opened, 0)) if _late(log) else None
    leave = np.where(closed, past.bins_of("age")[known], past.ages.bin(0, now - opened))
    zero = np.zeros(len(known), dtype=np.int64)
    curves = fit(past.ages, zero, (zero if enter is None else enter, leave), (closed,))
    age = now - clock(log.opened[cases])
    later = clock(cut + horizons)[:, None] - now
    return chance(curves.upto(0, age)[0], curves.upto(0, age + later)[0])


def by_due(past: Past, cut: float, horizons: Floats, cases: Ints) -> Floats | None:
    """The same on the days to and after the case's due date, where each open case has one; None otherwise."""
    log, grid = past.log, past.dues
    if grid is None or np.isnan(log.due[cases]).any():
        return None
    known = np.flatnonzero((log.opened <= cut) & np.isfinite(log.due))
    closed = log.closed[known] <= cut
    shift = grid.edges[0, -1] / 2  # durations are counted from half the grid before the due date
    enter = log.opened[known] - log.due[known] + shift
    leave = np.where(closed, log.closed[known], cut) - log.due[known] + shift
    bins = grid.bin(0, np.maximum(enter, np.maximum(log.observed_from - log.due[known] + shift, 0))), grid.bin(0, leave)
    curves = fit(grid, np.zeros(len(known), dtype=np.int64), bins, (closed,))
    age = cut - log.due[cases] + shift
    return chance(curves.upto(0, age)[0], curves.upto(0, age + horizons[:, None])[0])


def by_step(past: Past, cut: float, horizons: Floats, cases: Ints) -> Floats:
    """The same from the step of the case and its time in it, as a semi-Markov walk; shape (horizons, cases)."""
    curves, moves = _walk(past, cut)
    visit = running(past.log, cut, cases)
    step = past.step[visit]
    stayed = past.stay(cut)[visit]
    cells, cell = _cells(past.stays, step, stayed)
    found = np.empty((len(horizons), len(cases)))
    for row, horizon in enumerate(horizons):
        points = cut + np.linspace(0, horizon, POINTS + 1)
        ahead = _closing(past, curves, moves, points)
        found[row] = _from_here(past, curves, moves, points, ahead, cells)[cell]
    return found


def leaving(past: Past, cut: float, horizons: Floats, cases: Ints) -> Floats:
    """Chance to leave the present step, whatever comes next; shape (horizons, cases)."""
    curves, _ = _walk(past, cut)
    visit = running(past.log, cut, cases)
    step, stayed = past.step[visit], past.stay(cut)[visit]
    now = curves.upto(step, stayed).sum(axis=0)
    later = [curves.upto(step, stayed + _passing(past, step, cut, cut + horizon)).sum(axis=0) for horizon in horizons]
    return chance(now, np.array(later).reshape(len(horizons), len(cases)))


def chance(now: Floats, later: Floats) -> Floats:
    """Of an event between two points of a cumulative hazard, given none until the first."""
    return np.asarray(-np.expm1(now - later), dtype=np.float64)


def _walk(past: Past, cut: float) -> tuple[Curves, Floats]:
    """Hazards of leaving each step, by closing and by moving on, and where those that moved on went."""
    log = past.log
    known = np.flatnonzero(log.entered <= cut)
    step = past.step[known]
    gone = log.left[known] <= cut
    closing = gone & (log.next[known] == CLOSED)
    leave = np.where(gone, past.bins_of("stay")[known], past.stays.bin(step, past.stay(cut)[known]))
    curves = fit(past.stays, step, (np.zeros(len(known), dtype=np.int64), leave), (closing, gone & ~closing))
    moved = known[gone & ~closing]
    target = past.step[np.minimum(moved + 1, len(log.case) - 1)]
    counts = np.bincount(past.step[moved] * past.steps + target, minlength=past.steps**2).reshape(past.steps, -1)
    return curves, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _closing(past: Past, curves: Curves, moves: Floats, points: Floats) -> Floats:
    """Chance to close by the last point for a case that enters a step at a point; shape (steps, points)."""
    close, move = _kernels(past, curves, points)
    size = len(points)
    ahead = np.zeros((past.steps, size))
    for here in range(size - 1, -1, -1):
        later = (moves @ ahead[:, here + 1 :]) * move[:, here, here + 1 :]
        fixed = close[:, here, here:].sum(axis=1) + later.sum(axis=1)
        at_once = move[:, here, here][:, None] * moves
        value = fixed
        for _ in range(AT_ONCE):
            value = fixed + at_once @ value
        ahead[:, here] = np.minimum(value, 1)
    return ahead


def _kernels(past: Past, curves: Curves, points: Floats) -> tuple[Floats, Floats]:
    """Chance to close and to move on at each point for an entry at each point; shape (steps, points, points)."""
    size, numbers = len(points), np.arange(past.steps)
    passed = past.clock(points)
    even = np.linspace(0, passed[-1] - passed[0], size)
    close, move = _left(curves, numbers, _middles(even), None)
    gap = np.arange(size)[None, :] - np.arange(size)[:, None]
    both = [np.where(gap >= 0, kind[:, np.maximum(gap, 0)], 0.0) for kind in (close, move)]
    for number, dates in past.batch.items():
        for here in range(size):
            durations = dates(points[here:]) - dates(points[here])
            ends = _left(curves, np.array([number]), durations, None)
            both[0][number, here, here:], both[1][number, here, here:] = ends[0][0], ends[1][0]
    return both[0], both[1]


def _from_here(
    past: Past, curves: Curves, moves: Floats, points: Floats, ahead: Floats, cells: tuple[Ints, Floats]
) -> Floats:
    """Chance to close by the last point for cases in a step since a while, one for each cell."""
    step, stayed = cells
    even = past.clock(points)
    durations = np.repeat(_middles(even - even[0])[None, :], len(step), axis=0)
    for number, dates in past.batch.items():
        durations[step == number] = dates(points) - dates(points[0])
    close, move = _left(curves, step, durations, stayed)
    onward = moves @ ahead
    found: Floats = close.sum(axis=1) + (move * onward[step]).sum(axis=1)
    return np.clip(found, 0, 1)


def _left(curves: Curves, step: Ints, durations: Floats, stayed: Floats | None) -> tuple[Floats, Floats]:
    """Chance to leave between neighbouring durations, by closing and by moving; the first from entry or `stayed` on."""
    start = np.zeros((2, len(step))) if stayed is None else curves.upto(step, stayed)
    shift = np.zeros(len(step)) if stayed is None else stayed
    upto = curves.upto(step[:, None], np.broadcast_to(durations, (len(step), durations.shape[-1])) + shift[:, None])
    risen = np.diff(upto, axis=2, prepend=start[:, :, None])
    total = risen.sum(axis=0)
    alive = np.exp(-np.cumsum(total, axis=1))
    gone = -np.diff(alive, axis=1, prepend=1.0)
    share = np.divide(risen[0], total, out=np.zeros_like(total), where=total > 0)
    return gone * share, gone * (1 - share)


def _middles(passed: Floats) -> Floats:
    """A stay is rounded to the nearest point: the middles between the points, and the last point itself."""
    return np.append((passed[1:] + passed[:-1]) / 2, passed[-1])


def _cells(grid: Grid, step: Ints, stayed: Floats) -> tuple[tuple[Ints, Floats], Ints]:
    """Cases of a step and a bin of time are computed together, at the mean of their times."""
    width = grid.edges.shape[1]
    found, cell, counts = np.unique(step * width + grid.bin(step, stayed), return_inverse=True, return_counts=True)
    return (found // width, np.bincount(cell, weights=stayed, minlength=len(found)) / counts), cell


def running(log: EventLog, cut: float, cases: Ints) -> Ints:
    """The visit in which each open case was at the cut: its last one that had begun."""
    begun = np.flatnonzero(log.entered <= cut)
    last = np.full(len(log.ids), -1, dtype=np.int64)
    last[log.case[begun]] = begun  # sorted by case and entry: the last assignment counts
    return last[cases]


def _passing(past: Past, step: Ints, start: float, end: float) -> Floats:
    span = np.array([start, end])
    passed = np.full(len(step), np.diff(past.clock(span))[0])
    for number, dates in past.batch.items():
        passed[step == number] = np.diff(dates(span))[0]
    return passed


def _since(
    log: EventLog, clock: Clock, entered: Floats, batch: Mapping[int, BatchTime], step: Ints, until: Floats | float
) -> Floats:
    """Durations until a day, one for all visits or one for each, on the clock or in dates of a batch step."""
    end = np.atleast_1d(np.asarray(until, dtype=np.float64))
    found: Floats = clock(end) - entered
    for number, dates in batch.items():
        own = step == number
        last = np.broadcast_to(end, log.entered.shape)[own]
        found[own] = np.where(np.isnan(last), np.nan, dates(last) - dates(log.entered[own]))
    return found


def _merged(log: EventLog, keep: tuple[str, ...]) -> tuple[Ints, int, dict[str, int]]:
    """Step numbers with the rare steps as one, how many there are, and the number of each step kept by name."""
    counts = np.bincount(log.step, minlength=len(log.steps)).astype(np.float64)
    for at, name in enumerate(log.steps):
        counts[at] = np.inf if name in keep else counts[at]
    common = np.argsort(-counts, kind="stable")[:MOST_STEPS]
    number = np.full(max(len(log.steps), 1), len(common), dtype=np.int64)
    number[common] = np.arange(len(common))
    return number[log.step], len(common) + 1, {log.steps[at]: int(number[at]) for at in common}


def _late(log: EventLog) -> bool:
    return bool((log.opened < log.observed_from).any())


def _due_grid(log: EventLog) -> Grid | None:
    """Bins of days around the due date; None where fewer than half of the cases have one."""
    dated = np.isfinite(log.due)
    if not len(dated) or dated.mean() < HALF_DATED:
        return None
    span = np.concatenate([(log.closed - log.due)[dated], (log.opened - log.due)[dated]])
    reach = float(np.nanmax(np.abs(span))) + 1
    closings = (log.closed - log.due)[dated & np.isfinite(log.closed)] + reach
    inner = np.quantile(closings, np.linspace(0, 1, AGE_BINS)) if len(closings) else np.array([reach])
    return Grid(np.unique(np.concatenate([[0.0], inner, [2 * reach]]))[None, :], 4 * reach + 10)
