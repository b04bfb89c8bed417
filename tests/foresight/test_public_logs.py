"""The forecasts on the public event logs, every fourth cut day; all of them with `make foresight-score`."""

from functools import cache
from typing import Any

import pytest

from tests.foresight.scoring import FOLDER, rows_of, scorer

pytestmark = pytest.mark.skipif(
    not (FOLDER / "backtest.py").exists(), reason="the public logs are not beside the repository (shared/foresight)"
)
LOGS = ("receipt", "helpdesk", "bpic2012")


@cache
def rows(name: str) -> list[Any]:
    return rows_of(scorer(), name, every=4)[0]


@pytest.mark.parametrize(("name", "most"), [("receipt", 0.24), ("helpdesk", 0.30), ("bpic2012", 0.30)])
def test_a_log_is_covered_and_the_intervals_are_worth_having(name: str, most: float) -> None:
    found = scorer().score([row[2:] for row in rows(name)])
    assert found["cover"] >= 0.65
    assert found["iscore"] <= most
    assert found["width"] <= 0.20


def test_all_logs_together() -> None:
    found = scorer().score([row[2:] for name in LOGS for row in rows(name)])
    assert 0.75 <= found["cover"] <= 0.90  # 0.75 to 0.85 over all cut days: see docs/forecast.md
    assert found["mae"] <= 0.06
