"""The office's pages of signatories and of number books."""

import html
from collections.abc import Callable

import pytest

from tests.correspondence.ink.desk import BOOK, InkDesk
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]
CHAIR = {"name": "Lê An", "post": "Chủ tịch", "body": "district_committee", "from_on": "01/01/2014"}


@pytest.fixture
def desk(office: Office) -> InkDesk:
    return InkDesk(office.bind, office.first)


def test_a_signatory_is_recorded_ended_and_shown_to_all(desk: InkDesk, as_role: As) -> None:
    clerk, reader = as_role("clerk"), as_role("legal")
    assert clerk.send("/office/signatories", CHAIR | {"post": ""}).status_code == 422
    assert clerk.send("/office/signatories", CHAIR).status_code == 303
    assert clerk.send("/office/signatories", CHAIR | {"name": "Khác"}).status_code == 403
    page = html.unescape(reader.get("/office/signatories").text)
    assert "Lê An" in page and "<form method" not in page.split("<main")[-1].split("</main>")[0].split("<table")[-1]
    assert clerk.send("/office/signatories/1/end", {"on": "14/03/2016", "reason": ""}).status_code == 422
    assert clerk.send("/office/signatories/1/end", {"on": "14/03/2016", "reason": "Nghỉ hưu"}).status_code == 303
    assert "Nghỉ hưu" in html.unescape(reader.get("/office/signatories").text)
    assert "Lê An" not in html.unescape(as_role("clerk", "ADG").get("/office/signatories").text)


def test_a_book_is_settled_with_its_history_and_its_start(desk: InkDesk, as_role: As) -> None:
    clerk = as_role("clerk")
    typed = {"book": BOOK, "mode": "on_paper", "from_on": "14/03/2016"}
    assert clerk.send("/office/books/mode", typed).status_code == 303
    assert clerk.send("/office/books/mode", typed).status_code == 403
    page = html.unescape(as_role("legal").get("/office/books").text)
    assert "Văn thư giữ sổ giấy, nhập số" in page and "clerk.hbg" in page
    start = {"book": BOOK, "series": "others", "year": "2016", "number": "58"}
    assert clerk.send("/office/books/start", start | {"number": "x"}).status_code == 422
    assert clerk.send("/office/books/start", start | {"series": "x"}).status_code == 422
    assert clerk.send("/office/books/start", start).status_code == 303
    assert clerk.send("/office/books/finish", start).status_code == 404
