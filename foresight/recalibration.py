"""What past forecasts were worth: the bias and the spread of their errors, on the logit scale, at one horizon."""

from dataclasses import dataclass

import numpy as np

from foresight.log import Bools, Floats, Ints

# The scale of each figure is given by the horizon, not by a log: an error one window old says more than one ten old.
HALF_LIVES = (1.0, 2.0, 4.0)  # of a past error when the bias is estimated, in windows; the errors choose among them
SPREAD_HALF_LIFE = 6.0  # the spread needs more errors than the bias
COLD_START = 0.4  # of the time so far: its forecasts knew too little to say anything about today's
PRIOR_SPREAD = 0.2  # on the logit scale, worth one window: five points around one half
PRIOR_WINDOWS = 1.0  # no bias, no excess spread, until as many windows have matured
OUTSIDE = 0.8  # the quantile of absolute errors that is taken for the spread: robust to a tenth of outliers each side
NORMAL_QUANTILE = 1.2815515655446004  # of the standard normal distribution at 0.9
FROM_OWN_TRIALS = 4.0  # matured windows from which the errors of the recalibrated forecasts themselves give the spread
FLOOR = 0.01  # added to a mean squared error before members are weighed


@dataclass(frozen=True, eq=False)
class Record:
    """Past cuts at one horizon, oldest first; the last one is today's, whose outcome is not known.

    `members`: the share expected by each survival model, shape (models, cuts). `open`, `closed`: how many cases were
    open at each cut and how many of them closed within the horizon. `variance`: of that count if cases were
    independent. `first`: when the log begins. `prior`: the weight of each member before any error is known.
    """

    at: Floats
    horizon: float
    open: Floats
    closed: Floats
    members: Floats
    variance: Floats
    prior: Floats
    first: float

    @property
    def matured(self) -> Bools:
        """Shape (cuts, cuts): whether a cut's outcome (column) was known at another (row), cold start left out."""
        at, since = self.at, self.first + (self.at - self.first) * COLD_START
        early = self.at[None, :] + self.horizon <= at[:, None] + 1e-9
        found: Bools = early & (at[None, :] >= since[:, None])
        return found


@dataclass(frozen=True, slots=True)
class Outlook:
    """The share that will close as a t distribution on the logit scale; `windows`: how many have matured, weighted."""

    centre: float
    spread: float
    freedom: float
    windows: float


class Errors:
    """The errors of every member at every cut, each corrected by what was known there.

    The corrected members are as many as models times half-lives. They are weighed by the likelihood of their errors
    (Bayesian model averaging), so that a model that does badly on this log loses its say.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.came = logit((record.closed + 0.5) / (record.open + 1))
        self.raw = logit(clipped(record.members, record.open))
        self.known = record.matured
        self.prior = np.tile(np.log(record.prior), len(HALF_LIVES))
        self.corrected = np.concatenate([self._corrected(half_life) for half_life in HALF_LIVES])

    def _corrected(self, half_life: float) -> Floats:
        """Each member plus its mean past error, weighed by recency and shrunk to none: shape (models, cuts)."""
        record = self.record
        age = record.at[:, None] - record.horizon - record.at[None, :]
        weight = np.where(self.known, recency(age, half_life * record.horizon), 0.0)
        total, count = weight.sum(axis=1), self.known.sum(axis=1)
        earliest = np.where(self.known, record.at[None, :], np.inf).min(axis=1)
        span = np.where(count > 0, record.at - record.horizon - earliest, 0)
        windows = np.where(count > 0, 1 + np.maximum(span, 0) / record.horizon * total / np.maximum(count, 1), 0)
        error = np.where(self.known.any(axis=0), self.came - self.raw, 0)
        mean = error @ weight.T / np.maximum(total, 1e-12)
        found: Floats = self.raw + mean * windows / (windows + PRIOR_WINDOWS)
        return found

    def outlook(self, row: int) -> Outlook:
        """What was or would have been forecast at the cut `row`, from the outcomes known there."""
        past = np.flatnonzero(self.known[row])
        if not len(past):
            return Outlook(float(softmax(self.prior) @ self.corrected[:, row]), 2 * PRIOR_SPREAD, 3.0, 0.0)
        record = self.record
        age = record.at[row] - record.horizon - record.at[past]
        weight = recency(age, SPREAD_HALF_LIFE * record.horizon)
        windows = independent(record.at[past], record.horizon, weight)
        say = self._say(past, weight, windows)
        chance = self._binomial(past, weight, say)
        near = recency(age, HALF_LIVES[-1] * record.horizon)
        near_windows = independent(record.at[past], record.horizon, near)
        if windows >= FROM_OWN_TRIALS:
            own = say @ (self.came[past] - self.corrected[:, past])
            excess = max(robust(own, weight) ** 2 - chance, 0.0)
        else:
            excess = self._around_mean(past, near, near_windows, say, chance)
        prior = PRIOR_SPREAD**2 * (1 + 1 / (near_windows + PRIOR_WINDOWS))
        variance = (windows * excess + PRIOR_WINDOWS * prior) / (windows + PRIOR_WINDOWS)
        return Outlook(float(say @ self.corrected[:, row]), float(np.sqrt(variance)), windows + 1, windows)

    def _say(self, past: Ints, weight: Floats, windows: float) -> Floats:
        errors = self.came[past] - self.corrected[:, past]
        square = errors**2 @ weight / weight.sum() + FLOOR
        return softmax(self.prior - windows / 2 * np.log(square))

    def _binomial(self, past: Ints, weight: Floats, say: Floats) -> float:
        """The part of the errors' variance that is the chance of single cases, which the samples add again."""
        record = self.record
        expected = clipped(expit(say @ self.corrected[:, past]), record.open[past])
        spread = expected * (1 - expected)
        share = np.minimum(record.variance[past] / (record.open[past] * spread), 1)
        return quantile(share / ((record.open[past] + 1) * spread), weight, 0.5)

    def _around_mean(self, past: Ints, weight: Floats, windows: float, say: Floats, chance: float) -> float:
        """Few windows: the variance of the uncorrected errors around their mean, and the mean's own uncertainty."""
        models = say.reshape(len(HALF_LIVES), -1).sum(axis=0)
        error = self.came[past] - models @ self.raw[:, past]
        mean = weight @ error / weight.sum() * windows / (windows + PRIOR_WINDOWS)
        excess = max(robust(error - mean, weight) ** 2 - chance, 0.0)
        return float(excess * (1 + 1 / (windows + PRIOR_WINDOWS)))


def logit(share: Floats) -> Floats:
    found: Floats = np.log(share) - np.log1p(-share)
    return found


def expit(value: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(value, -700, 700)))
    return found


def clipped(share: Floats, count: Floats) -> Floats:
    """A share kept half a case away from none and all, so that its logit is finite."""
    edge = 0.5 / (count + 1)
    return np.clip(share, edge, 1 - edge)


def recency(age: Floats, half_life: float) -> Floats:
    found: Floats = 0.5 ** (np.maximum(age, 0) / half_life)
    return found


def independent(at: Floats, horizon: float, weight: Floats) -> float:
    """How many windows that do not overlap the cuts make up, weighted by recency."""
    return float(1 + (at[-1] - at[0]) / horizon * weight.mean())


def robust(errors: Floats, weight: Floats) -> float:
    """The standard deviation of a normal distribution with this weighted quantile of absolute errors."""
    return quantile(np.abs(errors), weight, OUTSIDE) / NORMAL_QUANTILE


def quantile(values: Floats, weight: Floats, share: float) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    return float(values[order][min(int(np.searchsorted(reached, share * reached[-1])), len(values) - 1)])


def softmax(value: Floats) -> Floats:
    found = np.exp(value - value.max())
    return np.asarray(found / found.sum())
