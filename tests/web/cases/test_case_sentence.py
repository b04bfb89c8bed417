"""The sentence on top of a case names what keeps its next act from being done."""

from collections.abc import Callable
from datetime import date, timedelta

from models.clock import FrozenClock
from models.database import writing
from models.office_clock import set_demo_day
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
        assert "Đang vướng «Tạm dừng theo Tòa án hoặc điều tra»" in sentence(visitor, office.first)
