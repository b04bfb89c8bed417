"""Survival curves with right-censoring and delayed entry: Kaplan-Meier on a grid of quantiles, by stratum and cause."""

from dataclasses import dataclass

import numpy as np

from foresight.log import Bools, Floats, Ints

HALF = 0.5  # what is censored within a bin was at risk for half of it (actuarial convention)


@dataclass(frozen=True, eq=False)
class Grid:
    """Bins of durations, each stratum (step) with its own edges: shape (strata, bins + 1), the first edge 0.

    A duration of 0 falls in bin 0; d with edges[b - 1] < d <= edges[b] in bin b; beyond the last edge in the last bin.
    """

    edges: Floats
    stretch: float  # greater than every edge: keeps the strata apart in one sorted row

    @classmethod
    def of(cls, stratum: Ints, durations: Floats, strata: int, bins: int) -> "Grid":
        """Edges at quantiles of the finite durations above 0 of each stratum, so that every bin holds some."""
        kept = np.isfinite(durations) & (durations > 0)
        stratum, durations = stratum[kept], durations[kept]
        stratum, durations = _by_stratum(stratum, durations)
        starts, ends = (np.searchsorted(stratum, np.arange(strata), side=side) for side in ("left", "right"))
        parts = 1 - (1 - np.arange(1, bins + 1) / bins) ** 2  # narrow in the tail, where few decide about the rest
        edges = np.zeros((strata, bins + 1))
        filled = ends > starts
        rows = np.ceil(starts[filled, None] + parts * (ends - starts)[filled, None]).astype(np.int64) - 1
        edges[filled, 1:] = durations[np.clip(rows, 0, None)] if len(durations) else 0
        return cls(edges, float(edges.max(initial=0.0)) * 2 + 10)

    def with_units(self, stratum: int) -> "Grid":
        """The stratum counts whole units (batches): its edges are 0, 1, 2, …"""
        edges = self.edges.copy()
        edges[stratum] = np.arange(edges.shape[1])
        return Grid(edges, max(self.stretch, edges.shape[1] * 2.0))

    def bin(self, stratum: Ints | int, duration: Floats) -> Ints:
        """The bin of each duration, 0 to `bins`."""
        count = self.edges.shape[1]
        keys = (self.edges + self.stretch * np.arange(len(self.edges))[:, None]).ravel()
        wanted = self.stretch * np.asarray(stratum) + np.clip(duration, 0, self.stretch * 0.49)
        found = np.searchsorted(keys, wanted, side="left") - count * np.asarray(stratum)
        return np.asarray(np.minimum(found, count - 1), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Curves:
    """Cumulative hazards at the grid's edges, shape (causes, strata, bins + 1); what leaves at once is at edge 0.

    The strata may be those of the grid several times over, one after another.
    """

    grid: Grid
    hazard: Floats

    @classmethod
    def of(cls, grid: Grid, enter: Floats, leave: Floats, events: Floats) -> "Curves":
        """From counts by stratum and bin of entry (delayed entry; 0 for none) and of exit; `events` by cause first.

        What leaves without an event is censored. The product-limit step -log(1 - d / (n + 1/2)) keeps a bin in which
        all that were at risk left from ending in certainty.
        """
        total = events.sum(axis=0)
        before = np.cumsum(enter - leave, axis=1) - (enter - leave)
        fresh = enter * HALF
        fresh[:, 0] = enter[:, 0]  # who enters at 0 is at risk of leaving at once
        at_risk = np.maximum(before + fresh - HALF * (leave - total), total)
        rate = -np.log1p(-total / (at_risk + HALF))
        share = np.divide(events, total, out=np.zeros_like(events), where=total > 0)
        return cls(grid, np.cumsum(share * rate, axis=2))

    def upto(self, stratum: Ints | int, duration: Floats) -> Floats:
        """Cumulative hazards by `duration`, linear within a bin, level after the last edge: shape (causes, ...)."""
        number = np.asarray(stratum)
        own = number % len(self.grid.edges)
        at = self.grid.bin(own, duration)
        high, low = self.grid.edges[own, at], self.grid.edges[own, np.maximum(at - 1, 0)]
        width = high - low
        share = np.divide(
            np.clip(duration - low, 0, width), width, out=np.ones(np.broadcast(width, duration).shape), where=width > 0
        )
        before = self.hazard[:, number, np.maximum(at - 1, 0)]
        found: Floats = before + share * (self.hazard[:, number, at] - before)
        return found


def _by_stratum(stratum: Ints, durations: Floats) -> tuple[Ints, Floats]:
    """In the order of strata, durations ascending within each; small numbers are sorted by their digits."""
    order = np.argsort(durations)
    order = order[np.argsort(stratum[order].astype(np.int16), kind="stable")]
    return stratum[order], durations[order]


def fit(grid: Grid, stratum: Ints, bins: tuple[Ints, Ints], causes: tuple[Bools, ...]) -> Curves:
    """The same from single durations already put into bins: of entry and of exit.

    `causes`: one mask for each way of leaving; where none is true the duration is censored.
    """
    strata, width = grid.edges.shape
    enter, leave = (_counted(stratum, which, strata, width) for which in bins)
    events = np.array([_counted(stratum[mask], bins[1][mask], strata, width) for mask in causes])
    return Curves.of(grid, enter, leave, events)


def _counted(stratum: Ints, which: Ints, strata: int, width: int) -> Floats:
    counts = np.bincount(stratum * width + which, minlength=strata * width)
    return counts.reshape(strata, width).astype(np.float64)
