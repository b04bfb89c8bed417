"""The page of a case: what belongs to its step, and what belongs to whom."""

import html
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from casework.acts import record
from casework.ledger import NewFact, load_case
from cli.app import app
from models.database import writing
from tests.acting import apply
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]


def test_only_what_belongs_to_the_step_is_listed_as_not_possible(office: Office, as_role: As) -> None:
    page = html.unescape(as_role("case_officer").get(f"/cases/{office.first}").text)
    mine, theirs = (part.split("</ul>")[0] for part in page.split('<ul class="why">')[1:3])
    listed = mine + theirs
    assert "Chuyển cơ quan đăng ký khác" in theirs  # of this step, and the manager's
    assert "Đóng hồ sơ" not in listed and "bước" not in listed


@pytest.mark.parametrize(("role", "shown"), [("case_officer", False), ("manager", False), ("admin", True)])
def test_the_runs_of_the_clock_are_the_administrators_business(
    office: Office, as_role: As, role: str, shown: bool
) -> None:
    visitor = as_role(role, None) if role == "admin" else as_role(role)
    assert ("/v2/runs?tags=" in visitor.get(f"/cases/{office.first}").text) is shown


def test_the_role_that_a_date_waits_for_is_shown_to_others_alone(office: Office, as_role: As) -> None:
    for role, shown in (("case_officer", False), ("manager", True)):
        dates = as_role(role).get(f"/cases/{office.first}").text.split('class="dues"')[1].split("</table>")[0]
        assert ("Cán bộ thụ lý" in dates) is shown


def test_an_act_that_a_running_date_waits_for_is_not_folded(office: Office, as_role: As) -> None:
    """An agency's reply may be recorded at any step; once an agency was asked, it is among the acts of the step."""
    by, visitor = login_of("case_officer"), as_role("case_officer")
    assert _place_of_reply(visitor, office.first) == "at any time"
    apply(office.bind, office.first, "accept_case", by=by, clock=CLOCK, data={"file_held": True})
    apply(office.bind, office.first, "ask_agencies", by=by, clock=CLOCK, data={})
    assert _place_of_reply(visitor, office.first) == "of the step"
    apply(office.bind, office.first, "record_agency_reply", by=by, clock=CLOCK, data={"agency": "tax"})
    assert _place_of_reply(visitor, office.first) == "at any time"


def _place_of_reply(visitor: Visitor, ref: str) -> str:
    page = visitor.get(f"/cases/{ref}").text
    before, after = page.split(f'href="/cases/{ref}/acts/record_agency_reply"', 1)
    return "at any time" if "Nghiệp vụ khác" in before else "of the step" if "Nghiệp vụ khác" in after else "nowhere"


RARE = {  # acts of a council at work that are rare, one for each role
    "case_officer": "Đề nghị miễn nộp con dấu, giấy chứng nhận",
    "manager": "Chuyển hướng phá sản khi hội đồng đang làm việc",
    "leader": "Hủy quyết định giải thể, lập phương án khác",
}


def at_the_council(office: Office) -> None:
    """The first case as a dissolution decision leaves it."""
    with writing(office.bind) as connection:
        loaded = load_case(connection, office.first, lock=True)
        decided = NewFact("decide_dissolution", TODAY, CLOCK.now(), "leader.hbg", "leader", {"decided_on": str(TODAY)})
        record(connection, loaded, decided)


def test_rare_acts_are_folded_for_each_role_on_the_page_and_by_command(office: Office, as_role: As) -> None:
    at_the_council(office)
    for role, act in RARE.items():
        page = html.unescape(as_role(role).get(f"/cases/{office.first}").text)
        usual, rare = page.split("Tình huống ít gặp (")[:2]
        assert act in rare.split("</details>")[0] and act not in usual
        listed = CliRunner().invoke(app, ["choices", office.first, "--by", login_of(role)]).stdout
        before, after = listed.split("Tình huống ít gặp (")
        assert act in after and act not in before
    officer = html.unescape(as_role("case_officer").get(f"/cases/{office.first}").text)
    assert "Ghi biên bản kiểm kê, công nợ" in officer.split("Tình huống ít gặp (")[0]
    for role in ("legal", "clerk", "commune"):
        assert "/acts/cancel_decision" not in as_role(role).get(f"/cases/{office.first}").text


def test_insolvency_offers_both_ways_beside_what_lacks(office: Office, as_role: As) -> None:
    at_the_council(office)
    inventory = {"taken_on": str(TODAY), "assets": 100, "undivided": 0, "debts": 130, "land_form": "none"}
    with writing(office.bind) as connection:
        loaded = load_case(connection, office.first, lock=True)
        by = login_of("case_officer")
        record(connection, loaded, NewFact("record_inventory", TODAY, CLOCK.now(), by, "case_officer", inventory))
    page = html.unescape(as_role("manager").get(f"/cases/{office.first}").text)
    usual = page.split('<ul class="lacks">')[1].split("</ul>")[0]
    assert "/acts/weigh_insolvency" in usual and "/acts/turn_to_bankruptcy" in usual
