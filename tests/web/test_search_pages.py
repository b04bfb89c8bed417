"""The box in the head of every page, its hits while typing, and the page of everything found."""

import html
from collections.abc import Callable

from models.database import writing
from tests.web.web_office import ROLES, Office, Visitor, new_unit

As = Callable[..., Visitor]


def test_the_box_is_on_every_page_and_keeps_what_was_asked(office: Office, as_role: As, anybody: Visitor) -> None:
    clerk = as_role("clerk")
    for path in ("/work", "/register", "/letters", f"/cases/{office.first}", "/help", "/me"):
        assert '<form class="find" action="/search" method="get"' in clerk.get(path).text, path
    assert 'class="find"' not in anybody.get("/sign-in").text
    page = clerk.get("/search?q=%3Cb%3E+bach+%22dang").text
    assert 'value="&lt;b&gt; bach &#34;dang"' in page and "<b> bach" not in page
    empty = html.unescape(clerk.get("/search").text)
    assert "Gõ tên (có dấu hoặc không" in empty


def test_results_are_grouped_counted_and_paged(office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        for number in range(45):
            new_unit(connection, f"HTX Muối Bàng La {number}", "HBG")
    clerk = as_role("clerk")
    page = html.unescape(clerk.get("/search?q=bang+la+muoi").text)
    assert "45 kết quả cho “bang la muoi”" in page
    assert '<a href="/search?q=bang%20la%20muoi&kind=unit">Xem cả 45 kết quả loại này</a>' in " ".join(page.split())
    assert page.count('class="unit"') == 10
    first, second = (clerk.get(f"/search?q=bang+la+muoi&kind=unit&p={number}").text for number in (1, 2))
    assert (first.count('class="unit"'), second.count('class="unit"')) == (40, 5)
    assert "41–45 trên 45" in second
    assert clerk.get("/search?q=bang+la+muoi&kind=x&p=7").status_code == 200
    assert "Không tìm thấy “khong co gi”" in html.unescape(clerk.get("/search?q=khong+co+gi").text)


def test_hits_of_each_role_lead_to_pages_it_may_open(office: Office, as_role: As) -> None:
    for role in ROLES:
        visitor = as_role(role)
        hits = visitor.get("/search/hits?q=htx+dang+bach")
        assert "<html" not in hits.text and f'href="/cases/{office.first}"' in hits.text, role
        for place in hits.text.split('href="')[1:]:
            assert visitor.get(html.unescape(place.split('"')[0])).status_code == 200, (role, place[:40])
        assert "An Hồng" not in visitor.get("/search/hits?q=an+hong+nuoc").text
        theirs = html.unescape(visitor.get(f"/search?q={office.elsewhere}").text)
        assert f"Không tìm thấy “{office.elsewhere}”" in theirs, role
    assert "An Hồng" in as_role("leader", None).get("/search/hits?q=nuoc+hong+an").text
    assert "data-count" in visitor.get("/search/hits").text


def test_the_boxes_of_lists_find_the_same(office: Office, as_role: As) -> None:
    visitor = as_role("manager")
    for asked in ("htx+dvnn+bach+dang", "dang+bach", office.first, "vu+van+an+dang", "ha+ly+bach"):
        for path in (f"/register?q={asked}", f"/work?scope=office&q={asked}", f"/take-over?q={asked}"):
            page = visitor.get(path).text
            assert "Bạch Đằng" in page and "Sông Cấm" not in page, path
