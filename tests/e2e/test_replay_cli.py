"""The replay of an office from the command line: peaks and jams from given rates, and nothing written or sent."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from cli.app import app
from models.database import engine, reading
from models.errors import CoopcaseError
from tests.command_line import CliRunner
from tests.e2e.walking import coopcase
from tests.web.web_office import Office

SLOW = """
steps:
  S0: {officers: 1, rate: 0.01, next: {S1: 1}, letters: 2, reminders: 1, reminder_days: 7}
  S1: {days: 5}
"""


def counts() -> dict[str, int]:
    with reading(engine()) as connection:
        tables = SQLModel.metadata.tables.items()
        return {name: connection.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables}


def refusal(*arguments: str) -> Any:
    with pytest.raises(CoopcaseError) as refused:
        coopcase(*arguments)
    return refused.value


@pytest.fixture
def slow(tmp_path: Path) -> str:
    path = tmp_path / "rates.yaml"
    path.write_text(SLOW, encoding="utf-8")
    return str(path)


def test_a_slow_step_jams_and_letters_and_reminders_are_counted(office: Office, slow: str) -> None:
    before = counts()
    found = coopcase("replay", "--rates", slow, "--from", "14/03/2016", "--until", "10/07/2016")
    first = next(one for one in found["steps"] if one["step"] == "S0")
    assert (found["from"], found["opened"]) == ("2016-03-14", first["peak"])
    assert found["bottleneck"] == "S0" and first["jammed_since"] is not None
    assert first["letters"][0] == 2 * found["opened"]
    assert first["reminders"][1] > 0
    assert all(a + b == found["opened"] for a, b in zip(found["open"], found["closed"], strict=True))
    assert counts() == before and sum(before.values()) > 0  # nothing is written, no letter, no effect, no message


def test_the_plain_words_say_that_nothing_is_sent(office: Office, slow: str) -> None:
    said = CliRunner().invoke(app, ["replay", "--rates", slow, "--until", "10/07/2016"]).stdout
    assert "Điểm nghẽn: Mới vào danh sách" in said
    assert "không ghi, không gửi gì" in said


def test_rates_that_are_not_known_are_asked_for_and_never_invented(office: Office) -> None:
    refused = refusal("replay")
    assert refused.code == "rates_missing" and "S0" in refused.params["steps"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("--until", "01/03/2016"), "replay_span", id="the end before the beginning"),
        pytest.param(("--until", "01/03/2099"), "replay_span", id="far too long"),
        pytest.param(("--rates", "nowhere.yaml"), "no_such_file", id="no file"),
        pytest.param(("--district", "XXX"), "replay_nothing", id="nothing there"),
    ],
)
def test_wrong_asking_is_refused(office: Office, arguments: tuple[str, ...], code: str) -> None:
    assert refusal("replay", *arguments).code == code


def test_rates_that_contradict_themselves_are_reported(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "rates.yaml"
    path.write_text("steps: {S0: {next: {S1: 0.9, X1: 0.2}}, S1: {}, X1: {}}", encoding="utf-8")
    assert refusal("replay", "--rates", str(path)).code == "rates_chances_above_one"


def test_the_example_can_be_used_as_it_is_printed(office: Office, tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["replay", "--example"]).stdout
    path = tmp_path / "rates.yaml"
    path.write_text(printed, encoding="utf-8")
    assert coopcase("replay", "--rates", str(path))["opened"] > 0


def test_cases_at_risk_and_what_would_change_it_as_documents(office: Office) -> None:
    risk = coopcase("at-risk", "--milestone", "treatment_done", "--limit", "2")
    (date,) = risk["dates"]
    assert len(date["cases"]) == 2 and date["waiting"] == date["read"] == 4
    assert date["cases"][0]["counted"][0]["text"].startswith("Mốc «")
    change = coopcase("forecast", "--what-if", "--milestone", "treatment_done")
    assert change["dates"][0]["bound"] == 4
    assert refusal("forecast", "--what-if", "--milestone", "nothing").code == "no_such_date"
    assert refusal("forecast", "--what-if", "--as-of", "01/03/2016").code == "as_of_with_what_if"
