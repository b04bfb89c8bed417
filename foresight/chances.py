"""The chance of each open case to close (or leave its step) by a day, by the age of the case and by its step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foresight.lifetable import Curves, fit
from foresight.log import Floats, Ints
from foresight.past import Past, numbered, running, visits_of

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


def by_step(past: Past, cuts: Floats, horizons: Floats, cases: Sequence[Ints]) -> list[Floats]:
    """The same from the step of each case and its time in it, as a semi-Markov walk.

    Of all cuts together: their arrays are small, and the time goes to single operations, not to what these count.
    `cases`: the open cases of each cut; the result has the shape (horizons, cases) for each.
    """
    points = cuts[:, None, None] + np.linspace(0, horizons, POINTS + 1, axis=-1)
    begun = [running(past.log, cut) for cut in cuts]
    here = [_Here.of(past, *one) for one in zip(cuts, begun, cases, strict=True)]
    walk = _Walk.of(past, cuts, begun)
    ends = np.cumsum([len(one.step) for one in here])
    cut = np.repeat(np.arange(len(cuts)), [len(one.step) for one in here])
    found = np.split(_from_here(past, walk, points, cut, here), ends[:-1], axis=1)
    return [np.take(chances, one.cell, axis=1) for chances, one in zip(found, here, strict=True)]


def leaving(past: Past, cut: float, horizons: Floats, cases: Ints) -> Floats:
    """Chance to leave the present step, whatever comes next; shape (horizons, cases)."""
    begun = running(past.log, cut)
    curves = _Walk.of(past, np.array([cut]), [begun]).curves
    member, _, kind = past.alike[1].among(visits_of(past.log, begun, cases))
    step, stayed = past.step[member], past.stay(member, cut)
    now = curves.upto(step, stayed).sum(axis=0)
    later = [curves.upto(step, stayed + _passing(past, step, cut, cut + horizon)).sum(axis=0) for horizon in horizons]
    return chance(now, np.array(later).reshape(len(horizons), len(member)))[:, kind]


def chance(now: Floats, later: Floats) -> Floats:
    """Of an event between two points of a cumulative hazard, given none until the first."""
    return np.asarray(-np.expm1(now - later), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Walk:
    """What was known at some cuts: hazards of leaving each step, by closing and by moving on, and where the latter led.

    `curves`: its strata are the steps, cut by cut. `moves`: shape (cuts, steps, steps).
    """

    curves: Curves
    moves: Floats

    @classmethod
    def of(cls, past: Past, cuts: Floats, begun: Sequence[Ints]) -> "_Walk":
        """`begun`: the visits that run at each cut."""
        width = past.stays.edges.shape[1]
        tallies = [past.tally(cut) for cut in cuts]
        gone = np.stack([one.left for one in tallies], axis=1).reshape(2, -1, width)
        still = np.concatenate([_still_there(past, *one) for one in zip(cuts, begun, strict=True)])
        leave = gone.sum(axis=0) + still
        enter = np.zeros_like(leave)
        enter[:, 0] = leave.sum(axis=1)
        moves = np.stack([one.moves for one in tallies])
        return cls(Curves.of(past.stays, enter, leave, gone), moves / np.maximum(moves.sum(axis=2, keepdims=True), 1))


def _still_there(past: Past, cut: float, begun: Ints) -> Floats:
    """Visits that run at a cut, by step and bin of their time."""
    member, counts, _ = past.alike[1].among(begun)
    step, width = past.step[member], past.stays.edges.shape[1]
    cell = step * width + past.stays.bin(step, past.stay(member, cut))
    found = np.bincount(cell, weights=counts, minlength=past.steps * width)
    return np.asarray(found.reshape(past.steps, width), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Here:
    """Visits of a step and a bin of time are counted together, at the mean of their times; `cell` is that of a case."""

    step: Ints
    stayed: Floats
    cell: Ints

    @classmethod
    def of(cls, past: Past, cut: float, begun: Ints, cases: Ints) -> "_Here":
        member, counts, kind = past.alike[1].among(visits_of(past.log, begun, cases))
        step, stayed, width = past.step[member], past.stay(member, cut), past.stays.edges.shape[1]
        cell, member = numbered(step * width + past.stays.bin(step, stayed))
        mean = np.bincount(cell, weights=counts * stayed) / np.bincount(cell, weights=counts)
        return cls(step[member], mean, cell[kind])


def _closing(past: Past, walk: _Walk, points: Floats) -> Floats:
    """Chance to close by the last point for a case that enters a step at a point.

    `points`: of each cut and horizon, shape (cuts, horizons, points); the result has the shape
    (cuts, horizons, steps, points).
    """
    close, move = _kernels(past, walk.curves, points)
    moves, size = walk.moves[:, None], points.shape[-1]
    at_once = [_passing_at_once(move[..., at, at], moves) for at in range(size if past.batch else 1)]
    ahead = np.zeros(close.shape[:-1])
    for here in range(size - 1, -1, -1):
        later = (moves @ ahead[..., here + 1 :]) * move[..., here, here + 1 :]
        fixed = close[..., here, here:].sum(axis=-1) + later.sum(axis=-1)
        value = at_once[here if past.batch else 0] @ fixed[..., None]
        ahead[..., here] = np.minimum(value[..., 0], 1)
    return ahead


def _passing_at_once(share: Floats, moves: Floats) -> Floats:
    """How often a case in one step (row) is in another within one point, where `share` of a step leave it at once."""
    onward = share[..., None] * moves
    found = none = np.eye(moves.shape[-1])
    for _ in range(AT_ONCE):
        more = none + onward @ found
        if np.array_equal(more, found):
            break
        found = more
    return np.broadcast_to(found, onward.shape)


def _kernels(past: Past, curves: Curves, points: Floats) -> tuple[Floats, Floats]:
    """Chance to close and to move on at each point for an entry at each point; shape (cuts, horizons, steps, points,
    points)."""
    cuts, rows, size = points.shape
    passed = past.clock(points.ravel()).reshape(points.shape)
    even = _middles(np.linspace(0, passed[..., -1] - passed[..., 0], size, axis=-1))
    shape = (cuts, rows, past.steps, size)
    numbers = np.broadcast_to(np.arange(cuts * past.steps).reshape(cuts, 1, past.steps), shape[:3]).ravel()
    durations = np.broadcast_to(even[:, :, None], shape).reshape(-1, size)
    both = [_by_entry(kind.reshape(shape), copied=bool(past.batch)) for kind in _left(curves, numbers, durations, None)]
    for number, dates in past.batch.items():
        for cut, row in np.ndindex(cuts, rows):
            own, stratum = points[cut, row], np.array([cut * past.steps + number])
            for here in range(size):
                found = _left(curves, stratum, dates(own[here:]) - dates(own[here]), None)
                for kind, gone in zip(both, found, strict=True):
                    kind[cut, row, number, here, here:] = gone[0]
    return both[0], both[1]


def _by_entry(kind: Floats, *, copied: bool) -> Floats:
    """The same chances moved to each point of entry, none before it; a view of one array unless `copied`."""
    size = kind.shape[-1]
    padded = np.concatenate([np.zeros((*kind.shape[:-1], size - 1)), kind], axis=-1)
    found = np.lib.stride_tricks.sliding_window_view(padded, size, axis=-1)[..., ::-1, :]
    return found.copy() if copied else found


def _from_here(past: Past, walk: _Walk, points: Floats, cut: Ints, here: Sequence[_Here]) -> Floats:
    """Chance to close by the last point for cases in a step since a while, one for each cell: shape (horizons, cells).

    `cut`: the place of the cut of each cell.
    """
    step, stayed = (np.concatenate([getattr(one, name) for one in here]) for name in ("step", "stayed"))
    onward = walk.moves[:, None] @ _closing(past, walk, points)
    even = past.clock(points.ravel()).reshape(points.shape)
    passed, found = _middles(even - even[..., :1]), np.zeros((points.shape[1], len(step)))
    for row in range(len(found)):
        durations = passed[cut, row]
        for number, dates in past.batch.items():
            own = step == number
            met = dates(points[:, row].ravel()).reshape(points[:, row].shape)
            durations[own] = (met - met[:, :1])[cut[own]]
        close, move = _left(walk.curves, cut * past.steps + step, durations, stayed)
        found[row] = close.sum(axis=1) + (move * onward[cut, row, step]).sum(axis=1)
    return np.clip(found, 0, 1)


def _left(curves: Curves, stratum: Ints, durations: Floats, stayed: Floats | None) -> tuple[Floats, Floats]:
    """Chance to leave between neighbouring durations, by closing and by moving; the first from entry or `stayed` on."""
    start = np.zeros((2, len(stratum))) if stayed is None else curves.upto(stratum, stayed)
    shift = np.zeros(len(stratum)) if stayed is None else stayed
    upto = curves.upto(
        stratum[:, None], np.broadcast_to(durations, (len(stratum), durations.shape[-1])) + shift[:, None]
    )
    risen = np.diff(upto, axis=2, prepend=start[:, :, None])
    total = risen.sum(axis=0)
    alive = np.exp(-np.cumsum(total, axis=1))
    gone = -np.diff(alive, axis=1, prepend=1.0)
    share = np.divide(risen[0], total, out=np.zeros_like(total), where=total > 0)
    return gone * share, gone * (1 - share)


def _middles(passed: Floats) -> Floats:
    """A stay is rounded to the nearest point: the middles between the points, and the last point itself."""
    return np.concatenate([(passed[..., 1:] + passed[..., :-1]) / 2, passed[..., -1:]], axis=-1)


def _passing(past: Past, step: Ints, start: float, end: float) -> Floats:
    span = np.array([start, end])
    passed = np.full(len(step), np.diff(past.clock(span))[0])
    for number, dates in past.batch.items():
        passed[step == number] = np.diff(dates(span))[0]
    return passed
