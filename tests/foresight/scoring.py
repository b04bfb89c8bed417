"""Scores the forecasts on the public event logs: `python -m tests.foresight.scoring [LOG …]` prints a table."""

import csv
import importlib.util
import sys
from datetime import date, datetime
from math import inf
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from foresight.forecast import forecast
from foresight.log import EventLog, Floats, ends

FOLDER = Path(__file__).parents[2].parent / "shared" / "foresight"  # beside the repository, where it was given


def scorer(folder: Path = FOLDER) -> ModuleType:
    """The scorer that came with the logs, `backtest.py`."""
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location("foresight_backtest", folder / "backtest.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    return module


def legal_dates(backtest: ModuleType) -> Floats:
    """By case of the receipt log: its legal date, in days of the log.

    The log has each as it was at the end: one that was extended later is known too early here.
    """
    first: dict[str, dict[str, str]] = {}
    begun: dict[str, float] = {}
    with Path(f"{backtest.ROOT}receipt.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            case = row["case:concept:name"]
            first.setdefault(case, row)
            begun[case] = min(begun.get(case, inf), *map(_seconds, (row["case:startdate"], row["time:timestamp"])))
    log = backtest.load("receipt")
    kept = [
        case for case, row in first.items() if not row["case:enddate"] or _seconds(row["case:enddate"]) > begun[case]
    ]
    assert len(kept) == len(log.start)
    due: Floats = np.array([_seconds(first[case]["case:deadline"]) for case in kept], dtype=np.float64)
    days: Floats = (due - log.day0) / 86400
    return days


def _seconds(written: str) -> float:
    return datetime.fromisoformat(written).timestamp()


def as_log(known: Any, due: Floats | None = None) -> EventLog:
    """What the scorer says was known at a cut, as an event log. `due`: by case of the whole log."""
    kept = np.flatnonzero(np.isfinite(known.start))
    number = np.full(len(known.start), -1)
    number[kept] = np.arange(len(kept))
    case, closed, count = number[known.case], known.closed[kept], len(kept)
    left, following = ends(case, known.state, known.entered, closed)
    return EventLog(
        date(2000, 1, 3), tuple(map(str, range(count))), known.start[kept], closed,
        np.full(count, np.nan) if due is None else due[kept], ("",),
        np.zeros(count, dtype=np.int64), {}, tuple(map(str, range(known.nstates))), case, known.state, known.entered,
        left, following,
    )  # fmt: skip


class Predictor:
    """As the scorer calls it; keeps whether each horizon's forecast would have been shown."""

    def __init__(self, due: Floats | None = None) -> None:
        self.shown: list[bool] = []
        self.due = due

    def __call__(self, known: Any, at: float, horizons: tuple[float, ...], rng: Any) -> dict[float, Any]:
        found = forecast(as_log(known, self.due), at, horizons)
        self.shown += [verdict == "enough" for verdict in found.verdicts]
        return {horizon: found.samples[row] for row, horizon in enumerate(horizons)}


def rows_of(backtest: ModuleType, name: str, every: int = 1, due: Floats | None = None) -> tuple[list[Any], list[bool]]:
    """The scorer's rows (t, h, open, closed, low, high, median, CRPS) of a log and which of them were shown."""
    predictor = Predictor(due)
    return backtest.run(backtest.load(name), predictor, every=every), predictor.shown


def main(names: list[str]) -> None:
    backtest = scorer()
    every: list[Any] = []
    for name in names or list(backtest.SETUP):
        rows, shown = rows_of(backtest, name)
        every += rows
        _line(backtest, name, rows)
        _line(backtest, f"{name}, shown", [row for row, is_shown in zip(rows, shown, strict=True) if is_shown])
    _line(backtest, "pooled", every)
    if not names:
        _line(backtest, "receipt, dated", rows_of(backtest, "receipt", due=legal_dates(backtest))[0])


def _line(backtest: ModuleType, name: str, rows: list[Any]) -> None:
    if rows:
        found = backtest.score([row[2:] for row in rows])
        figures = "  ".join(f"{key} {found[key]:.3f}" for key in ("cover", "width", "mae", "crps", "iscore", "bias"))
        sys.stdout.write(f"{name:18} {len(rows):4}  {figures}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
