"""The sentence on top of a case names what keeps its next act from being done; a case without facts harms no other."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from models.clock import FrozenClock
from models.database import writing
from models.office_clock import set_demo_day
from models.tables import case_rows
from tests.acting import apply
from tests.oversight.histories import live
from tests.web.cases.test_home import plain
from tests.web.web_office import Office, Visitor, login_of

As = Callable[..., Visitor]


def sentence(visitor: Visitor, ref: str) -> str:
    return plain(visitor.get(f"/cases/{ref}").text.split('<p class="sentence">')[1].partition("</p>")[0])


def test_a_case_on_hold_says_so_to_every_reader(office: Office, as_role: As) -> None:
    last = live(office.bind, office.first, "dissolved_compulsory", date(2016, 3, 2), until="file_compulsory_dossier")
    day = last + timedelta(days=1)
    with writing(office.bind) as connection:
        set_demo_day(connection, day)
    officer, manager = as_role("case_officer"), as_role("manager")
    assert "đang vướng" not in sentence(officer, office.first).lower()
    apply(
        office.bind, office.first, "raise_overlay", by=login_of("case_officer"), clock=FrozenClock.on(day),
        data={"overlay": "court_hold", "reason": "Tòa án yêu cầu"},
    )  # fmt: skip
    for visitor in (officer, manager):
        assert "Đang có «Tạm dừng theo Tòa án hoặc điều tra»" in sentence(visitor, office.first)


def test_a_case_with_lost_facts_takes_no_page_of_the_office_with_it(office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        lost = dict(connection.execute(select(case_rows).where(case_rows.c.ref == office.first)).mappings().one())
        connection.execute(case_rows.insert().values({**lost, "id": lost["id"] + 1_000, "ref": "HP-2016-9999"}))
    for role in ("case_officer", "manager", "leader", "legal", "clerk"):
        visitor = as_role(role)
        for path in ("/work", "/work?scope=office", "/work.xlsx", "/cases/HP-2016-9999", "/search?q=9999"):
            assert visitor.get(path).status_code == 200, (role, path)
    answer = as_role("case_officer").get("/cases/HP-2016-9999/acts/accept_case")
    assert answer.status_code < 500 and "khôi phục từ bản sao lưu" in plain(answer.text)
