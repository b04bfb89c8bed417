"""The shipped scenarios pass, and the list of them in docs is current."""

from pathlib import Path

import pytest

from procedures.legal_time.calendar import load_calendars
from procedures.scenario_runs.reading import read_suite, shipped_files
from procedures.scenario_runs.running import Runner
from procedures.scenario_runs.situations import table_of
from procedures.scenario_runs.touched import Touched
from templates.words import catalogue

LIST = Path(__file__).parents[2] / "docs" / "scenario-list.md"


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_the_shipped_scenarios_pass(path: Path) -> None:
    results = list(Runner(read_suite(path), load_calendars(), Touched()).results())
    assert [result for result in results if not result.ok] == []


def test_the_refusals_of_scenarios_have_their_words() -> None:
    suites = [read_suite(path) for path in shipped_files()]
    steps = [item.step for suite in suites for key in suite.own for item in suite.scenarios[key].steps]
    codes = {step.refused.code for step in steps if step.refused is not None}
    assert len(codes) > 5
    assert sorted(code for code in codes if f"errors.{code}" not in catalogue()) == []


def test_the_list_of_scenarios_is_current() -> None:
    """`make scenario-list` writes it."""
    assert LIST.read_text(encoding="utf-8") == table_of([read_suite(path) for path in shipped_files()], "en")
