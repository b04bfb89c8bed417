"""The shipped scenarios pass, and together they touch everything of the procedure."""

from functools import cache
from pathlib import Path

import pytest

from procedures.definition.loader import load
from procedures.legal_time.calendar import load_calendars
from procedures.scenario_runs.reading import read_suite, shipped_files
from procedures.scenario_runs.running import Runner
from procedures.scenario_runs.situations import table_of
from procedures.scenario_runs.touched import Touched, untouched
from templates.words import catalogue

LIST = Path(__file__).parents[2] / "docs" / "scenario-list.md"


@cache
def left() -> frozenset[str]:
    """What no passing scenario touches; scenarios that fail are reported by the first test."""
    touched = Touched()
    for path in shipped_files():
        for _ in Runner(read_suite(path), load_calendars(), touched).results():
            pass
    return frozenset(untouched(load(), touched))


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_the_shipped_scenarios_pass(path: Path) -> None:
    results = list(Runner(read_suite(path), load_calendars(), Touched()).results())
    assert [result for result in results if not result.ok] == []


def test_nothing_of_the_procedure_is_untouched() -> None:
    assert sorted(left()) == []


def test_the_refusals_of_scenarios_have_their_words() -> None:
    suites = [read_suite(path) for path in shipped_files()]
    placed = [suite.scenarios[key] for suite in suites for key in suite.own]
    steps = [item.step for one in placed if not one.scenario.pending for item in one.steps]
    codes = {step.refused.code for step in steps if step.refused is not None}
    assert len(codes) > 5
    assert sorted(code for code in codes if f"errors.{code}" not in catalogue()) == []


def test_the_list_of_scenarios_is_current() -> None:
    """`make scenario-list` writes it."""
    assert LIST.read_text(encoding="utf-8") == table_of([read_suite(path) for path in shipped_files()], "en")
