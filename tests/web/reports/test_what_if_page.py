"""The page and the workbook of what would change a forecast."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import load_workbook

from models.database import engine
from tests.oversight.histories import flagged, live_together
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]
FIRST = date(2015, 3, 2)


@pytest.fixture
def at_council(office: Office) -> Office:
    refs = [flagged(engine(), f"HTX Chờ ký {number}", FIRST) for number in range(3)]
    live_together(engine(), refs, "dissolved_compulsory", FIRST, "submit_dossier")
    return office


def test_each_change_is_said_with_its_step_and_whether_it_gains(at_council: Office, as_role: As) -> None:
    text = as_role("leader").get("/late/what-if?milestone=treatment_done").text
    assert "hồ sơ ở bước «Bắt buộc: chờ ký quyết định» ngày 13/04/2016" in text
    assert "Một phiên họp chung cho tối đa 40" in text
    assert "số trên tính theo lượng việc đang chờ" in text  # no forecast is given on so few cases


def test_an_unknown_date_and_an_office_without_cases_are_named(at_council: Office, as_role: As) -> None:
    assert "Không còn mốc nào phía trước" in as_role("manager").get("/late/what-if?milestone=nothing").text


def test_the_workbook_has_numbers_to_calculate_with(at_council: Office, as_role: As) -> None:
    answer = as_role("manager", None).get("/late/what-if.xlsx?milestone=treatment_done")
    (sheet,) = load_workbook(io.BytesIO(answer.content)).worksheets
    rows = list(sheet.values)[1:]
    assert rows and all(isinstance(value, int | float) for row in rows for value in row[3:6])
    assert any("chờ ký quyết định" in str(row[1]) for row in rows)


def test_the_report_for_the_leader_says_what_gains_most(at_council: Office, as_role: As) -> None:
    """What the page of changes says of the nearest date, the report says too."""
    found = as_role("leader").get("/late/what-if").text
    text = as_role("leader").get("/late/report").text
    gained = re.findall(r'data-label="Thay đổi">([^<]+)<', found.partition("Thay đổi không có tác dụng rõ")[0])
    assert all(change in text for change in gained[:3])
    assert bool(gained) != ("Chưa thay đổi nào trong số đã thử có tác dụng rõ." in text)
