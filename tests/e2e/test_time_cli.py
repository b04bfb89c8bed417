"""Legal time from the command line: lists of a day, explanations to print, closing days, rulings, the calculator."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from casework.acts import record
from casework.ledger import NewFact, load_case
from cli.app import app
from models.database import engine, writing
from models.errors import CoopcaseError, Refused, WrongInput
from models.settings import settings
from models.tables import calendar_adoptions, case_rows, deadlines, letter_cases, letter_rows
from tests.command_line import CliRunner
from tests.e2e.walking import coopcase
from tests.tampering import behind_the_program
from tests.web.web_office import CLOCK, TODAY, Office, did, login_of

POINT = "complaint_and_compulsory_60"


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None, result.exception
    return result.stdout


def refusal(*arguments: str) -> Any:
    with pytest.raises(CoopcaseError) as refused:
        coopcase(*arguments)
    return refused.value


def test_cases_are_listed_as_they_were_and_as_they_were_known(office: Office) -> None:
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
    early = coopcase("explain", office.first, "--print", "--as-of", "01/01/2015")
    assert (early["deadlines"], early["as_of"], sheet["as_of"]) == ([], "2015-01-01", None)
    assert "Như đã" not in text
    back = printed("explain", office.first, "--print", "--as-of", "13/03/2016", "--known-on", "14/03/2016")
    assert "Như đã xảy ra đến hết ngày 13/03/2016.\nNhư đã được ghi nhận đến hết ngày 14/03/2016.\n" in back


def ended(*more: str) -> Any:
    return coopcase("deadline", "--from", "08/03/2016", "--term", "3 working days", *more)["ends_on"]


def test_the_calculator_counts_by_the_country_by_the_city_or_by_an_office(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "dong-cua.yaml"
    file.write_text(
        "- {on: 2016-03-09, layer: city, reason: Bão, decision: 1/QĐ}\n"
        "- {on: 2016-03-10, layer: office, district: HBG, reason: Mất điện, decision: 2/QĐ}",
        encoding="utf-8",
    )
    coopcase("calendar", "adopt", str(file), "--by", login_of("manager", None))
    assert [ended(), ended("--office", "city"), ended("--office", "ADG"), ended("--office", "HBG")] == [
        "2016-03-11", "2016-03-14", "2016-03-14", "2016-03-15"
    ]  # fmt: skip
    assert refusal("deadline", "--from", "08/03/2016", "--term", "3 days", "--office", "XYZ").code == "not_an_option"
    closed = {
        place: [
            day["label"] for day in coopcase("calendar", "show", "2016", *place)["days"] if day["kind"] == "closing"
        ]
        for place in ((), ("--office", "city"), ("--office", "HBG"))
    }
    assert list(closed.values()) == [[], ["Bão"], ["Bão", "Mất điện"]]


def test_what_a_closing_day_moves_is_listed_with_what_is_out(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "dong-cua.yaml"
    file.write_text("- {on: 2016-03-09, layer: office, district: HBG, reason: Bão, decision: 1/QĐ}", encoding="utf-8")
    with writing(engine()) as connection:
        case_id = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == office.first))
        row: dict[str, Any] = {
            "key": "k", "case_id": case_id, "template": "visit_notice", "status": "issued", "drafted_for_on": TODAY,
            "drafted_at": CLOCK.now(), "drafted_by": "x", "data": {}, "missing": [], "unverified": [],
        }  # fmt: skip
        letter = connection.execute(letter_rows.insert().values(row).returning(letter_rows.c.id)).scalar_one()
        connection.execute(letter_cases.insert().values(letter_id=letter, case_id=case_id))
    first, second, counts = printed("calendar", "preview", str(file)).splitlines()
    assert "15/03/2016  →  16/03/2016" in first and first.endswith("hồ sơ đã có văn bản ban hành")
    assert second.rstrip().endswith("16/03/2016")
    assert counts == (
        "Sẽ dời 2 thời hạn; 0 đã qua ngày cuối; 0 đã báo cho người phụ trách; 1 của hồ sơ đã có văn bản ban hành."
    )
    assert coopcase("calendar", "preview", str(file))["written"] == 1


def test_a_term_counted_backwards_says_so_and_takes_nothing_else() -> None:
    back = ("deadline", "--from", "16/03/2015", "--term", "15 days before")
    assert "Tính lùi: 15 ngày theo lịch, đến 01/03/2015" in printed(*back)
    for more in (("--suspend", "2015-03-05..2015-03-08"), ("--extend", "5", "--by", "1/QĐ")):
        assert refusal(*back, *more).code == "backwards_alone"


def test_a_suspension_says_when_the_clock_goes_on() -> None:
    asked = ("deadline", "--from", "02/03/2015", "--term", "10 days", "--suspend")
    assert "Dừng 3 ngày, từ 05/03/2015, chạy lại từ 08/03/2015, hạn thành 15/03/2015\n" in printed(
        *asked, "2015-03-05..2015-03-08"
    )
    assert "Đang dừng từ 05/03/2015, chưa có ngày kết thúc\n" in printed(*asked, "2015-03-05..")


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
    text = printed("explain", office.first, "compulsory_council_term")
    assert "theo kết luận của" in text


def test_two_schedules_of_a_year_side_by_side(office: Office) -> None:
    found = coopcase("calendar", "compare", "2015", "draft")
    assert found["days"] and found["moved"] == []
    assert isinstance(refusal("calendar", "compare", "2016", "draft"), WrongInput)
    assert coopcase("calendar", "show", "2015", "--version", "draft") != coopcase("calendar", "show", "2015")


def test_a_newer_edition_of_the_days_off_is_previewed_and_adopted(office: Office) -> None:
    assert coopcase("calendar", "edition")["moved"] == []
    assert refusal("calendar", "adopt-edition", "--by", login_of("manager", None)).code == "edition_adopted_already"
    with behind_the_program(engine()) as connection:
        connection.execute(update(calendar_adoptions).values(edition=1))
        total = {"start": "2014-01-27", "term": "1 working day", "kind": "target", "seq": 1}
        mine = update(deadlines).where(deadlines.c.key == "accept_target")
        connection.execute(mine.values(sum=total, starts_on=date(2014, 1, 27), ends_on=date(2014, 1, 28)))
    seen = coopcase("calendar", "edition")
    assert (seen["edition"], seen["newest"], seen["count"]) == (1, 2, 4)
    assert {"on": "2014-01-28", "before": "", "after": "swap"} in seen["days"]
    assert {(item["before"], item["after"]) for item in seen["moved"]} == {("2014-01-28", "2014-02-06")}
    assert "phần mềm có bản 2" in printed("calendar", "edition")
    assert refusal("calendar", "adopt-edition", "--by", login_of("manager")).code == "edition_not_yours"
    by = ("--by", login_of("manager", None))
    assert refusal("calendar", "adopt-edition", *by, "--seen", "khác").code == "moves_not_seen"
    assert coopcase("calendar", "adopt-edition", *by, "--seen", seen["digest"])["moved"] == seen["moved"]
    assert coopcase("calendar", "edition")["edition"] == 2


def test_a_sum_is_counted_again_by_an_edition_and_says_when_its_year_was_only_computed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("deadline", "--from", "27/01/2014", "--term", "1 working day")
    found = [coopcase(*asked, *more) for more in ((), ("--edition", "1"), ("--office", "HBG"))]
    assert [(item["ends_on"], item["edition"]) for item in found] == [
        ("2014-02-06", 2), ("2014-01-28", 1), ("2014-02-06", 2)
    ]  # fmt: skip
    assert refusal(*asked, "--edition", "99").code == "no_such_edition"
    text = printed(*asked, "--edition", "1")
    assert "Lịch nghỉ năm 2014 trong hệ thống do phần mềm tính" in text and "Theo lịch nghỉ bản 1, mã kiểm tra" in text
    assert "do phần mềm tính" not in printed(*asked)
    assert coopcase("calendar", "show", "2014", "--edition", "1")["edition"] == 1
    monkeypatch.setenv("COOPCASE_LANG", "en")
    settings.cache_clear()
    assert "were computed and not checked" in printed(*asked, "--edition", "1")
