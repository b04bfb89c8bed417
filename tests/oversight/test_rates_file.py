"""Files of rates for a replay: the example reads, both forms say the same, and faults name the step."""

from datetime import date

import pytest

from foresight.replay import Rate
from models.errors import WrongInput
from oversight.rates_file import EXAMPLE, read_rates
from procedures.definition.loader import load

STEPS = {name: state.label["vi"] for name, state in load().states.items() if not state.final}


def refused(text: str, is_csv: bool = False) -> WrongInput:
    with pytest.raises(WrongInput) as found:
        read_rates(text, is_csv, STEPS)
    return found.value


def test_the_example_reads_and_leads_nowhere_unknown() -> None:
    found = read_rates(EXAMPLE, False, STEPS)
    assert found["S1"] == Rate((("S2", 0.9), ("X1", 0.1)), 10, 0.5, 10, 2, 1, 14)
    assert found["S4"].batch == frozenset({date(2016, 5, 12), date(2016, 6, 9)})
    assert {name for rate in found.values() for name, _ in rate.nexts} <= found.keys()


def test_csv_says_the_same_as_yaml() -> None:
    table = 'step,officers,rate,days,next,letters,batch\nS1,10,"0,5",3,S2:0.9 X1:0.1,2,\nS4,,,,R2:1,,2016-05-12\n'
    text = """
steps:
  S1: {officers: 10, rate: 0.5, days: 3, next: {S2: 0.9, X1: 0.1}, letters: 2}
  S4: {next: {R2: 1}, batch: [2016-05-12]}
"""
    assert read_rates("\ufeff" + table, True, STEPS) == read_rates(text, False, STEPS)


@pytest.mark.parametrize(
    ("text", "is_csv", "code", "names"),
    [
        pytest.param("steps: [", False, "rates_not_yaml", "", id="no yaml"),
        pytest.param("S1: {}", False, "rates_no_steps", "", id="no steps"),
        pytest.param("steps: {Z9: {}}", False, "rates_unknown_step", "Z9", id="unknown step"),
        pytest.param("steps: {S9: {}}", False, "rates_unknown_step", "S9", id="a closed case goes nowhere"),
        pytest.param("steps: {S1: {next: {Z9: 1}}}", False, "rates_unknown_step", "Z9", id="unknown next step"),
        pytest.param("steps: {S1: 3}", False, "rates_no_fields", "S1", id="no fields"),
        pytest.param("steps: {S1: {speed: 3}}", False, "rates_unknown_field", "speed", id="unknown field"),
        pytest.param("steps: {S1: {rate: nhanh}}", False, "rates_wrong_value", "nhanh", id="a word"),
        pytest.param("steps: {S1: {rate: true}}", False, "rates_wrong_value", "True", id="a yes"),
        pytest.param("steps: {S1: {officers: -1}}", False, "rates_wrong_value", "-1", id="negative"),
        pytest.param("steps: {S1: {rate: .nan}}", False, "rates_wrong_value", "nan", id="not a number"),
        pytest.param("steps: {S1: {days: 1.5}}", False, "rates_wrong_value", "1.5", id="half a day"),
        pytest.param("steps: {S1: {batch: [mai]}}", False, "rates_wrong_value", "mai", id="no date"),
        pytest.param("step,rate\n,1\n", True, "rates_no_step", "2", id="a line without a step"),
        pytest.param("step,rate\nS1,1\nS1,2\n", True, "rates_step_twice", "S1", id="a step twice"),
        pytest.param("step,next\nS1,S2\n", True, "rates_wrong_value", "S2", id="a chance is missing"),
    ],
)
def test_a_fault_names_what_is_wrong(text: str, is_csv: bool, code: str, names: str) -> None:
    found = refused(text, is_csv)
    assert found.code == code
    assert names in str(found.params)
