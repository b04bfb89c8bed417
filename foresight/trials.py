"""Samples of a count, the same for past days beside what came, and the verdict on whether to believe them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foresight.log import Ints
from foresight.recalibration import Errors, Outlook, Record, clipped, expit, recency

Verdict = Literal["enough", "too_few_windows", "errors_change_sign", "trials_failed"]
LEVEL = 0.8
LEAST_WINDOWS = 3
TRIALS = 8
EDGE_HALF_LIFE = 4.0  # windows
AT_EDGE = 0.5  # share of past windows with none or all closed from which the count is beta-binomial
ALIKE = 0.1  # most by which today's expected share may differ from that of those windows


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


def draw(record: Record, errors: Errors, outlook: Outlook, rng: np.random.Generator, runs: int, row: int = -1) -> Ints:
    """Counts of closing cases at a cut: a common effect on the logit scale, then a binomial around it."""
    count = int(record.open[row])
    edge = _edge(record, errors, row, float(expit(np.array(outlook.centre))))
    if edge is not None:
        return rng.binomial(count, rng.beta(*edge, runs))
    return rng.binomial(count, expit(outlook.centre + outlook.spread * rng.standard_t(outlook.freedom, runs)))


def _edge(record: Record, errors: Errors, row: int, expected: float) -> tuple[float, float] | None:
    """Beta parameters where most past windows closed none or all (no logit there); None elsewhere.

    None too where `expected`, the share forecast today, is not theirs: a window full of holidays is not like the past.
    Their share is clipped as the expected one is: that all of two cases close is expected as 0.83 at the most.
    Jeffreys' prior and the cases of the windows, divided by their overdispersion, so that one window's common fate
    is not taken for that many independent cases.
    """
    past = np.flatnonzero(errors.known[row])
    if not len(past):
        return None
    closed, count = record.closed[past], record.open[past]
    weight = recency(record.at[row] - record.horizon - record.at[past], EDGE_HALF_LIFE * record.horizon)
    weight = weight / weight.sum()
    if weight @ ((closed == 0) | (closed == count)) < AT_EDGE:
        return None
    share = float(weight @ closed / (weight @ count))
    if abs(float(clipped(np.array(share), np.array(record.open[row]))) - expected) > ALIKE:
        return None
    windows = min(1 + (record.at[past[-1]] - record.at[past[0]]) / record.horizon, len(past))
    scatter = float(weight @ (closed - share * count) ** 2 / max(weight @ count * share * (1 - share), 1e-9))
    cases = windows * float(weight @ count) / max(scatter, 1.0)
    return 0.5 + cases * share, 0.5 + cases * (1 - share)


def tried(record: Record, errors: Errors, runs: int) -> tuple[Trial, ...]:
    """Forecasts of past cuts that do not overlap, each from what was known then; the newest first."""
    found: list[Trial] = []
    end = record.at[-1] + 1e-9
    for row in range(len(record.at) - 2, -1, -1):
        if record.at[row] + record.horizon <= end and len(found) < TRIALS and errors.known[-1, row]:
            end = record.at[row] + 1e-9
            samples = draw(record, errors, errors.outlook(row), np.random.default_rng(row), runs, row)
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
