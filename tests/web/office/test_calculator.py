"""The calculator page: every option, the marks on the months, an address to pass on, and nothing that breaks it."""

import html
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from httpx import Response

from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


@pytest.fixture
def officer(office: Office, as_role: As) -> Visitor:
    return as_role("case_officer")


def ask(visitor: Visitor, *pairs: tuple[str, str], **fields: str) -> Response:
    return visitor.get("/calculator?" + urlencode([*fields.items(), *pairs]))


def words(answer: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def answer_of(page: Response) -> str:
    found = re.search(r'aria-live="polite">.*?<h2>(.*?)</h2>', page.text, re.DOTALL)
    assert found, words(page)[:2000]
    return found[1].strip()


PAUSES = (
    ("pause_from", "02/03/2015"),
    ("pause_to", "09/03/2015"),
    ("pause_from", "20/03/2015"),
    ("pause_to", "23/03/2015"),
)


@pytest.mark.parametrize(
    ("fields", "pairs", "end"),
    [
        ({"amount": "60"}, (), "Thứ Hai, 04/05/2015"),
        ({"amount": "60", "kind": "target"}, (), "Thứ Sáu, 01/05/2015"),
        ({"amount": "60", "extend": "10", "decision": "1/QĐ"}, (), "Thứ Hai, 11/05/2015"),
        ({"amount": "10", "unit": "working_days"}, PAUSES, "Thứ Hai, 23/03/2015"),
        ({"amount": "60"}, (("pause_from", "20/03/2015"), ("pause_to", "")), "Đồng hồ đang dừng"),
        ({"amount": "15", "backwards": "true"}, (), "Chủ Nhật, 15/02/2015"),
    ],
    ids=["legal", "target", "extended", "two suspensions", "without an end", "backwards"],
)
def test_the_last_day(officer: Visitor, fields: dict[str, str], pairs: tuple[tuple[str, str], ...], end: str) -> None:
    assert answer_of(ask(officer, *pairs, start="02/03/2015", **fields)) == end


def test_the_calendar_is_chosen_whatever_the_unit(officer: Visitor) -> None:
    """Saturday 25 April 2015 was worked in offices for Monday the 29th."""
    of_offices = ask(officer, start="24/04/2015", amount="1", unit="working_days")
    general = ask(officer, start="24/04/2015", amount="1", unit="working_days", calendar="general")
    assert (answer_of(of_offices), answer_of(general)) == ("Thứ Bảy, 25/04/2015", "Thứ Hai, 27/04/2015")


def test_every_day_of_the_months_says_what_it_was(officer: Visitor) -> None:
    page = ask(
        officer, ("pause_from", "02/03/2015"), ("pause_to", "04/03/2015"), start="12/02/2015", amount="8",
        unit="working_days",
    ).text  # fmt: skip
    days = [
        (classes.split(), int(day)) for classes, day in re.findall(r'<td class="([a-z ]+)"[^>]*>\s*(\d+)\s*</td>', page)
    ]
    by_mark = {
        mark: [day for classes, day in days if mark in classes] for mark in ("start", "worked", "suspended", "last")
    }
    assert by_mark == {"start": [12], "worked": [14], "suspended": [2, 3], "last": [5]}
    assert all(f'class="{mark}"' in page.split('class="legend"')[1] for mark in by_mark), "each mark has its legend"


def test_a_long_term_shows_its_first_and_last_months(officer: Visitor) -> None:
    page = ask(officer, start="10/02/2015", amount="900")
    assert page.text.count("<caption>") == 12
    assert "18 tháng ở giữa không vẽ" in words(page)


def test_the_address_is_one_to_pass_on(officer: Visitor) -> None:
    """A form sends its empty boxes; the address that stays asks the same without them."""
    empty = {"unit": "days", "kind": "legal", "calendar": "", "extend": "", "decision": ""}
    sent = ask(officer, *PAUSES, ("pause_from", ""), ("pause_to", ""), start="02/03/2015", amount="60", **empty)
    assert sent.status_code == 303
    address = sent.headers["location"]
    assert address.startswith("/calculator?start=02%2F03%2F2015&amount=60&pause_from=02%2F03%2F2015")
    assert "unit" not in address and "decision" not in address
    page = officer.get(address)
    assert (page.status_code, answer_of(page)) == (200, "Thứ Hai, 11/05/2015")
    lasting = ask(officer, ("pause_from", "20/03/2015"), ("pause_to", ""), start="02/03/2015", amount="60", unit="days")
    assert officer.get(lasting.headers["location"]).status_code == 200
    assert officer.get("/calculator").status_code == 200


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"start": "31/02/2015"}, "Ngày bắt đầu: «31/02/2015» không phải ngày có thật"),
        ({"start": "01/01/0001"}, "không phải ngày có thật"), ({"start": "31/12/9999"}, "không phải ngày có thật"),
        ({"start": ""}, "không phải ngày có thật"), ({"amount": ""}, "không phải số nguyên"),
        ({"amount": "-1"}, "không phải số nguyên"), ({"amount": "1,5"}, "không phải số nguyên"),
        ({"amount": "999999"}, "ngoài khoảng tính được"), ({"amount": "٣"}, "không phải số nguyên"),
        ({"amount": "9999999999"}, "không phải số nguyên"), ({"amount": "300", "unit": "years"}, "ngoài khoảng"),
        ({"extend": "x"}, "Thêm bao nhiêu ngày: «x»"), ({"extend": "9999", "decision": "1"}, "phải từ 0 đến 3650"),
        ({"extend": "5"}, "gia hạn phải ghi số quyết định"),
        ({"pause_from": "10/03/2015", "pause_to": "01/03/2015"}, "trước ngày bắt đầu 10/03/2015"),
        ({"pause_to": "10/03/2015"}, "Dừng từ ngày: «» không phải ngày có thật"),
        ({"backwards": "true", "pause_from": "03/03/2015"}, "tính lùi không dừng và không gia hạn"),
        ({"backwards": "true", "extend": "3", "decision": "1/QĐ"}, "tính lùi không dừng và không gia hạn"),
        ({"pause_from": "30/02/2015"}, "Dừng từ ngày: «30/02/2015»"),
    ],
)  # fmt: skip
def test_a_wrong_box_is_named_at_the_box(officer: Visitor, fields: dict[str, str], says: str) -> None:
    typed = [(name, value) for name, value in ({"start": "02/03/2015", "amount": "60"} | fields).items() if value]
    page = officer.get("/calculator?" + urlencode(typed))
    assert page.status_code == 422
    assert says in words(page)
    assert 'aria-live="polite"' not in page.text


def test_every_wrong_box_is_named_at_once(officer: Visitor) -> None:
    page = ask(officer, start="x", amount="y", extend="z", pause_from="w")
    assert page.text.count('class="wrong"') == 4


def test_terms_of_nought_and_of_thousands_and_years_without_a_calendar(officer: Visitor) -> None:
    assert answer_of(ask(officer, start="02/09/2015", amount="0")) == "Thứ Năm, 03/09/2015"
    assert answer_of(ask(officer, start="02/01/2014", amount="3000")) == "Thứ Hai, 21/03/2022"
    far = ask(officer, start="01/01/2100", amount="250", unit="years")
    assert far.status_code == 200
    assert "Lịch nghỉ của năm này chưa có trong hệ thống" in words(far)
    back = ask(officer, start="01/01/1950", amount="250", unit="years", backwards="true")
    assert answer_of(back).endswith("01/01/1700")


def test_choices_that_are_none_are_the_usual_ones(officer: Visitor) -> None:
    page = ask(officer, start="02/03/2015", amount="60", unit="moons", kind="x", calendar="y")
    assert answer_of(page) == "Thứ Hai, 04/05/2015"
    many = [("pause_from", "20/03/2015"), ("pause_to", "21/03/2015")] * 60
    assert ask(officer, *many, start="02/03/2015", amount="60").status_code == 200
    assert "<script>x" not in ask(officer, start="<script>x", amount="1").text
