"""What people read about the law: articles with what they say and their source, readings with what bears on them."""

from collections.abc import Callable
from datetime import date

import pytest

from models.database import writing
from models.office_clock import set_demo_day
from tests.web.office.test_rules_of_time import words
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


def test_the_articles_that_were_read_say_what_they_say(office: Office, as_role: As) -> None:
    page = words(as_role("legal").get("/citations"))
    for said in (
        "Điều 44 Luật Khiếu nại năm 2011", "có hiệu lực pháp luật sau 30 ngày",
        "Điều 18 Nghị định số 99/2016/NĐ-CP", "hủy giá trị sử dụng con dấu",
        "trước 01 tháng 4 hằng năm", "Điều 105 Luật Phá sản năm 2014",
    ):  # fmt: skip
        assert said in page, said
    for note in ("law2012_open", "law_checked", "[S:", ".md"):
        assert note not in page, "working notes are in docs/law-sources.md"


def test_the_person_who_rules_sees_what_bears_on_the_question(office: Office, as_role: As) -> None:
    for path in ("/office/readings", "/office/readings/stay_and_compulsory_60?way=stops"):
        assert "không quá thời gian còn lại của thời hạn giải quyết" in words(as_role("legal").get(path)), path


@pytest.mark.parametrize("day", [date(2016, 3, 14), date(2026, 11, 29)])
def test_readings_of_a_law_that_has_ended_are_still_listed(office: Office, as_role: As, day: date) -> None:
    with writing(office.bind) as connection:
        set_demo_day(connection, day)
    page = as_role("legal").get("/office/readings")
    assert page.status_code == 200
    assert "khoản 3 Điều 54 Luật Hợp tác xã năm 2012" in words(page)
