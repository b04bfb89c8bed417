"""The home page: what waits for each role, the law of the week, whom they wait for, and the plan; each case once."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.database import reading, writing
from models.office_clock import set_demo_day
from models.tables import case_rows, deadlines, officers
from samples.path_step import Step
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.oversight.histories import act, live
from tests.web.web_office import COMPLAINT, TODAY, Office, Visitor, did, login_of, new_case
from web.cases.home import LETTERS

As = Callable[..., Visitor]
SECTIONS = ("home-mine", "home-law", "home-others", "home-plan")


def sections(visitor: Visitor) -> dict[str, str]:
    """The sections of the page in plain words, by their names."""
    page = visitor.get("/work")
    assert page.status_code == 200
    parts = page.text.split('<section class="sheet flush home" aria-labelledby="')[1:]
    assert [part.partition('"')[0] for part in parts] == list(SECTIONS)
    return {part.partition('"')[0]: plain(part.partition("</section>")[0]) for part in parts}


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def own(office: Office) -> Office:
    """Both district cases of Hồng Bàng are one officer's."""
    officer = select(officers.c.id).where(officers.c.login == login_of("case_officer")).scalar_subquery()
    with writing(office.bind) as connection:
        connection.execute(
            case_rows.update().where(case_rows.c.ref.in_([office.first, office.second])).values(officer_id=officer)
        )
    return office


def test_each_case_of_an_officer_is_in_one_section(own: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    found = sections(officer)
    assert own.first in found["home-mine"] and own.second in found["home-mine"]
    assert "Chậm so với kế hoạch" in found["home-mine"], "the plan groups what waits, after the law"
    did(own, own.second, "name_obstacle", obstacle="tax_debt", note="x")
    found = sections(officer)
    assert own.second not in found["home-mine"]
    assert "Chi cục Thuế" in found["home-others"] and "14/03/2016 28/03/2016" in found["home-others"]
    assert own.second in found["home-plan"] and own.first not in found["home-plan"]
    with writing(own.bind) as connection:
        set_demo_day(connection, date(2016, 3, 28))
    assert "28/03/2016 · đã đến lúc đôn đốc" in sections(officer)["home-others"]


def test_a_legal_limit_comes_before_any_lateness_of_the_plan(own: Office, as_role: As) -> None:
    day = TODAY + timedelta(days=3)
    with writing(own.bind) as connection:
        case = select(case_rows.c.id).where(case_rows.c.ref == own.second).scalar_subquery()
        connection.execute(case_rows.update().where(case_rows.c.ref == own.second).values(legal_on=day))
        connection.execute(case_rows.update().where(case_rows.c.ref == own.first).values(target_on=date(2014, 1, 1)))
        connection.execute(deadlines.delete().where(deadlines.c.case_id == case, deadlines.c.kind == "legal"))
    officer = as_role("case_officer")
    mine = sections(officer)["home-mine"]
    assert mine.index("Sắp hết hạn luật định") < mine.index(own.second) < mine.index(own.first)
    assert "1 hồ sơ đã nêu" in sections(officer)["home-law"]
    listed = re.findall(r'<tr id="(HP-[0-9-]+)">', officer.get("/work?scope=office").text)
    assert listed.index(own.second) < listed.index(own.first)


def test_a_case_taken_in_after_a_date_of_the_plan_is_not_late_by_its_age(own: Office, as_role: As) -> None:
    with writing(own.bind) as connection:
        ref = new_case(connection, "HTX Mới nhập", "HBG")
        row = connection.execute(select(case_rows).where(case_rows.c.ref == ref)).mappings().one()
    assert (row["opened_on"], row["target_on"]) == (date(2016, 3, 1), date(2016, 3, 1))
    page = plain(as_role("case_officer").get(f"/cases/{ref}").text)
    assert "01/03/2016 chậm 13 ngày so với kế hoạch" in page
    assert "ngày 31/12/2014, đã qua khi mở hồ sơ; hồ sơ này tính từ ngày mở 01/03/2016" in page
    assert not re.search(r"quá hạn \d", page)


def test_legal_sees_the_check_that_waits_and_nobody_elses_cases(office: Office, as_role: As) -> None:
    assert office.first not in "".join(sections(as_role("legal")).values())
    last = live(office.bind, office.first, "consolidated", date(2016, 3, 2), until="record_consultation")
    with writing(office.bind) as connection:
        set_demo_day(connection, last + timedelta(days=1))
    legal = sections(as_role("legal"))
    assert office.first in legal["home-mine"] and "Kiểm tra pháp lý phương án" in legal["home-mine"]
    assert office.second not in "".join(legal.values())
    manager = sections(as_role("manager"))
    assert office.first not in manager["home-mine"]


def test_a_head_to_whom_no_limit_falls_still_sees_those_of_the_office(office: Office, as_role: As) -> None:
    late = case_rows.update().where(case_rows.c.ref == office.first).values(legal_on=date(2016, 3, 1))
    with writing(office.bind) as connection:
        connection.execute(late)
    found = sections(as_role("manager"))
    assert "Không có hạn luật định nào thuộc việc của bạn." in found["home-law"]
    assert "Cả cơ quan: 1 hồ sơ quá hạn luật định" in found["home-law"]
    assert "Cả cơ quan: 2 hồ sơ chậm so với kế hoạch" in found["home-plan"]
    assert "Cả cơ quan" not in "".join(sections(as_role("case_officer")).values())


def test_heads_see_what_falls_to_them_alone(office: Office, as_role: As) -> None:
    did(office, office.first, "receive_complaint", **COMPLAINT)
    leader, manager = sections(as_role("leader")), sections(as_role("manager"))
    assert office.first in leader["home-mine"] and "Thụ lý khiếu nại ›" not in leader["home-law"]
    assert f'href="/cases/{office.first}/acts/accept_complaint"' in as_role("leader").get("/work").text
    assert "1 hồ sơ đã nêu" in leader["home-law"]
    assert office.first not in "".join(manager.values())
    with writing(office.bind) as connection:
        connection.execute(case_rows.update().where(case_rows.c.ref == office.second).values(officer_id=None))
    assert "1 hồ sơ chưa có cán bộ thụ lý" in sections(as_role("manager"))["home-mine"]
    assert "chưa có cán bộ thụ lý" not in sections(as_role("clerk"))["home-mine"]
    legal = sections(as_role("legal", None))["home-mine"]
    assert "căn cứ pháp lý chờ đối chiếu" in legal and "điểm luật chưa rõ chờ kết luận" in legal


def test_a_clerk_sees_the_first_letters_of_each_status(office: Office, as_role: As) -> None:
    papers = Paperwork(office.bind, office.first)
    for _ in range(LETTERS + 2):
        papers.issued(papers.drafted(deleted_on="26/03/2016"))
    approved = papers.approved(papers.drafted(deleted_on="26/03/2016"))
    mine = sections(as_role("clerk"))["home-mine"]
    listed = re.findall(r'class="unit" href="/letters/(\d+)"', as_role("clerk").get("/work").text)
    assert mine.count("Đã ban hành") == LETTERS and str(approved) in listed and len(listed) == LETTERS + 1
    assert 'class="unit" href="/letters/' not in as_role("case_officer").get("/work").text
    assert f"{LETTERS + 2} văn bản đã ban hành, chờ bạn giao, gửi" in mine


@pytest.mark.parametrize("place", ["HBG", None], ids=["district", "city"])
@pytest.mark.parametrize("role", ["case_officer", "manager", "leader", "legal", "clerk", "commune", "admin"])
def test_every_role_has_its_page_in_both_languages(office: Office, as_role: As, role: str, place: str | None) -> None:
    visitor = as_role(role, place)
    sections(visitor)
    visitor.send("/language", {"lang": "en", "back": "/work"})
    english = sections(visitor)
    assert english["home-mine"].split(">")[-1].strip().startswith("Waiting for me")
    assert office.elsewhere not in "".join(english.values()) or place is None


def test_the_lists_are_one_press_away_with_their_counts(own: Office, as_role: As) -> None:
    page = as_role("manager").get("/work").text
    with reading(own.bind) as connection:
        total = len(connection.scalars(select(case_rows.c.id).where(case_rows.c.district_code == "HBG")).all())
    assert re.search(rf'href="/work\?scope=office"[^>]*>[^<]*<b>{total}</b>', page)
    assert 'href="/work?scope=office&amp;light=late"' in page


def test_a_case_begins_with_one_sentence_and_its_button(own: Office, as_role: As) -> None:
    def sentence(visitor: Visitor) -> str:
        return visitor.get(f"/cases/{own.first}").text.split('<p class="sentence">')[1].partition("</p>")[0]

    officer, manager = as_role("case_officer"), as_role("manager")
    mine, others = sentence(officer), sentence(manager)
    assert "Chờ bạn: Nhận hồ sơ, bắt đầu rà soát" in plain(mine) and "từ 01/03/2016 (13 ngày)" in plain(mine)
    assert f'href="/cases/{own.first}/acts/accept_case"' in mine
    assert "Chờ Cán bộ thụ lý: Nhận hồ sơ, bắt đầu rà soát" in plain(others) and "<a" not in others
    assert "Theo kế hoạch, «Rà soát, phân loại xong»: 01/03/2016, chậm 13 ngày" in plain(mine)
    did(own, own.first, "name_obstacle", obstacle="tax_debt", note="x")
    held = plain(sentence(officer))
    assert "Vướng" in held and "tháo gỡ: Chi cục Thuế" in held


def test_a_case_that_only_a_court_holds_up_waits_for_the_court(own: Office, as_role: As) -> None:
    steps = PATHS["dissolved_voluntary"]
    on = date(2016, 3, 2)
    for step in steps[: [step.verb for step in steps].index("start_payout")]:
        on += timedelta(days=step.after)
        act(own.bind, own.first, step, on)
    with writing(own.bind) as connection:
        set_demo_day(connection, on)
    assert own.first in sections(as_role("case_officer"))["home-mine"]
    held = Step("raise_overlay", "case_officer", data={"overlay": "court_hold", "reason": "x"})
    act(own.bind, own.first, held, on)
    found = sections(as_role("case_officer"))
    assert own.first not in found["home-mine"]
    assert (
        f"{own.first} Tòa án, cơ quan điều tra Tạm dừng theo Tòa án hoặc điều tra {on:%d/%m/%Y}" in found["home-others"]
    )


def asked_long_ago(office: Office) -> None:
    """The tax office was asked about the first case, sixty days ago."""
    papers = Paperwork(office.bind, office.first, "HBG")
    papers.do("accept_case", file_held=True)
    asked = papers.requested("tax_inquiry", papers.do("ask_agencies"))
    papers.issued(papers.filled(asked, reply_by_on="13/03/2016"))
    with writing(office.bind) as connection:
        set_demo_day(connection, TODAY + timedelta(days=60))


def test_an_answer_to_a_district_is_not_what_the_city_waits_for(office: Office, as_role: As) -> None:
    asked_long_ago(office)
    assert office.first in sections(as_role("clerk"))["home-others"]
    assert office.first in sections(as_role("manager"))["home-others"]
    assert office.first not in sections(as_role("manager", None))["home-others"]


def test_an_answer_is_recorded_from_the_line_that_waits_for_it(own: Office, as_role: As) -> None:
    asked_long_ago(own)
    form = f"/cases/{own.first}/acts/record_agency_reply"
    officer = as_role("case_officer")
    assert f'href="{form}"' in officer.get("/work").text.split('"home-others"')[-1]
    assert officer.get(form).status_code == 200
    assert form not in as_role("leader").get("/work").text


def test_a_letter_is_named_by_what_it_waits_for(own: Office, as_role: As) -> None:
    papers = Paperwork(own.bind, own.first)
    letter = papers.drafted(deleted_on="25/03/2016")
    hands = {role: as_role(role) for role in ("case_officer", "manager", "clerk")}

    def says(role: str) -> str:
        return sections(hands[role])["home-mine"]

    assert "1 dự thảo văn bản chờ bạn hoàn thiện và trình" in says("case_officer")
    papers.submitted(letter)
    assert "1 văn bản chờ bạn ký" in says("manager") and "văn bản" not in says("clerk")
    papers.approve(letter)
    assert "1 văn bản chờ bạn cấp số, phát hành" in says("clerk")
    papers.issue(letter)
    assert "1 văn bản đã ban hành, chờ bạn giao, gửi" in says("clerk") and "cấp số" not in says("clerk")
    papers.serve(letter, "post", "returned", tracking="1", reason="Vắng")
    assert "1 văn bản không giao được, chờ bạn xử lý" in says("case_officer")
