"""How many of the open cases close by a day: samples, whether to believe them, and what past forecasts were worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foresight.log import Bools, EventLog, Floats, Ints
from foresight.past_cuts import Look, began, cuts_of, look_at, looks, prepared, record_of
from foresight.recalibration import Errors, Outlook, clipped, expit, logit
from foresight.trials import LEVEL, Trial, Verdict, draw, interval, tried, verdict
from foresight.worktime import Worked


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
    it; a step that the log does not have is passed over. `seed`: the same call gives the same samples.
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
    cuts = cuts_of(known, at, ahead)
    past = prepared(known, cuts, at + float(ahead[-1]), worked, batches)
    rows = looks(past, cuts, ahead, bound) if step is None else [look_at(past, cut, ahead, bound, step) for cut in cuts]
    kept = [row for row in rows[:-1] if len(row.cases)] + rows[-1:]
    start = began(known)
    results = [_one(kept, float(h), place, start, np.random.default_rng(seed), runs) for place, h in enumerate(ahead)]
    return Forecast(
        at, tuple(float(h) for h in ahead), rows[-1].cases, _rising(np.array([one.samples for one in results])),
        np.array([one.chances for one in results]).reshape(len(ahead), len(rows[-1].cases)),
        tuple(one.verdict for one in results), tuple(one.trials for one in results),
        tuple(one.outlook for one in results),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Result:
    samples: Ints
    chances: Floats
    verdict: Verdict
    trials: tuple[Trial, ...]
    outlook: Outlook


def _one(looks: list[Look], horizon: float, place: int, start: float, rng: np.random.Generator, runs: int) -> _Result:
    now = looks[-1]
    if not len(now.cases):
        empty = Outlook(0.0, 0.0, 3.0, 0.0)
        return _Result(np.zeros(runs, dtype=np.int64), np.zeros(0), "too_few_windows", (), empty)
    record = record_of(looks, horizon, place, start)
    errors = Errors(record)
    outlook = errors.outlook(len(looks) - 1)
    samples = draw(record, errors, outlook, rng, runs)
    trials = tried(record, errors, runs)
    mixed = np.mean([member[place] for member in now.members], axis=0)
    chances = expit(logit(np.clip(mixed, 1e-6, 1 - 1e-6)) + _shift(mixed, float(expit(np.array(outlook.centre)))))
    return _Result(np.sort(samples), chances, verdict(trials), trials, outlook)


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
