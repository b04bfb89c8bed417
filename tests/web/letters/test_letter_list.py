"""The list of letters as its reader: mine first, counts, age, what got stuck."""

import html
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest

from models.database import writing
from models.office_clock import set_demo_day
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import TODAY, Office, Visitor

As = Callable[..., Visitor]


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


def shelves(text: str) -> dict[str, int]:
    """The statuses with their counts."""
    listed = text.split('<ul class="shelves"')[1].split("</ul>")[0]
    return {name.strip(): int(count) for name, count in re.findall(r">([^<>]+) <b>(\d+)</b></a>", listed)}


def test_what_waits_for_me_comes_first_and_every_status_is_counted(papers: Paperwork, as_role: As) -> None:
    papers.drafted("tax_inquiry")
    letter = papers.approved(papers.drafted(deleted_on="25/03/2016"))
    text = html.unescape(as_role("clerk").get("/letters").text)
    assert shelves(text) == {"Chờ tôi xử lý": 1, "Dự thảo": 1, "Đã ký, chờ số": 1, "Mọi tình trạng": 2}
    assert f'href="/letters/{letter}"' in text
    assert "tax_inquiry" not in text
    assert shelves(as_role("clerk", "ADG").get("/letters").text) == {"Chờ tôi xử lý": 0, "Mọi tình trạng": 0}


def test_a_stuck_letter_is_marked_listed_and_shown_to_the_heads(papers: Paperwork, as_role: As, office: Office) -> None:
    letter = papers.approved(papers.drafted(deleted_on="25/03/2016"))
    with writing(office.bind) as connection:
        set_demo_day(connection, TODAY + timedelta(days=9))
    clerk = as_role("clerk")
    assert "Đã ký lâu, chưa cấp số" in clerk.get("/letters").text
    held = clerk.get("/letters?status=stuck").text
    assert f'href="/letters/{letter}"' in held
    assert "(9 ngày)" in held
    assert "Văn bản bị tắc" in as_role("manager").get("/late").text
    assert "Văn bản bị tắc" not in as_role("manager", "ADG").get("/late").text
    assert f"/letters/{letter}" not in clerk.get("/letters?status=stuck&q=kh%C3%B4ng").text


def test_ticked_letters_are_printed_together_or_served(papers: Paperwork, as_role: As, office: Office) -> None:
    other = Paperwork(office.bind, office.second)
    issued, draft = papers.issued(papers.drafted(deleted_on="25/03/2016")), other.drafted("tax_inquiry")
    clerk = as_role("clerk")
    page = clerk.get("/letters?status=all").text
    assert f'name="letter" value="{issued}"' in page and "Tất cả 2 văn bản theo bộ lọc" in page
    done = clerk.get(f"/letters/ticked?do=print&letter={issued}&letter={draft}&letter={issued}")
    assert done.headers["content-type"] == "application/pdf"
    with (
        pikepdf.open(io.BytesIO(done.content)) as both,
        pikepdf.open(io.BytesIO(clerk.get("/letters/ticked?do=print&every=true&status=issued").content)) as one,
    ):
        assert len(both.pages) > len(one.pages) > 0
    served = clerk.get(f"/letters/ticked?do=serve&letter={issued}&letter={draft}")
    assert served.headers["location"] == f"/letters/serve?letter={issued},{draft}"
    form = html.unescape(clerk.get(served.headers["location"]).text)
    assert f'value="{issued}" checked' in form and "1 văn bản đã đánh dấu không ở danh sách này" in form


def test_nothing_ticked_too_many_and_letters_of_others(papers: Paperwork, as_role: As) -> None:
    first = papers.drafted("tax_inquiry")
    clerk = as_role("clerk")
    for asked, says in (
        ("do=print", "Chưa chọn văn bản nào"), ("do=print&every=true&q=khongco", "Chưa chọn văn bản nào"),
        (f"do=burn&letter={first}", "Chưa chọn việc"), ("do=serve&letter=x&letter=-1", "Chưa chọn văn bản nào"),
    ):  # fmt: skip
        answer = clerk.get(f"/letters/ticked?status=all&{asked}")
        assert answer.status_code == 422 and says in html.unescape(answer.text), asked
    many = "&".join(f"letter={number}" for number in range(first, first + 101))
    answer = clerk.get(f"/letters/ticked?do=print&status=all&{many}")
    assert answer.status_code == 422 and "nhiều nhất 100" in html.unescape(answer.text)
    back = html.unescape(answer.text).split('<a class="button first" href="')[1].split('"')[0]
    assert f'value="{first}" checked' in clerk.get(back).text, "what was ticked stays ticked"
    assert as_role("clerk", "ADG").get(f"/letters/ticked?do=print&letter={first}").status_code == 404
    assert as_role("leader").get(f"/letters/ticked?do=print&letter={first}").status_code == 200


def test_the_list_turns_round_by_age(papers: Paperwork, as_role: As) -> None:
    first, second = papers.drafted("tax_inquiry"), papers.drafted("name_deletion_notice")

    def order(query: str) -> list[int]:
        text = as_role("clerk").get(f"/letters?status=all{query}").text
        return [int(number) for number in re.findall(r'class="unit" href="/letters/(\d+)"', text)]

    assert order("") == order("&sort=nonsense") == [first, second]
    assert order("&sort=newest") == [second, first]
    assert order("&p=2") == []
    assert "<script>" not in as_role("clerk").get("/letters?q=<script>&status=<script>").text
