"""Legal time from the command line: lists of a day, explanations to print, closing days, rulings, the calculator."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casework.door import record
from casework.ledger import NewFact, load_case
from cli.app import app
from models.database import engine, writing
from models.errors import CoopcaseError, Refused, WrongInput
from tests.e2e.walking import coopcase
from tests.web.office import CLOCK, Office, did, login_of

POINT = "complaint_and_compulsory_60"


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None, result.exception
    return result.stdout


def refusal(*arguments: str) -> Any:
    with pytest.raises(CoopcaseError) as refused:
        coopcase(*arguments)
    return refused.value


def test_cases_are_listed_as_they_stood_and_as_they_were_known(office: Office) -> None:
    did(office, office.first, "name_obstacle", obstacle="tax_debt", note="x")
    now, then = coopcase("cases"), coopcase("cases", "--as-of", "13/03/2016")
    assert (now["as_of"], then["as_of"]) == (None, "2016-03-13")
    assert set(now["cases"][0]) == set(then["cases"][0])
    held = {case["ref"]: case["obstacles"] for case in now["cases"]}
    assert held.pop(office.first) == ["tax_debt"]
    assert {case["ref"]: case["obstacles"] for case in then["cases"]} == {**held, office.first: []}
    assert coopcase("cases", "--known-on", "13/03/2016")["cases"] == []
    assert coopcase("cases", "--as-of", "14/03/2016", "--obstacle", "tax_debt")["total"] == 1
    assert refusal("cases", "--as-of", "31/02/2016").field == "--as-of"


def test_the_sums_of_a_case_are_printed_with_facts_and_hash(office: Office) -> None:
    sheet = coopcase("explain", office.first, "--print")
    assert len(sheet["head"]) == 64
    assert [fact["seq"] for fact in sheet["facts"]] == [1]
    assert {item["key"] for item in sheet["deadlines"]} == {"accept_target", "review_by"}
    assert sheet["deadlines"] == coopcase("explain", office.first)
    text = printed("explain", office.first, "accept_target", "--print")
    assert sheet["head"] in text and "15/03/2016" in text and "1. 01/03/2016" in text
    assert "review" not in text
    assert coopcase("explain", office.first, "--print", "--as-of", "01/01/2015")["deadlines"] == []


def test_a_closing_day_is_previewed_adopted_listed_and_taken_back(office: Office, tmp_path: Path) -> None:
    file, by = tmp_path / "dong-cua.yaml", ("--by", login_of("manager"))
    file.write_text("- {on: 2016-03-09, layer: office, district: HBG, reason: Bão, decision: 1/QĐ}", encoding="utf-8")
    seen = coopcase("calendar", "preview", str(file))
    assert (seen["count"], seen["late"]) == (2, 0)
    assert {(item["before"], item["after"]) for item in seen["moved"]} == {("2016-03-15", "2016-03-16")}
    assert refusal("calendar", "adopt", str(file), *by, "--seen", "khác").code == "moves_not_seen"
    assert coopcase("calendar", "adopt", str(file), *by, "--seen", seen["digest"])["moved"] == seen["moved"]
    (closing,) = coopcase("calendar", "closings")
    assert (closing["reason"], closing["back_at"]) == ("Bão", None)
    back = coopcase("calendar", "take-back", str(closing["id"]), "--preview")
    assert back["count"] == 2
    done = coopcase("calendar", "take-back", str(closing["id"]), *by, "--reason", "Nhầm")
    assert done["moved"] == back["moved"]
    assert coopcase("calendar", "closings")[0]["back_reason"] == "Nhầm"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- {on: 2016-02-31, layer: office, district: HBG, reason: x, decision: y}", "not_a_date"),
        ("- {on: 2016-03-12, layer: office, district: HBG, reason: x, decision: y}", None),
        ("{", None), ("", None), ("- 1", None), ("- {on: 2016-03-09}", None),
    ],
)  # fmt: skip
def test_a_file_of_closing_days_that_will_not_do(office: Office, tmp_path: Path, text: str, code: str | None) -> None:
    file = tmp_path / "sai.yaml"
    file.write_text(text, encoding="utf-8")
    found = refusal("calendar", "preview", str(file))
    assert code is None or found.code == code
    assert coopcase("calendar", "closings") == []


def test_a_ruling_is_previewed_and_recorded_once(office: Office) -> None:
    with writing(engine()) as connection:
        for kind, day in (("decide_dissolution", 1), ("receive_complaint", 10)):
            new = NewFact(kind, date(2016, 3, day), CLOCK.now(), "x", "leader", {})
            record(connection, load_case(connection, office.first), new)
    (point,) = [item for item in coopcase("interpretations") if item["point"]["key"] == POINT]
    assert point["ruling"] is None
    assert [case["ref"] for case in point["cases"]] == [office.first]
    asked = ("interpretations", "--rule", POINT, "--reading", "stops", "--by", login_of("legal"))
    seen = coopcase(*asked, "--preview")
    assert [(item["ref"], item["before"], item["after"]) for item in seen["moved"]] == [
        (office.first, "2016-05-04", None)
    ]
    assert refusal(*asked).code == "ruling_incomplete"
    assert refusal(*asked, "--reason", "CV 5", "--seen", "khác").code == "moves_not_seen"
    assert coopcase(*asked, "--reason", "CV 5", "--seen", seen["digest"])["moved"] == seen["moved"]
    assert isinstance(refusal(*asked, "--reason", "CV 6"), Refused)
    text = printed("explain", office.first, "compulsory_60")
    assert "theo kết luận của" in text


def test_two_schedules_of_a_year_side_by_side(office: Office) -> None:
    found = coopcase("calendar", "compare", "2015", "draft")
    assert found["days"] and found["moved"] == []
    assert isinstance(refusal("calendar", "compare", "2016", "draft"), WrongInput)
    assert coopcase("calendar", "show", "2015", "--version", "draft") != coopcase("calendar", "show", "2015")
