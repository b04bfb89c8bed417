"""From the list to an act and on to the next case: what comes next, whose turn it is, and the way back."""

import html
import json
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework.lists.worklist import Filter
from correspondence.bulk.bulk_choice import Wanted
from models.database import writing
from models.tables import case_rows, deadlines, officers
from tests.web.web_office import TODAY, Office, Visitor, did, login_of, new_case

As = Callable[..., Visitor]


@pytest.fixture
def three(office: Office) -> list[str]:
    """Three cases of one officer, in the order of her list."""
    with writing(office.bind) as connection:
        new_case(connection, "HTX Muối Đồ Sơn", "HBG")
        officer = select(officers.c.id).where(officers.c.login == login_of("case_officer")).scalar_subquery()
        connection.execute(case_rows.update().where(case_rows.c.district_code == "HBG").values(officer_id=officer))
        connection.execute(case_rows.update().where(case_rows.c.ref == office.city).values(officer_id=None))
    return [office.first, office.second, "HP-2016-0005"]


def rows(page: str) -> dict[str, str]:
    """The rows of a list in plain words, by the reference of the case."""
    found = re.findall(r'<tr id="(HP-[0-9-]+)">(.*?)</tr>', page, re.DOTALL)
    return {ref: " ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for ref, row in found}


def test_the_list_leads_straight_to_the_act_that_comes_next(three: list[str], office: Office, as_role: As) -> None:
    did(office, office.second, "accept_case", file_held="true")
    officer = as_role("case_officer")
    page = officer.get("/work").text
    for ref, verb in ((office.first, "accept_case"), (office.second, "record_visit")):
        assert f'<a class="act" href="/cases/{ref}/acts/{verb}">' in page
        assert officer.get(f"/cases/{ref}/acts/{verb}").status_code == 200
    manager = as_role("manager").get("/work?scope=office").text
    assert 'class="act"' not in manager
    assert "Chờ Cán bộ thụ lý: Ghi biên bản kiểm tra" in rows(manager)[office.second]


def test_a_date_of_the_list_says_what_it_is_of(three: list[str], office: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    row = rows(officer.get("/work").text)[office.first]
    assert "01/03/2016 chậm 13 ngày so với kế hoạch Rà soát, phân loại xong" in row
    assert "Kiểm tra hồ sơ đăng ký" in row  # all that is shown so far is past: then the next to come too
    past = rows(officer.get("/work?as_of=13/03/2016").text)[office.first]
    assert "01/03/2016 chậm 12 ngày so với kế hoạch Rà soát, phân loại xong" in past


def test_what_falls_in_the_next_days_has_a_list_of_its_own(three: list[str], office: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    for ref, days in ((office.first, 3), (office.second, 1), (three[2], 40)):
        _falls(office, ref, TODAY + timedelta(days=days))
    page = officer.get("/work?coming=true").text
    assert list(rows(page)) == [office.second, office.first]  # by their days; the third has none so soon
    assert "Có hạn trong 5 ngày làm việc tới <b>2</b>" in " ".join(page.split())


def test_a_batch_of_letters_goes_to_what_falls_in_the_next_days(three: list[str], office: Office, as_role: As) -> None:
    for ref, days in ((office.first, 3), (office.second, 40), (three[2], 40)):
        _falls(office, ref, TODAY + timedelta(days=days))
    page = as_role("case_officer").get("/letters/bulk/new?coming=true").text
    assert "1 hồ sơ đang mở theo bộ lọc." in page
    kept = Wanted(Filter(falls=(TODAY, TODAY))).document()
    assert json.loads(json.dumps(kept)) == {"falls": ["2016-03-14", "2016-03-14"]}  # as the batch remembers it


def _falls(office: Office, ref: str, on: date) -> None:
    with writing(office.bind) as connection:
        case = case_rows.select().with_only_columns(case_rows.c.id).where(case_rows.c.ref == ref).scalar_subquery()
        connection.execute(
            deadlines.update().where(deadlines.c.case_id == case, deadlines.c.kind == "target").values(ends_on=on)
        )


def test_after_an_act_the_next_case_is_one_click_away(three: list[str], as_role: As) -> None:
    officer = as_role("case_officer")
    officer.get("/work?stage=review")
    answer = officer.send(f"/cases/{three[0]}/acts/accept_case", {"on": "14/03/2016", "f.file_held": "yes"})
    assert answer.headers["location"] == f"/cases/{three[0]}?done=2"
    page = officer.get(answer.headers["location"]).text
    assert "Đã nhận hồ sơ rà soát." in page and "1/3" in page
    assert f'<a class="button" href="/cases/{three[1]}">Hồ sơ kế tiếp: HTX Vận tải Sông Cấm' in page
    last = officer.get(f"/cases/{three[2]}?done=1").text
    assert "Hồ sơ kế tiếp" not in last and 'rel="next"' not in last
    assert f'<a class="button" href="/work?stage=review#{three[2]}">' in last  # the list, at the same place


def test_a_case_closed_meanwhile_is_passed_over(three: list[str], office: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    officer.get("/work")
    with writing(office.bind) as connection:
        connection.execute(case_rows.update().where(case_rows.c.ref == three[1]).values(closed_on=TODAY))
    assert f'href="/cases/{three[2]}" data-key="n"' in officer.get(f"/cases/{three[0]}").text


def test_a_case_from_elsewhere_leads_back_to_the_list(three: list[str], office: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    page = officer.get(f"/cases/{three[0]}").text
    assert '<a href="/work" data-key="u">' in page and 'data-key="n"' not in page
    officer.get("/work?q=" + "x" * 600)  # an address that is too long for a cookie
    assert '<a href="/work" data-key="u">' in officer.get(f"/cases/{three[0]}").text
    assert "Đã" not in officer.get(f"/cases/{three[0]}?done=99").text.split('class="path"')[0]


def test_from_the_late_items_one_goes_on_along_them(three: list[str], as_role: As) -> None:
    manager = as_role("manager")
    refs = re.findall(r'<a class="unit" href="/cases/(HP-[0-9-]+)"', manager.get("/late?p=1").text)
    page = manager.get(f"/cases/{refs[0]}").text
    assert f'<a href="/late?p=1#{refs[0]}" data-key="u">' in page
    assert f'href="/cases/{refs[1]}" data-key="n"' in page


def test_a_reassigned_case_names_its_officer(three: list[str], office: Office, as_role: As) -> None:
    as_role("manager").send(f"/cases/{three[0]}/reassign", {"to": "second.hbg", "reason": "Nghỉ phép"})
    page = rows_of_history(as_role("manager").get(f"/cases/{three[0]}").text)
    assert "Giao cho: Người thứ hai" in page and "second.hbg" not in page


def rows_of_history(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page.split('<ol class="history"')[1]))
