"""One page for the leader's meeting, and the lists as files."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from audit_log.sequencer import printed, sequence
from models.database import reading, writing
from models.settings import settings
from tests.web.web_office import CLOCK, Office, Visitor, did, new_case

As = Callable[..., Visitor]


def sheets(content: bytes) -> list[list[tuple[Any, ...]]]:
    return [list(sheet.values) for sheet in load_workbook(io.BytesIO(content)).worksheets]


def test_the_sum_of_the_period_holds_and_is_said(office: Office, as_role: As) -> None:
    text = as_role("leader").get("/late/report?from_on=01/03/2016&to_on=14/03/2016").text
    assert "Đầu kỳ 0 + mới 3 − đóng 0 = cuối kỳ 3" in text
    text = as_role("leader").get("/late/report?from_on=02/03/2016&to_on=14/03/2016").text
    assert "Đầu kỳ 3 + mới 0 − đóng 0 = cuối kỳ 3" in text
    city = as_role("manager", None).get("/late/report?from_on=01/03/2016&to_on=14/03/2016").text
    opened = [int(count) for count in re.findall(r'data-label="Mới">(\d+)<', city)]
    assert sum(opened) == 4
    assert "mới 4 " in city


def test_the_head_of_the_log_is_printed(office: Office, as_role: As) -> None:
    sequence(office.bind, settings().data.resolve(), CLOCK.now())
    with reading(office.bind) as connection:
        head = printed(connection)
    assert head
    assert head in as_role("leader").get("/late/report").text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param("from_on=1/3&to_on=14/03/2016", "dd/mm", id="no date"),
        pytest.param("from_on=14/03/2016&to_on=01/03/2016", "đổi lại hai ngày", id="reversed"),
    ],
)
def test_a_period_that_is_none_is_refused_and_the_month_before_shown(
    office: Office, as_role: As, asked: str, said: str
) -> None:
    answer = as_role("manager").get(f"/late/report?{asked}")
    assert answer.status_code == 422
    assert said in answer.text
    assert "từ 01/02/2016 đến 29/02/2016" in answer.text


def test_the_file_has_every_overdue_case_of_the_office_alone(office: Office, as_role: As) -> None:
    did(office, office.first, "name_obstacle", obstacle="tax_debt", note="x")
    books = sheets(as_role("manager").get("/late/report.xlsx").content)
    assert len(books) == 7
    refs = {row[0] for row in books[3][1:]}
    assert {office.first, office.second} <= refs
    assert office.elsewhere not in refs


def test_a_list_as_a_file_is_the_list_that_was_asked_for(office: Office, as_role: As) -> None:
    did(office, office.first, "name_obstacle", obstacle="tax_debt", note="x")
    (held,) = sheets(as_role("manager").get("/work.xlsx?held=true").content)
    assert [row[0] for row in held[1:]] == [office.first]
    row = dict(zip(held[0], held[1], strict=True))
    assert "Chi cục Thuế" in row["Vướng mắc (cơ quan tháo gỡ)"]
    assert row["Việc tiếp theo"] and row["Người thực hiện"]


def test_no_name_of_the_register_acts_as_a_formula(office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        ref = new_case(connection, '=HYPERLINK("http://x","HTX")', "HBG")
    workbook = load_workbook(io.BytesIO(as_role("manager").get("/work.xlsx").content))
    (row,) = [row for row in workbook.active.iter_rows() if row[0].value == ref]  # type: ignore[union-attr]
    assert (row[1].data_type, row[1].quotePrefix) == ("s", True)  # type: ignore[attr-defined]
    assert f"{ref},'=HYPERLINK" in as_role("manager").get("/work.csv").text.replace('"', "")


def test_numbers_and_days_of_the_file_can_be_calculated_with(office: Office, as_role: As) -> None:
    workbook = load_workbook(io.BytesIO(as_role("manager").get("/late/report.xlsx").content))
    dates = [[cell.value for cell in row] for row in workbook.worksheets[1].iter_rows(min_row=2)]
    treatment = next(row for row in dates if row[1] == datetime(2016, 12, 31))
    assert treatment[2:5] == [3, 0, 0]
    heads, *cases = list(workbook.worksheets[3].values)
    assert cases and all(isinstance(row[heads.index("Mốc kế hoạch")], datetime) for row in cases)


def test_the_risks_and_the_changes_of_the_nearest_date_are_on_the_page_and_in_the_file(
    office: Office, as_role: As
) -> None:
    """As the pages of both say them: the cases, the last days of acts, and what was tried."""
    listed = as_role("leader").get("/late/risk?milestone=treatment_done").text
    text = as_role("leader").get("/late/report").text
    summary = re.search(r"\d+ hồ sơ phải hoàn thành đến mốc này; [^.]*\.", listed)
    assert summary and summary[0] in text
    assert f"/cases/{office.first}" in text
    assert "Nguy cơ không hoàn thành đúng mốc gần nhất: " in text
    *_, days, cases, changes = sheets(as_role("leader").get("/late/report.xlsx").content)
    assert days[1:] and all(isinstance(row[0], datetime) for row in days[1:])
    assert {office.first, office.second} <= {row[0] for row in cases[1:]}
    assert office.elsewhere not in {row[0] for row in cases[1:]}
    assert changes[0][0] == "Thay đổi"
