"""Forecasts and what-ifs: seconds of one core, beside drawing the same number of cases without knowing anything."""

import sys
from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np

from foresight.forecast import forecast
from foresight.stations import Staff, measure
from foresight.whatif import Change, compare
from tests.foresight.offices import STEPS, stationary

AT, HORIZONS, RUNS = 450.0, (30.0, 60.0, 91.0), 1000


def run() -> None:
    """Print the time of each beside a hand-written minimum, and the ratio."""
    for open_cases, a_day in ((400, 8.0), (5_000, 100.0)):
        log = stationary(1, a_day=a_day)
        found, ours = _taken(lambda log=log: forecast(log, AT, HORIZONS, runs=RUNS))  # type: ignore[misc]
        _, bare = _taken(lambda count=found.open: _bare(count))  # type: ignore[misc]
        _say(f"a forecast of {found.open} open cases in a log of {len(log.ids):,}, {RUNS:,} runs", ours, bare)
        assert found.open > open_cases
    staff = {step: Staff(40.0) for step in STEPS}
    log = stationary(1, a_day=8.0)
    office, _ = _taken(lambda: measure(log, AT, 180, staff))
    _, ours = _taken(lambda: compare(office, [Change("officers", STEPS[2])]))
    _, bare = _taken(lambda: np.random.default_rng(1).poisson(5.0, (2, 180, len(office.stations), 400)))
    _say(f"a what-if of {len(office.stations)} steps, 180 days, 400 runs", ours, bare)


def _bare(count: int) -> Any:
    """The least that a simulation of single cases does: one draw for each case, run and horizon."""
    rng = np.random.default_rng(1)
    return [(rng.random((RUNS, count)) < 0.5).sum(axis=1) for _ in HORIZONS]


def _taken(work: Callable[[], Any]) -> tuple[Any, float]:
    start = process_time()
    return work(), process_time() - start


def _say(what: str, ours: float, bare: float) -> None:
    sys.stdout.write(f"  {what}: {ours:.2f} s, bare draws {bare:.3f} s, ratio {ours / bare:.1f}\n")


if __name__ == "__main__":
    run()
