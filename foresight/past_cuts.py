"""What was expected at past days, and what came: the record from which a forecast learns its own errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foresight.chances import by_age, by_due, by_step, leaving
from foresight.log import EventLog, Floats, Ints
from foresight.past import Past, running, visits_of
from foresight.recalibration import COLD_START, Record, recency
from foresight.worktime import BatchTime, Worked, WorkTime, every_day

MOST_CUTS = 72
CUTS_A_WINDOW = 4
PACE_SAY = 0.05  # prior weight of "as many as before, however many are open": right only where capacity binds
PACE_HALF_LIFE = 4.0  # windows


@dataclass(frozen=True, eq=False)
class Look:
    """What was expected at a cut: `members` by model, the chance of every open case, shape (horizons, cases)."""

    at: float
    cases: Ints
    members: tuple[Floats, ...]
    later: Floats  # when each of the cases closed, as known today


def prepared(
    log: EventLog, cuts: Floats, end: float, worked: Worked | None, batches: Mapping[str, Sequence[float]] | None
) -> Past:
    first = float(np.floor(min(log.opened.min(initial=0), 0)))
    clock = WorkTime.of(log.origin, int(first), int(np.ceil(end)) + 1, worked) if worked else every_day
    return Past.of(log, clock, {name: BatchTime.of(dates) for name, dates in (batches or {}).items()}, cuts)


def cuts_of(log: EventLog, at: float, horizons: Floats) -> Floats:
    """Past days at which the method is tried, evenly back from the last that can have matured, and `at` itself."""
    start = min(began(log), at)
    first = start + (at - start) * COLD_START**2
    last = at - float(horizons[0])
    step = max(float(horizons[0]) / CUTS_A_WINDOW, (last - first) / MOST_CUTS)
    count = int((last - first) / step + 1e-9) + 1 if last > first else 0
    return np.append(last - step * np.arange(count)[::-1], at)


def looks(past: Past, cuts: Floats, horizons: Floats, bound: str | None) -> list[Look]:
    """What was expected at each cut from what was known there."""
    log = past.log
    cases = [np.flatnonzero(log.open_at(cut) & log.bound_at(bound, cut)) for cut in cuts]
    some = [place for place, own in enumerate(cases) if len(own)]
    steps = by_step(past, cuts[some], horizons, [cases[place] for place in some]) if some else []
    stepped, none = dict(zip(some, steps, strict=True)), np.zeros((len(horizons), 0))
    found = []
    for place, (cut, own) in enumerate(zip(cuts.tolist(), cases, strict=True)):
        due = by_due(past, cut, horizons, own) if len(own) else None
        aged = by_age(past, cut, horizons, own) if len(own) else none
        members = (aged, stepped.get(place, none), *(() if due is None else (due,)))
        found.append(Look(cut, own, members, log.closed[own]))
    return found


def look_at(past: Past, cut: float, horizons: Floats, bound: str | None, step: str) -> Look:
    """The same of the cases in a step; `later` is when they left it."""
    log = past.log
    cases = np.flatnonzero(log.open_at(cut) & log.bound_at(bound, cut))
    visits = visits_of(log, running(log, cut), cases)
    here = log.step[visits] == log.steps.index(step)
    return Look(cut, cases[here], (leaving(past, cut, horizons, cases[here]),), log.left[visits[here]])


def began(log: EventLog) -> float:
    """The first day on which the log could show anything."""
    return max(float(log.opened.min(initial=np.inf)), log.observed_from)


def record_of(looks: list[Look], horizon: float, place: int, start: float) -> Record:
    models = min(len(look.members) for look in looks)
    at = np.array([look.at for look in looks])
    count = np.array([float(len(look.cases)) for look in looks])
    closed = np.array([float((look.later <= look.at + horizon).sum()) for look in looks])
    shares = np.array([[look.members[model][place].mean() for look in looks] for model in range(models)])
    mixed = [np.mean([member[place] for member in look.members[:models]], axis=0) for look in looks]
    variance = np.array([float((chance * (1 - chance)).sum()) for chance in mixed])
    pace = _pace(at, horizon, start, count, closed, shares.mean(axis=0))
    say = np.append(np.full(models, (1 - PACE_SAY) / models), PACE_SAY)
    return Record(at, horizon, count, closed, np.vstack([shares, pace]), variance, say, start)


def _pace(at: Floats, horizon: float, start: float, count: Floats, closed: Floats, otherwise: Floats) -> Floats:
    """The share that closes if as many close as in the windows that had matured, whatever the stock."""
    age = at[:, None] - horizon - at[None, :]
    fresh = at[None, :] >= start + (at[:, None] - start) * COLD_START
    weight = np.where((age >= -1e-9) & fresh, recency(age, PACE_HALF_LIFE * horizon), 0)
    total = weight.sum(axis=1)
    return np.where(total > 0, weight @ closed / np.maximum(total, 1e-12) / count, otherwise)
