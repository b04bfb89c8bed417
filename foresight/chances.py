"""The chance of each open case to close (or leave its step) by a day, by the age of the case and by its step."""

import numpy as np

from foresight.lifetable import Curves, Grid, fit
from foresight.log import Floats, Ints
from foresight.past import Past, running, visits_of

POINTS = 24  # of the time grid between a cut and its horizon
AT_ONCE = 12  # steps that a case may pass within one point of the time grid


def by_age(past: Past, cut: float, horizons: Floats, cases: Ints) -> Floats:
    """Chance to close by cut + horizon from the age of the case alone; shape (horizons, cases)."""
    alike, _ = past.alike
    now = past.clock(np.array([cut]))[0]
    closed = past.tally(cut).closed
    member, counts, _ = alike.among(np.flatnonzero(past.log.open_at(cut)))
    bins = past.ages.bin(0, now - past.opened[member])
    leave = closed.sum(axis=(0, 1)) + np.bincount(bins, weights=counts, minlength=closed.shape[2])
    curves = Curves.of(past.ages, past.entries(cut)[None], leave[None], closed)
    member, _, kind = alike.among(cases)
    age = now - past.opened[member]
    later = past.clock(cut + horizons)[:, None] - now
    return np.take(chance(curves.upto(0, age)[0], curves.upto(0, age + later)[0]), kind, axis=1)


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
    member, counts, kind = past.alike[1].among(visits_of(past.log, cut, cases))
    cells, cell = _cells(past.stays, past.step[member], past.stay(member, cut), counts)
    points = cut + np.linspace(0, horizons, POINTS + 1, axis=-1)
    ahead = _closing(past, curves, moves, points)
    found = np.array([_from_here(past, curves, moves, *one, cells) for one in zip(points, ahead, strict=True)])
    return np.take(found, cell[kind], axis=1)


def leaving(past: Past, cut: float, horizons: Floats, cases: Ints) -> Floats:
    """Chance to leave the present step, whatever comes next; shape (horizons, cases)."""
    curves, _ = _walk(past, cut)
    member, _, kind = past.alike[1].among(visits_of(past.log, cut, cases))
    step, stayed = past.step[member], past.stay(member, cut)
    now = curves.upto(step, stayed).sum(axis=0)
    later = [curves.upto(step, stayed + _passing(past, step, cut, cut + horizon)).sum(axis=0) for horizon in horizons]
    return chance(now, np.array(later).reshape(len(horizons), len(member)))[:, kind]


def chance(now: Floats, later: Floats) -> Floats:
    """Of an event between two points of a cumulative hazard, given none until the first."""
    return np.asarray(-np.expm1(now - later), dtype=np.float64)


def _walk(past: Past, cut: float) -> tuple[Curves, Floats]:
    """Hazards of leaving each step, by closing and by moving on, and where those that moved on went."""
    tally, width = past.tally(cut), past.stays.edges.shape[1]
    member, counts, _ = past.alike[1].among(running(past.log, cut))
    step = past.step[member]
    cell = step * width + past.stays.bin(step, past.stay(member, cut))
    still = np.bincount(cell, weights=counts, minlength=past.steps * width).reshape(past.steps, width)
    leave = tally.left.sum(axis=0) + still
    enter = np.zeros_like(leave)
    enter[:, 0] = leave.sum(axis=1)
    curves = Curves.of(past.stays, enter, leave, tally.left)
    return curves, tally.moves / np.maximum(tally.moves.sum(axis=1, keepdims=True), 1)


def _closing(past: Past, curves: Curves, moves: Floats, points: Floats) -> Floats:
    """Chance to close by the last point for a case that enters a step at a point.

    `points`: of each horizon, shape (horizons, points); the result has the shape (horizons, steps, points).
    """
    close, move = _kernels(past, curves, points)
    size = points.shape[1]
    at_once = [_passing_at_once(move[:, :, at, at], moves) for at in range(size if past.batch else 1)]
    ahead = np.zeros(close.shape[:-1])
    for here in range(size - 1, -1, -1):
        later = (moves @ ahead[:, :, here + 1 :]) * move[:, :, here, here + 1 :]
        fixed = close[:, :, here, here:].sum(axis=2) + later.sum(axis=2)
        value = at_once[here if past.batch else 0] @ fixed[:, :, None]
        ahead[:, :, here] = np.minimum(value[:, :, 0], 1)
    return ahead


def _passing_at_once(share: Floats, moves: Floats) -> Floats:
    """How often a case in one step (row) is in another within one point, where `share` of a step leave it at once."""
    onward = share[:, :, None] * moves
    found = none = np.eye(len(moves))
    for _ in range(AT_ONCE):
        more = none + onward @ found
        if np.array_equal(more, found):
            break
        found = more
    return np.broadcast_to(found, onward.shape)


def _kernels(past: Past, curves: Curves, points: Floats) -> tuple[Floats, Floats]:
    """Chance to close and to move on at each point for an entry at each point; shape (horizons, steps, points,
    points)."""
    rows, size = points.shape
    passed = past.clock(points.ravel()).reshape(points.shape)
    even = _middles(np.linspace(0, passed[:, -1] - passed[:, 0], size, axis=-1))
    numbers = np.tile(np.arange(past.steps), rows)
    ends = _left(curves, numbers, np.repeat(even, past.steps, axis=0), None)
    both = [_by_entry(kind.reshape(rows, past.steps, size), copied=bool(past.batch)) for kind in ends]
    for number, dates in past.batch.items():
        for row, own in enumerate(points):
            for here in range(size):
                durations = dates(own[here:]) - dates(own[here])
                found = _left(curves, np.array([number]), durations, None)
                both[0][row, number, here, here:], both[1][row, number, here, here:] = found[0][0], found[1][0]
    return both[0], both[1]


def _by_entry(kind: Floats, *, copied: bool) -> Floats:
    """The same chances moved to each point of entry, none before it; a view of one array unless `copied`."""
    size = kind.shape[-1]
    padded = np.concatenate([np.zeros((*kind.shape[:-1], size - 1)), kind], axis=-1)
    found = np.lib.stride_tricks.sliding_window_view(padded, size, axis=-1)[:, :, ::-1]
    return found.copy() if copied else found


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
    return np.concatenate([(passed[..., 1:] + passed[..., :-1]) / 2, passed[..., -1:]], axis=-1)


def _cells(grid: Grid, step: Ints, stayed: Floats, counts: Ints) -> tuple[tuple[Ints, Floats], Ints]:
    """Visits of a step and a bin of time are counted together, at the mean of their times."""
    width = grid.edges.shape[1]
    found, cell = np.unique(step * width + grid.bin(step, stayed), return_inverse=True)
    total = np.bincount(cell, weights=counts, minlength=len(found))
    return (found // width, np.bincount(cell, weights=counts * stayed, minlength=len(found)) / total), cell


def _passing(past: Past, step: Ints, start: float, end: float) -> Floats:
    span = np.array([start, end])
    passed = np.full(len(step), np.diff(past.clock(span))[0])
    for number, dates in past.batch.items():
        passed[step == number] = np.diff(dates(span))[0]
    return passed
