"""Survival curves with censoring and delayed entry against a slow Kaplan-Meier and against the truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresight.lifetable import Curves, Grid, fit


def fitted(exits: np.ndarray, events: np.ndarray, entries: np.ndarray | None = None) -> Curves:
    zero = np.zeros(len(exits), dtype=np.int64)
    grid = Grid.of(zero, np.where(events, exits, np.nan), 1, 400)
    enter = zero if entries is None else grid.bin(0, entries)
    return fit(grid, zero, (enter, grid.bin(0, exits)), (events,))


def slow(exits: np.ndarray, events: np.ndarray, at: float) -> float:
    """Kaplan-Meier by its definition."""
    alive = 1.0
    for time in np.unique(exits[events]):
        if time <= at:
            alive *= 1 - (events & (exits == time)).sum() / (exits >= time).sum()
    return alive


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_equals_kaplan_meier(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lives, ends = rng.weibull(0.8, 300) * 30, rng.uniform(0, 60, 300)
    exits, events = np.minimum(lives, ends), lives <= ends
    curves = fitted(exits, events)
    for at in (1.0, 10.0, 25.0):
        assert np.exp(-curves.upto(0, np.array([at]))[0, 0]) == pytest.approx(slow(exits, events, at), abs=0.015)


def test_delayed_entry_removes_the_bias_of_those_that_left_unseen() -> None:
    """Cases older than the log are known only if they lasted until it began."""
    rng = np.random.default_rng(1)
    lives, ages = rng.exponential(20, 40_000), rng.uniform(0, 60, 40_000)
    seen = lives > ages
    exits, entries = lives[seen], ages[seen]
    everyone = np.ones(len(exits), dtype=bool)
    found = np.exp(-fitted(exits, everyone, entries).upto(0, np.array([20.0]))[0, 0])
    naive = np.exp(-fitted(exits, everyone).upto(0, np.array([20.0]))[0, 0])
    assert found == pytest.approx(np.exp(-1), abs=0.02)
    assert naive > 0.55


def test_causes_share_the_hazard_and_strata_do_not_mix() -> None:
    stratum = np.array([0, 0, 0, 0, 1, 1])
    exits = np.array([0.0, 0.0, 3.0, 4.0, 7.0, 8.0])
    first = np.array([True, False, True, False, True, True])
    grid = Grid.of(stratum, exits, 2, 8)
    curves = fit(grid, stratum, (np.zeros(6, dtype=np.int64), grid.bin(stratum, exits)), (first, ~first))
    at_once = curves.upto(0, np.array([0.0]))[:, 0]
    assert at_once[0] == at_once[1] > 0
    assert curves.upto(1, np.array([0.0]))[:, 0].tolist() == [0, 0]
    assert curves.upto(1, np.array([100.0]))[1, 0] == 0
