"""The pages of the books: lines with names of issuers, prints, and numbers typed by hand refused."""

import html
from collections.abc import Callable

import pytest

from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


def test_the_book_shows_what_each_number_belongs_to_and_prints(papers: Paperwork, as_role: As) -> None:
    papers.cancelled(papers.issued(papers.drafted(deleted_on="25/03/2016")), "Sai <b>tên</b>")
    papers.decided()
    clerk = as_role("clerk")
    text = clerk.get("/book").text
    assert "Phòng Tài chính - Kế hoạch quận Hồng Bàng" in text
    assert "Sai &lt;b&gt;tên&lt;/b&gt;" in text
    only = clerk.get("/book?issuer=HBG/district_committee&series=decisions").text
    assert "01/TB-TCKH" not in only
    assert "01/QĐ-UBND" in only
    assert "01/TB-TCKH" not in as_role("clerk", "ADG").get("/book").text
    for kind in ("outgoing", "handover", "incoming"):
        assert clerk.get(f"/book/2016/{kind}.pdf?on=14/03/2016").content.startswith(b"%PDF-")
        assert clerk.get(f"/book/2016/{kind}.xlsx").content.startswith(b"PK")
    assert clerk.get("/book/2016/secret.pdf").status_code == 404
    assert clerk.get("/book/2016/outgoing.exe").status_code == 404
    assert clerk.get("/book/2016/handover.pdf?on=31/02/2016").status_code == 422


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"number": "12a"}, "số do sổ cấp theo thứ tự, không gõ tay («12a»)"),
        ({"on": "01/03/2016"}, "không ghi ngày ban hành sớm hơn"),
        ({"on": "20/03/2016"}, "không cấp số cho ngày chưa đến"),
        ({"on": "hôm qua"}, "hôm qua"),
    ],
)
def test_a_number_or_day_of_ones_own_is_refused_with_the_lawful_way(
    papers: Paperwork, as_role: As, typed: dict[str, str], says: str
) -> None:
    letter = papers.approved(papers.drafted(deleted_on="25/03/2016"))
    answer = as_role("clerk").send(f"/letters/{letter}/issue", typed)
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)
    assert papers.status(letter) == "approved"
