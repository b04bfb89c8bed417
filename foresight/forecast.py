"""How many of the open cases close by a day: samples, whether to believe them, and what past forecasts were worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foresight.chances import Past, by_age, by_due, by_step, leaving, running
from foresight.log import Bools, EventLog, Floats, Ints
from foresight.recalibration import COLD_START, Errors, Outlook, Record, clipped, expit, logit, recency
from foresight.worktime import BatchTime, Worked, WorkTime, every_day

Verdict = Literal["enough", "too_few_windows", "errors_change_sign", "trials_failed"]
LEVEL = 0.8
MOST_CUTS = 72
CUTS_A_WINDOW = 4
LEAST_WINDOWS = 3
TRIALS = 8
PACE_SAY = 0.05  # prior weight of "as many as before, however many are open": right only where capacity binds
PACE_HALF_LIFE = 4.0  # windows
ALIKE = 0.1  # most by which today's expected share may differ from that of those windows
AT_EDGE = 0.5  # share of past windows with none or all closed from which the count is beta-binomial


@dataclass(frozen=True, slots=True)
class Trial:
    """What would have been said at `at` from what was known then, and what came: counts of the `open` cases."""

    at: float
    horizon: float
    open: int
    low: int
    median: int
    high: int
    came: int

    @property
    def hit(self) -> bool:
        return self.low <= self.came <= self.high


@dataclass(frozen=True, eq=False)
class Forecast:
    """Samples of how many of the cases open at `at` close within each horizon (days).

    `cases`: their indices in the log. `samples`: shape (horizons, runs), each row ascending, so that column r is one
    run in which more close at every horizon than in column r - 1; never fewer at a longer horizon. `chances`: shape
    (horizons, cases). `verdicts`: one for each horizon; where it is not "enough" the figures must not be shown as a
    forecast. `trials`: by horizon, the newest first, of windows that do not overlap.
    """

    at: float
    horizons: tuple[float, ...]
    cases: Ints
    samples: Ints
    chances: Floats
    verdicts: tuple[Verdict, ...]
    trials: tuple[tuple[Trial, ...], ...]
    outlooks: tuple[Outlook, ...]

    @property
    def open(self) -> int:
        return len(self.cases)

    def interval(self, row: int, level: float = LEVEL) -> tuple[int, int]:
        """The middle `level` of the samples of a horizon (by its place in `horizons`)."""
        return interval(self.samples[row], level)

    def median(self, row: int) -> int:
        return int(np.median(self.samples[row]))

    def at_least(self, row: int, count: int) -> float:
        """The share of runs in which at least `count` cases close within the horizon."""
        return float((self.samples[row] >= count).mean())

    def part(self, mask: Bools, seed: int = 0) -> Ints:
        """Samples for a part of the open cases (an office): `mask` over `cases`. Shape as `samples`."""
        rng, runs = np.random.default_rng(seed), self.samples.shape[1]
        drawn = np.sort(rng.standard_normal(runs))
        rows = [
            np.sort(rng.binomial(int(mask.sum()), _shares(_share_of(chance[mask]), outlook, drawn, rng)))
            for chance, outlook in zip(self.chances, self.outlooks, strict=True)
        ]
        return _rising(np.array(rows))


def forecast(
    log: EventLog, at: float, horizons: Sequence[float], *, bound: str | None = None, step: str | None = None,
    worked: Worked | None = None, batches: Mapping[str, Sequence[float]] | None = None, runs: int = 1000, seed: int = 0,
) -> Forecast:  # fmt: skip
    """Forecast from what was known at `at` (a day of the log, fractions allowed); what came later is not looked at.

    `horizons`: days from `at`; the result has them in ascending order. `bound`: only the cases bound to that date, now
    and in the trials; those who give up are among them until they close. `step`: of the cases in that step, how many
    leave it, whatever comes next, instead of how many close. `worked`: the office's calendar, which must know the days
    of the whole log and of the longest horizon. `batches`: by step, the dates past and planned at which cases leave
    it. `seed`: the same call gives the same samples.
    Raises KeyError for a `bound` or `step` that the log does not know, ValueError for a horizon that is not above 0.

    >>> from datetime import date
    >>> from foresight.log import Case, Visit
    >>> cases = [Case(str(n), float(n), closed=n + 20.0 + n % 7) for n in range(300)]
    >>> log = EventLog.of(date(2016, 1, 4), cases, [Visit(one.id, "work", one.opened) for one in cases])
    >>> found = forecast(log, 250, [10, 30])
    >>> found.open, found.verdicts, found.interval(1)
    (23, ('enough', 'enough'), (23, 23))
    """
    if not horizons or min(horizons) <= 0:
        raise ValueError("horizons")
    ahead = np.sort(np.array(horizons, dtype=np.float64))
    if step is not None and step not in log.steps:
        raise KeyError(step)
    known = log.until(at)
    past = _past(known, at + float(ahead[-1]), worked, batches)
    cuts = _cuts(known, at, ahead)
    rows = [_look(past, cut, ahead, bound) if step is None else _look_at(past, cut, ahead, bound, step) for cut in cuts]
    kept = [row for row in rows[:-1] if len(row.cases)] + rows[-1:]
    start = _began(known)
    results = [_one(kept, float(h), place, start, np.random.default_rng(seed), runs) for place, h in enumerate(ahead)]
    return Forecast(
        at, tuple(float(h) for h in ahead), rows[-1].cases, _rising(np.array([one.samples for one in results])),
        np.array([one.chances for one in results]).reshape(len(ahead), len(rows[-1].cases)),
        tuple(one.verdict for one in results), tuple(one.trials for one in results),
        tuple(one.outlook for one in results),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Look:
    """What was expected at a cut: `members` by model, the chance of every open case, shape (horizons, cases)."""

    at: float
    cases: Ints
    members: tuple[Floats, ...]
    later: Floats  # when each of the cases closed, as known today


@dataclass(frozen=True, eq=False)
class _Result:
    samples: Ints
    chances: Floats
    verdict: Verdict
    trials: tuple[Trial, ...]
    outlook: Outlook


def _past(log: EventLog, end: float, worked: Worked | None, batches: Mapping[str, Sequence[float]] | None) -> Past:
    first = float(np.floor(min(log.opened.min(initial=0), 0)))
    clock = WorkTime.of(log.origin, int(first), int(np.ceil(end)) + 1, worked) if worked else every_day
    return Past.of(log, clock, {name: BatchTime.of(dates) for name, dates in (batches or {}).items()})


def _cuts(log: EventLog, at: float, horizons: Floats) -> Floats:
    """Past days at which the method is tried, evenly back from the last that can have matured, and `at` itself."""
    start = min(_began(log), at)
    first = start + (at - start) * COLD_START**2
    last = at - float(horizons[0])
    step = max(float(horizons[0]) / CUTS_A_WINDOW, (last - first) / MOST_CUTS)
    count = int((last - first) / step + 1e-9) + 1 if last > first else 0
    return np.append(last - step * np.arange(count)[::-1], at)


def _look(past: Past, cut: float, horizons: Floats, bound: str | None) -> _Look:
    log = past.log
    cases = np.flatnonzero(log.open_at(cut) & log.bound_at(bound, cut))
    if not len(cases):
        none = np.zeros((len(horizons), 0))
        return _Look(cut, cases, (none, none), np.zeros(0))
    found = [by_age(past, cut, horizons, cases), by_step(past, cut, horizons, cases)]
    due = by_due(past, cut, horizons, cases)
    return _Look(cut, cases, (*found, due) if due is not None else tuple(found), log.closed[cases])


def _look_at(past: Past, cut: float, horizons: Floats, bound: str | None, step: str) -> _Look:
    """The same of the cases in a step; `later` is when they left it."""
    log = past.log
    cases = np.flatnonzero(log.open_at(cut) & log.bound_at(bound, cut))
    visits = running(log, cut, cases)
    here = log.step[visits] == log.steps.index(step)
    return _Look(cut, cases[here], (leaving(past, cut, horizons, cases[here]),), log.left[visits[here]])


def _began(log: EventLog) -> float:
    """The first day on which the log could show anything."""
    return max(float(log.opened.min(initial=np.inf)), log.observed_from)


def _one(looks: list[_Look], horizon: float, place: int, start: float, rng: np.random.Generator, runs: int) -> _Result:
    now = looks[-1]
    if not len(now.cases):
        empty = Outlook(0.0, 0.0, 3.0, 0.0)
        return _Result(np.zeros(runs, dtype=np.int64), np.zeros(0), "too_few_windows", (), empty)
    record = _record(looks, horizon, place, start)
    errors = Errors(record)
    outlook = errors.outlook(len(looks) - 1)
    samples = _draw(record, errors, outlook, rng, runs)
    trials = _trials(record, errors, runs)
    mixed = np.mean([member[place] for member in now.members], axis=0)
    chances = expit(logit(np.clip(mixed, 1e-6, 1 - 1e-6)) + _shift(mixed, float(expit(np.array(outlook.centre)))))
    return _Result(np.sort(samples), chances, verdict(trials), trials, outlook)


def _record(looks: list[_Look], horizon: float, place: int, start: float) -> Record:
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


def _draw(record: Record, errors: Errors, outlook: Outlook, rng: np.random.Generator, runs: int, row: int = -1) -> Ints:
    """Counts of closing cases at a cut: a common effect on the logit scale, then a binomial around it."""
    count = int(record.open[row])
    edge = _edge(record, errors, row, float(expit(np.array(outlook.centre))))
    if edge is not None:
        return rng.binomial(count, rng.beta(*edge, runs))
    return rng.binomial(count, expit(outlook.centre + outlook.spread * rng.standard_t(outlook.freedom, runs)))


def _edge(record: Record, errors: Errors, row: int, expected: float) -> tuple[float, float] | None:
    """Beta parameters where most past windows closed none or all (no logit there); None elsewhere.

    None too where `expected`, the share forecast today, is not theirs: a window full of holidays is not like the past.
    Jeffreys' prior and the cases of the windows, divided by their overdispersion, so that one window's common fate
    is not taken for that many independent cases.
    """
    past = np.flatnonzero(errors.known[row])
    if not len(past):
        return None
    closed, count = record.closed[past], record.open[past]
    weight = recency(record.at[row] - record.horizon - record.at[past], PACE_HALF_LIFE * record.horizon)
    weight = weight / weight.sum()
    if weight @ ((closed == 0) | (closed == count)) < AT_EDGE:
        return None
    share = float(weight @ closed / (weight @ count))
    if abs(share - expected) > ALIKE:
        return None
    windows = min(1 + (record.at[past[-1]] - record.at[past[0]]) / record.horizon, len(past))
    scatter = float(weight @ (closed - share * count) ** 2 / max(weight @ count * share * (1 - share), 1e-9))
    cases = windows * float(weight @ count) / max(scatter, 1.0)
    return 0.5 + cases * share, 0.5 + cases * (1 - share)


def _trials(record: Record, errors: Errors, runs: int) -> tuple[Trial, ...]:
    """Forecasts of past cuts that do not overlap, each from what was known then; the newest first."""
    found: list[Trial] = []
    end = record.at[-1] + 1e-9
    for row in range(len(record.at) - 2, -1, -1):
        if record.at[row] + record.horizon <= end and len(found) < TRIALS and errors.known[-1, row]:
            end = record.at[row] + 1e-9
            samples = _draw(record, errors, errors.outlook(row), np.random.default_rng(row), runs, row)
            low, high = interval(samples)
            came, count = int(record.closed[row]), int(record.open[row])
            found.append(Trial(float(record.at[row]), record.horizon, count, low, int(np.median(samples)), high, came))
    return tuple(found)


def verdict(trials: Sequence[Trial]) -> Verdict:
    """Whether a forecast may be shown. `trials`: the newest first, of windows that do not overlap.

    Withheld with fewer than three windows; when the newest two missed their intervals on opposite sides (the office
    is changing faster than its errors can be learned); when more than half of the trials missed, or the newest two.
    """
    if len(trials) < LEAST_WINDOWS:
        return "too_few_windows"
    sides = [int(one.came > one.high) - int(one.came < one.low) for one in trials]
    if sides[0] * sides[1] < 0:
        return "errors_change_sign"
    if all(sides[:2]) or 2 * sum(map(abs, sides)) > len(sides):
        return "trials_failed"
    return "enough"


def interval(samples: Ints, level: float = LEVEL) -> tuple[int, int]:
    """The middle `level` of the samples, both ends included."""
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    return int(low), int(high)


def _shares(share: float, outlook: Outlook, drawn: Floats, rng: np.random.Generator) -> Floats:
    heavy = drawn / np.sqrt(rng.chisquare(outlook.freedom, len(drawn)) / outlook.freedom)
    return expit(logit(np.array(share)) + outlook.spread * heavy)


def _share_of(chance: Floats) -> float:
    count = np.array(float(len(chance)))
    return float(clipped(np.array(chance.mean() if len(chance) else 0.5), count))


def _shift(chance: Floats, share: float) -> float:
    """What to add to the logit of every case's chance so that their mean is `share`; found by halving."""
    base, low, high = logit(np.clip(chance, 1e-6, 1 - 1e-6)), -30.0, 30.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if expit(base + middle).mean() < share else (low, middle)
    return low


def _rising(samples: Ints) -> Ints:
    """Never fewer at a longer horizon: rows ascending, so that a column is one run."""
    return np.maximum.accumulate(samples, axis=0)
