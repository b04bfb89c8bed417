"""How many of what is left get done by a day, at the pace of the last weeks. No database.

What got done in the window is taken as a Poisson count whose rate nobody knows (Jeffreys' prior): what gets done until
the day is then negative binomial. Plans are not known here: more people, holidays, an obstacle lifted change the pace.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import exp, lgamma, log

WINDOW_DAYS = 91  # thirteen weeks
LEAST_DAYS = 28  # a younger record says nothing
LOW, HIGH = 0.1, 0.9  # eight times in ten what comes lies between the two
SURE = 0.8


@dataclass(frozen=True)
class Pace:
    """`done` within `window_days`, `waiting` for the day that is `left_days` ahead."""

    waiting: int
    done: int
    window_days: int
    left_days: int

    @property
    def verdict(self) -> str:
        """done, unknown, on_course, uncertain or short."""
        if not self.waiting:
            return "done"
        if self.window_days < LEAST_DAYS:
            return "unknown"
        return "on_course" if self.chance >= SURE else "short" if self.chance <= 1 - SURE else "uncertain"

    @property
    def needed(self) -> float:
        """What would have to get done within as many days as the window has."""
        return self.window_days * self.waiting / max(self.left_days, 1)

    @cached_property
    def _below(self) -> tuple[float, ...]:
        """The chance that fewer than 1, 2 … `waiting` get done."""
        total, found = 0.0, []
        for chance in _chances(self.done + 0.5, max(self.window_days, 1), self.left_days, self.waiting):
            total += chance
            found.append(min(total, 1.0))
        return tuple(found)

    @property
    def chance(self) -> float:
        """That all that wait get done by the day."""
        return 1 - self._below[-1] if self.waiting else 1.0

    @property
    def low(self) -> int:
        return self._reached(LOW)

    @property
    def high(self) -> int:
        return self._reached(HIGH)

    def _reached(self, share: float) -> int:
        return next((count for count, below in enumerate(self._below) if below >= share), self.waiting)


def _chances(shape: float, window: int, ahead: int, most: int) -> Iterator[float]:
    """That exactly 0, 1 … `most` - 1 get done ahead, given what got done in the window."""
    if ahead <= 0:
        yield from (float(count == 0) for count in range(most))
        return
    base, step = shape * log(window / (window + ahead)), log(ahead / (window + ahead))
    for count in range(most):
        yield exp(lgamma(count + shape) - lgamma(shape) - lgamma(count + 1) + base + count * step)
