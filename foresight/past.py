"""The log prepared for forecasts at many past days: durations on the office's clock, their bins, rare steps merged."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from foresight.lifetable import Grid
from foresight.log import EventLog, Floats, Ints
from foresight.tallies import Binned, Tallies, Tally
from foresight.worktime import BatchTime, Clock, every_day

AGE_BINS, STEP_BINS = 256, 96
HALF_DATED = 0.5  # share of cases that must have a due date for it to be an axis of its own
MOST_STEPS = 40  # rarer steps are one step together


@dataclass(frozen=True, eq=False)
class Alike:
    """What a forecast cannot tell apart: `kind` of each member, and a member of each kind.

    Days are whole in an office, so that most of its cases share their age with others: what is counted once for a
    kind costs a city of 50,000 cases no more than a district.
    """

    kind: Ints
    member: Ints

    @classmethod
    def of(cls, times: Floats, stratum: Ints | None = None) -> "Alike":
        """By the same time, and the same stratum where there are any."""
        first = float(np.floor(times.min(initial=0)))
        days = (times - first).astype(np.int64)
        if not np.array_equal(days + first, times):
            days = np.unique(times, return_inverse=True)[1].astype(np.int64)
        if stratum is not None:
            days = stratum * (int(days.max(initial=0)) + 1) + days
        kind, member = numbered(days)
        return cls(kind, member)

    def among(self, some: Ints) -> tuple[Ints, Ints, Ints]:
        """A member of each kind that is there, how many are of each, and for each of `some` the place of its kind."""
        counts = np.bincount(self.kind[some], minlength=len(self.member))
        there = np.flatnonzero(counts)
        place = np.cumsum(counts > 0) - 1
        return self.member[there], counts[there], place[self.kind[some]]


def numbered(keys: Ints) -> tuple[Ints, Ints]:
    """The place of each key among those that there are, in ascending order, and the first that has each.

    As `np.unique` says it, but counted: keys are small here, and sorting them takes longer.
    """
    there = np.bincount(keys) > 0
    first = np.zeros(len(there), dtype=np.int64)
    first[keys[::-1]] = np.arange(len(keys) - 1, -1, -1)
    place = np.cumsum(there) - 1
    return place[keys], first[there]


@dataclass(frozen=True, eq=False)
class Past:
    """The log prepared for many cuts.

    `opened`, `entered`: when each case and each visit began, on the office's clock. `binned`: its bins. `alike`: cases
    of the same day and visits to the same step of the same day.
    """

    log: EventLog
    clock: Clock
    opened: Floats
    entered: Floats
    batch: Mapping[int, BatchTime]
    step: Ints
    steps: int
    ages: Grid
    stays: Grid
    dues: Grid | None
    binned: Binned
    alike: tuple[Alike, Alike]
    tallies: Tallies

    @classmethod
    def of(
        cls, log: EventLog, clock: Clock = every_day, batch: Mapping[str, BatchTime] | None = None,
        cuts: Floats | None = None,
    ) -> "Past":  # fmt: skip
        """`clock`: working time of the office. `batch`: by the name of a step, its dates. `cuts`: the days, ascending,
        for which it is prepared; it can be asked for others."""
        step, steps, kept = _merged(log, tuple(batch or {}))
        dates = {kept[name]: found for name, found in (batch or {}).items() if name in kept}
        opened, entered = clock(log.opened), clock(log.entered)
        age = clock(log.closed) - opened
        every = np.arange(len(step))
        stay = _since(log, clock, entered, dates, step, every, log.left)
        stays = Grid.of(step, stay, steps, STEP_BINS)
        for number in dates:
            stays = stays.with_units(number)
        ages = Grid.of(np.zeros(len(age), dtype=np.int64), age, 1, AGE_BINS)
        size = (steps, ages.edges.shape[1], stays.edges.shape[1])
        binned = Binned(log, ages.bin(0, age), step, stays.bin(step, stay), size)
        alike = Alike.of(log.opened), Alike.of(log.entered, step)
        tallies = Tallies(binned, np.zeros(0) if cuts is None else cuts)
        return cls(log, clock, opened, entered, dates, step, steps, ages, stays, _due_grid(log), binned, alike, tallies)

    def tally(self, cut: float) -> Tally:
        """What had ended by a cut."""
        found = self.tallies.at(cut) or Tallies(self.binned, np.array([cut])).at(cut)
        assert found is not None
        return found

    def stay(self, visits: Ints, cut: float) -> Floats:
        """How long these visits had lasted at a cut, on the clock of their step."""
        return _since(self.log, self.clock, self.entered, self.batch, self.step, visits, cut)

    def entries(self, cut: float) -> Floats:
        """Cases opened by a cut by the bin of the age at which they came under observation."""
        log, width = self.log, self.ages.edges.shape[1]
        known = np.flatnonzero(log.opened <= cut)
        if not (log.opened < log.observed_from).any():
            return np.append(float(len(known)), np.zeros(width - 1))
        late = np.maximum(self.clock(np.array([log.observed_from])) - self.opened[known], 0)
        return np.bincount(self.ages.bin(0, late), minlength=width).astype(np.float64)


def running(log: EventLog, cut: float) -> Ints:
    """The visits that had begun and not ended at a cut."""
    return np.flatnonzero((log.entered <= cut) & ~(log.left <= cut))


def visits_of(log: EventLog, begun: Ints, cases: Ints) -> Ints:
    """The visit in which each open case was at a cut; `begun`: those that ran at it."""
    last = np.full(len(log.ids), -1, dtype=np.int64)
    last[log.case[begun]] = begun
    return last[cases]


def _since(
    log: EventLog, clock: Clock, entered: Floats, batch: Mapping[int, BatchTime], step: Ints, visits: Ints,
    until: Floats | float,
) -> Floats:  # fmt: skip
    """Durations of visits until a day, one for all or one for each, on the clock or in dates of a batch step."""
    end = np.atleast_1d(np.asarray(until, dtype=np.float64))
    found: Floats = clock(end) - entered[visits]
    for number, dates in batch.items():
        own = step[visits] == number
        last = np.broadcast_to(end, visits.shape)[own]
        found[own] = np.where(np.isnan(last), np.nan, dates(last) - dates(log.entered[visits[own]]))
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
