"""Invented offices for the tests: cases that pass steps at known rates, with their seeds."""

from datetime import date

import numpy as np

from foresight.log import Case, EventLog, Visit

ORIGIN = date(2016, 1, 4)
STEPS = ("intake", "check", "decision", "file")
MEAN_DAYS = (5.0, 12.0, 20.0, 8.0)
BACK = 0.1  # chance to be sent back a step


def stationary(seed: int, days: float = 500, a_day: float = 1.5, steps: int = len(STEPS)) -> EventLog:
    """Cases arrive at a steady rate and take gamma-distributed times at each step, independently of each other."""
    rng = np.random.default_rng(seed)
    cases, visits = [], []
    for number, opened in enumerate(np.sort(rng.uniform(0, days, rng.poisson(a_day * days)))):
        at, step = float(opened), 0
        while step < steps:
            visits.append(Visit(str(number), STEPS[step], at))
            at += float(rng.gamma(1.5, MEAN_DAYS[step] / 1.5))
            step += -1 if step and rng.random() < BACK else 1
        cases.append(Case(str(number), float(opened), closed=at))
    return EventLog.of(ORIGIN, cases, visits)
