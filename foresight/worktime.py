"""Time as it is worked: days of a calendar, and the dates of a batch step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from foresight.log import Floats

Worked = Callable[[date], bool]
Clock = Callable[[Floats], Floats]  # days since the log's origin -> time that has passed for the case


def every_day(days: Floats) -> Floats:
    """The clock of an office without a calendar: a day is a day."""
    return days


@dataclass(frozen=True, eq=False)
class WorkTime:
    """Working days passed since `first`, piecewise linear within a day; before and after the table, days count fully.

    >>> weekdays = WorkTime.of(date(2016, 1, 4), 0, 14, lambda day: day.weekday() < 5)
    >>> weekdays(np.array([0.0, 5.0, 7.0, 7.5])).tolist()
    [0.0, 5.0, 5.0, 5.5]
    """

    first: int
    passed: Floats  # at the start of each day

    @classmethod
    def of(cls, origin: date, first: int, last: int, worked: Worked) -> "WorkTime":
        """From a calendar: `worked` says of each day whether it is a working day. `first`, `last`: days of the log."""
        flags = [worked(origin + timedelta(days=day)) for day in range(first, last)]
        return cls(first, np.concatenate([[0.0], np.cumsum(flags)]))

    def __call__(self, days: Floats) -> Floats:
        at = np.asarray(days, dtype=np.float64) - self.first
        last = len(self.passed) - 1
        inside = np.interp(at, np.arange(last + 1), self.passed)
        return inside + np.minimum(at, 0) + np.maximum(at - last, 0)


@dataclass(frozen=True, eq=False)
class BatchTime:
    """Batch dates passed (council meetings, signing days): a case can leave the step only when the count grows."""

    dates: Floats

    @classmethod
    def of(cls, dates: Sequence[float]) -> "BatchTime":
        """`dates`: days of the log, past and planned; each counts from its start on."""
        return cls(np.sort(np.array(dates, dtype=np.float64)))

    def __call__(self, days: Floats) -> Floats:
        return np.searchsorted(self.dates, days, side="right").astype(np.float64)
