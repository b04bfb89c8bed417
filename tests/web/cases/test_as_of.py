"""The lists and a case as of a day, and as they were known on a day."""

import html
import re
from collections.abc import Callable

import pytest
from httpx import Response

from tests.web.web_office import Office, Visitor, did

As = Callable[..., Visitor]


def words(answer: Response) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text))


@pytest.fixture
def held(office: Office) -> Office:
    """On 14 March: the first case is held up by the tax debt."""
    did(office, office.first, "name_obstacle", obstacle="tax_debt", note="x")
    return office


@pytest.mark.parametrize("page", ["/work?scope=office", "/late?"])
def test_a_list_is_shown_as_of_a_day_with_a_banner_and_links_that_keep_the_day(
    held: Office, as_role: As, page: str
) -> None:
    manager = as_role("manager")
    now, then = manager.get(page), manager.get(f"{page}&as_of=13/03/2016")
    assert "Đang xem lại quá khứ" not in words(now)
    assert "Đang xem lại quá khứ" in words(then) and "13/03/2016" in words(then)
    assert "Nợ thuế" in _table(now)
    assert f'href="/cases/{held.first}?as_of=13/03/2016"' in then.text
    assert "Nợ thuế" not in _table(then)
    assert "Nợ thuế" in _table(manager.get(f"{page}&as_of=14/03/2016"))


def _table(answer: Response) -> str:
    return html.unescape(answer.text.split('<table class="stack cases')[-1])


def test_only_the_cases_that_were_there_are_listed(held: Office, as_role: As) -> None:
    leader = as_role("leader")
    for query, cases in (
        ("as_of=02/03/2016", 3),
        ("as_of=29/02/2016", 0),
        ("known_on=13/03/2016", 0),
        ("known_on=14/03/2016", 3),
        ("as_of=01/01/1900", 0),
        ("as_of=31/12/9999&known_on=31/12/9999", 3),
        ("known_on=01/01/0001", 0),
    ):
        for page in ("/work", "/late"):
            answer = leader.get(f"{page}?{query}")
            assert (answer.status_code, answer.text.count('<a class="unit"')) == (200, cases), (page, query)


def test_filters_and_pages_keep_the_day(held: Office, as_role: As) -> None:
    manager = as_role("manager")
    found = manager.get("/work?as_of=14/03/2016&obstacle=tax_debt")
    assert found.text.count('<a class="unit"') == 1
    assert 'name="as_of" value="14/03/2016"' in found.text
    assert manager.get("/work?as_of=13/03/2016&obstacle=tax_debt").text.count('<a class="unit"') == 0
    assert "as_of=14/03/2016&amp;obstacle=tax_debt" in found.text or "as_of=14%2F03%2F2016" in found.text
    assert manager.get("/work?as_of=14/03/2016&q=song+cam").text.count('<a class="unit"') == 1


def test_a_day_that_is_none_is_refused_and_the_page_shows_now(held: Office, as_role: As) -> None:
    manager = as_role("manager")
    for page in ("/work", "/late", f"/cases/{held.first}", f"/cases/{held.first}/sums"):
        for query in ("as_of=31/02/2016", "known_on=hôm+qua", "as_of=14/03/2016&known_on=0"):
            answer = manager.get(f"{page}?{query}")
            assert answer.status_code == 422, (page, query)
            assert "ngày" in words(answer)
            assert "Bạch Đằng" in words(answer)


def test_a_case_before_it_was_opened_is_said_in_words(held: Office, as_role: As) -> None:
    manager = as_role("manager")
    for page in (f"/cases/{held.first}", f"/cases/{held.first}/sums"):
        for query in ("as_of=01/01/2015", "known_on=13/03/2016"):
            text = words(manager.get(f"{page}?{query}"))
            assert "Lúc đó hồ sơ chưa được mở." in text, (page, query)
            assert "Đúng tiến độ" not in text


def test_the_sums_of_now_can_become_a_letter(held: Office, as_role: As) -> None:
    officer, path = as_role("case_officer"), f"/cases/{held.first}/sums"
    assert 'value="deadline_statement"' in officer.get(path).text
    assert 'value="deadline_statement"' not in officer.get(f"{path}?as_of=14/03/2016").text
    made = officer.send(f"/cases/{held.first}/letters/new", {"template": "deadline_statement"})
    assert made.status_code == 303
    letter = words(officer.get(made.headers["location"]))
    assert "Giải trình" in letter or "giải trình" in letter
