"""The page and the workbook of cases at risk: last days in words with articles, and what is awaited."""

import io
from collections.abc import Callable
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from casework.lists.at_risk import risk_lists
from casework.lists.risk_words import miss_in_words
from models.database import engine, reading
from tests.oversight.histories import flagged, live
from tests.web.web_office import Office, Visitor, did

As = Callable[..., Visitor]
TODAY = date(2016, 3, 14)


@pytest.fixture
def at_council(office: Office) -> str:
    """A case whose compulsory dissolution waits for its decision."""
    ref = flagged(engine(), "HTX Chờ ký", date(2015, 3, 2))
    live(engine(), ref, "dissolved_compulsory", date(2015, 3, 2), "submit_dossier")
    return ref


def test_the_last_day_to_sign_is_said_with_its_article_and_who_signs(at_council: str, as_role: As) -> None:
    text = as_role("leader").get("/late/risk?milestone=treatment_done").text
    assert "HTX Chờ ký" in text
    assert "Quyết định giải thể bắt buộc, lập hội đồng:" in text
    assert "31/10/2016" in text and "luật dành 60 ngày" in text
    assert "54" in text  # the article of the council's time
    assert "việc của: Lãnh đạo UBND cùng cấp" in text


def test_what_is_in_the_way_is_named_with_who_lifts_it(office: Office, as_role: As) -> None:
    did(office, office.first, "name_obstacle", obstacle="tax_debt", note="x")
    text = as_role("manager").get("/late/risk").text
    assert "vướng mắc: Nợ thuế (tháo gỡ: Chi cục Thuế)" in text


def test_a_district_sees_its_own_cases_and_the_city_all(office: Office, as_role: As) -> None:
    own = as_role("manager", "HBG").get("/late/risk?district=").text
    assert office.first in own and office.elsewhere not in own
    city = as_role("leader", None).get("/late/risk").text
    assert office.first in city and office.elsewhere in city


def test_the_workbook_has_days_as_days_and_counts_as_numbers(at_council: str, as_role: As) -> None:
    answer = as_role("manager").get("/late/risk.xlsx?milestone=treatment_done")
    days, cases = load_workbook(io.BytesIO(answer.content)).worksheets
    assert all(isinstance(row[0], datetime) and isinstance(row[3], int) for row in list(days.values)[1:])
    row = next(row for row in list(cases.values)[1:] if row[0] == at_council)
    assert row[7] == datetime(2016, 10, 31) and row[8] == (date(2016, 10, 31) - TODAY).days
    assert row[6] == "Quyết định giải thể bắt buộc, lập hội đồng"


def test_a_date_that_nobody_knows_gives_an_empty_workbook(office: Office, as_role: As) -> None:
    answer = as_role("manager").get("/late/risk.xlsx?milestone=nothing")
    assert answer.status_code == 200 and len(load_workbook(io.BytesIO(answer.content)).worksheets) == 1


def test_cases_that_miss_by_law_come_first_and_the_office_has_its_last_days(at_council: str) -> None:
    late = date(2016, 11, 2)  # after the last day to sign
    with reading(engine()) as connection:
        found = {item.milestone.key: item for item in risk_lists(connection, late, district="HBG")}["treatment_done"]
    assert found.cases[0].ref == at_council and found.cases[0].is_past(late)
    assert found.past(late) == 1 and found.read == found.milestone.waiting
    signing = next(one for one in found.last_days if one.act.verb == "decide_dissolution")
    assert (signing.act.on, signing.cases, signing.next, signing.roles) == (date(2016, 10, 31), 1, 1, ("leader",))
    assert [one.act.on for one in found.last_days] == sorted(one.act.on for one in found.last_days)


@pytest.mark.parametrize(
    ("chance", "said"),
    [(None, ""), (0.0, "trên 95%"), (0.99, "dưới 5%"), (0.42, "khoảng 60%")],
)
def test_the_chance_of_missing_is_said_to_five_percent(chance: float | None, said: str) -> None:
    assert miss_in_words(chance, "vi") == said
