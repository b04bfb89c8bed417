"""What had ended by each of many days, counted in one pass over the log instead of one for each day."""

from dataclasses import dataclass

import numpy as np

from foresight.log import CLOSED, EventLog, Floats, Ints


@dataclass(frozen=True, eq=False)
class Tally:
    """What had ended by a day.

    `closed`: cases by bin of their age, shape (1, 1, bins + 1). `left`: visits that ended by closing and by moving on,
    by step and bin of their stay, shape (2, steps, bins + 1). `moves`: from step to step.
    """

    closed: Floats
    left: Floats
    moves: Floats


@dataclass(frozen=True, eq=False)
class Binned:
    """The log as it is counted: by case the bin of its age at closing; by visit its step and the bin of its stay.

    `size`: how many steps, bins of age and bins of stay there are.
    """

    log: EventLog
    ages: Ints
    step: Ints
    stays: Ints
    size: tuple[int, int, int]


class Tallies:
    """The tallies of some days, in ascending order."""

    def __init__(self, binned: Binned, days: Floats) -> None:
        self._days = days
        log, (steps, ages, stays) = binned.log, binned.size
        closed, left = (np.searchsorted(days, times, side="left") for times in (log.closed, log.left))
        closing = log.next == CLOSED
        moved = ~closing & (left < len(days))
        self._closed = _by_day(closed, binned.ages, len(days), ages)
        cell = binned.step * stays + binned.stays
        both = [_by_day(left[kind], cell[kind], len(days), steps * stays) for kind in (closing, moved)]
        self._left = np.stack(both, axis=1).reshape(len(days), 2, steps, stays)
        target = np.append(binned.step[1:], 0)[moved]
        self._moves = _by_day(left[moved], binned.step[moved] * steps + target, len(days), steps * steps)
        self._steps = steps

    def at(self, day: float) -> Tally | None:
        """The tally of a day; None where it is not one of them."""
        place = int(np.searchsorted(self._days, day))
        if place == len(self._days) or self._days[place] != day:
            return None
        moves = self._moves[place].reshape(self._steps, self._steps)
        return Tally(self._closed[place][None, None], self._left[place], moves)


def _by_day(first: Ints, cell: Ints, days: int, cells: int) -> Floats:
    """How many of each cell had come by each day; `first` is the place of the first day by which one had."""
    known = first < days
    counts = np.bincount(first[known] * cells + cell[known], minlength=days * cells).reshape(days, cells)
    return np.cumsum(counts, axis=0, dtype=np.float64)
