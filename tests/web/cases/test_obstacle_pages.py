"""The desk of obstacles: by body, a try, an answer, lifting for many; the box on the page of the case."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from casework.ledger import load_case
from cli.app import app
from models.database import reading
from models.errors import WrongInput
from tests.command_line import CliRunner
from tests.web.typed import all_give_back
from tests.web.web_office import Office, Visitor, did, login_of

As = Callable[..., Visitor]


@pytest.fixture
def blocked(office: Office) -> Office:
    for ref in (office.first, office.second):
        did(office, ref, "accept_case", file_held="true")
        did(office, ref, "name_obstacle", obstacle="tax_debt", note="Nợ 12 triệu")
    did(office, office.second, "name_obstacle", obstacle="lost_seal")
    return office


def standing(office: Office, ref: str) -> set[str]:
    with reading(office.bind) as connection:
        return set(load_case(connection, ref).state.obstacles)


def test_what_waits_for_each_body_is_counted_and_listed(blocked: Office, as_role: As) -> None:
    manager = as_role("manager")
    page = html.unescape(manager.get("/obstacles").text)
    assert page.index("Chi cục Thuế") < page.index("Công an thành phố (PC64)")
    assert "Soạn «" in page and "obstacle=tax_debt" in page and "Chưa đôn đốc lần nào" in page
    only = manager.get("/obstacles?body=lost_seal").text
    assert f'value="{blocked.second}:lost_seal"' in only and 'tax_debt"' not in only
    assert "Hạ Lý" in html.unescape(manager.get("/obstacles?by=commune").text)
    assert blocked.first not in as_role("manager", "ADG").get("/obstacles").text
    assert f'value="{blocked.first}:tax_debt"' not in as_role("legal").get("/obstacles").text  # it may only look


def test_an_answer_is_offered_where_the_reader_may_record_one(blocked: Office, as_role: As) -> None:
    offered = 'name="do" value="answer"'
    assert offered in as_role("case_officer").get("/obstacles?scope=office").text
    assert offered not in as_role("case_officer").get("/obstacles?scope=office&body=lost_seal").text
    assert offered not in as_role("manager").get("/obstacles").text


def test_the_answer_of_a_body_is_one_press_from_the_list_of_bodies(blocked: Office, as_role: As) -> None:
    """All that wait for the body are ticked, the answer is chosen and a usual text is offered; nothing is recorded."""
    officer = as_role("case_officer")
    bodies = html.unescape(officer.get("/obstacles?scope=office").text)
    assert 'href="?scope=office&body=tax_debt&district=HBG&do=answer"' in bodies
    assert "body=lost_seal&district=HBG&do=answer" not in bodies, "which no letter asks"
    ready = officer.get("/obstacles?scope=office&body=tax_debt&district=HBG&do=answer").text
    ticked = re.findall(r'name="chosen" value="([^"]+)" checked', ready)
    assert ticked == [f"{ref}:tax_debt" for ref in (blocked.first, blocked.second)]
    assert 'name="do" value="answer" checked' in ready and 'rows="2" autofocus' in ready
    assert 'data-fills="note" value="Cơ quan đã có văn bản trả lời"' in ready
    assert "do=answer" not in as_role("manager").get("/obstacles").text
    every = officer.get("/obstacles?scope=office&do=answer").text
    assert f'value="{blocked.second}:lost_seal">' in every, "no answer is recorded of it, so it is not ticked"
    assert 'name="chosen" value' in officer.get("/obstacles?scope=office&do=nonsense").text


def test_a_try_is_recorded_for_many_and_shown_with_its_case(blocked: Office, as_role: As) -> None:
    manager = as_role("manager")
    both = [f"{ref}:tax_debt" for ref in (blocked.first, blocked.second)]
    said = {
        "do": "try",
        "way": "call",
        "note": "Đang tính tiền chậm nộp",
        "next_on": "21/03/2016",
        "with_whom": "Bà Hoa",
    }
    done = manager.send("/obstacles", {"chosen": both, **said})
    assert done.headers["location"].endswith("done=try&count=2")
    page = html.unescape(manager.get(f"/cases/{blocked.first}").text)
    assert "1 lần, lần cuối 14/03/2016 (điện thoại)" in page and "Đôn đốc lại 21/03/2016" in page and "Bà Hoa" in page
    assert "Đã đôn đốc tháo gỡ vướng mắc" in page


WRONG = {
    "nothing chosen": ({"do": "try", "way": "call"}, 422, "ít nhất một vướng mắc"),
    "no such way": ({"do": "try", "way": "pigeon", "chosen": "{first}:tax_debt"}, 422, "điện thoại, đến làm việc"),
    "a day to come": (
        {"do": "try", "way": "call", "on": "20/03/2016", "chosen": "{first}:tax_debt"},
        422,
        "đến hôm nay",
    ),
    "again before": (
        {"do": "try", "way": "call", "next_on": "14/03/2016", "chosen": "{first}:tax_debt"},
        422,
        "phải sau",
    ),
    "not there": ({"do": "lift", "chosen": "{first}:lost_seal"}, 403, "không có vướng mắc này"),
    "no letter": ({"do": "answer", "chosen": "{second}:lost_seal"}, 403, "không có văn bản hỏi"),
    "nothing done": ({"do": "dance", "chosen": "{first}:tax_debt"}, 422, "Chọn một việc"),
    "elsewhere": ({"do": "lift", "chosen": "{elsewhere}:tax_debt"}, 404, "{elsewhere}"),
}


@pytest.mark.parametrize(("typed", "status", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_and_changes_nothing(
    blocked: Office, as_role: As, typed: dict[str, str], status: int, says: str
) -> None:
    names = {"first": blocked.first, "second": blocked.second, "elsewhere": blocked.elsewhere}
    answer = as_role("manager").send("/obstacles", {name: text.format(**names) for name, text in typed.items()})
    assert answer.status_code == status and says.format(**names) in html.unescape(answer.text)
    assert standing(blocked, blocked.first) == {"tax_debt"}


def test_lifting_is_one_press_from_the_row_and_all_or_none_for_many(blocked: Office, as_role: As) -> None:
    manager = as_role("manager")
    chosen = [f"{blocked.first}:tax_debt", f"{blocked.first}:lost_seal"]
    refused = manager.send("/obstacles", {"do": "lift", "chosen": chosen})
    assert refused.status_code == 403 and standing(blocked, blocked.first) == {"tax_debt"}
    page = manager.get(f"/cases/{blocked.first}").text
    assert f'name="lift_one" value="{blocked.first}:tax_debt"' in page
    done = manager.send("/obstacles", {"lift_one": f"{blocked.first}:tax_debt", "back": "case"})
    assert done.headers["location"] == f"/cases/{blocked.first}#obstacles" and not standing(blocked, blocked.first)
    assert as_role("legal").send("/obstacles", {"lift_one": f"{blocked.second}:tax_debt"}).status_code == 403


def test_an_answer_is_recorded_for_many_and_may_lift(blocked: Office, as_role: As) -> None:
    for ref in (blocked.first, blocked.second):
        did(blocked, ref, "ask_agencies")
    chosen = [f"{ref}:tax_debt" for ref in (blocked.first, blocked.second)]
    said = {"do": "answer", "symbol": "15/CCT-KT", "note": "Đã nộp đủ", "lift": "yes", "chosen": chosen}
    refused = as_role("manager").send("/obstacles", said)
    assert refused.status_code == 403  # an answer is the officer's or the clerk's to record
    assert as_role("case_officer").send("/obstacles", said).status_code == 303
    with reading(blocked.bind) as connection:
        state = load_case(connection, blocked.second).state
    answer = state.last("record_agency_reply")
    assert answer is not None and answer.data["symbol"] == "15/CCT-KT" and answer.data["agency"] == "tax"
    assert set(state.obstacles) == {"lost_seal"}


def test_what_was_typed_is_given_back_after_signing_in(blocked: Office, as_role: As) -> None:
    login = login_of("case_officer")
    assert all_give_back(as_role("case_officer"), "/obstacles", login) == ["/obstacles"]


def test_the_command_line_does_the_same(blocked: Office) -> None:
    def run(*said: str) -> Any:
        done = CliRunner().invoke(app, ["obstacles", *said, "--by", "manager.hbg", "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    entries = [f"{ref}:tax_debt" for ref in (blocked.first, blocked.second)]
    assert run("try", *entries, "--way", "visit", "--next", "21/03/2016") == {"do": "try", "count": 2}
    assert [(item["body"], item["cases"]) for item in run("bodies")] == [("tax_debt", 2), ("lost_seal", 1)]
    found = run("list", "--body", "tax_debt", "--group", "commune")
    assert found["total"] == 2 and {item["mark"]: item["next_on"] for item in found["obstacles"]} == dict.fromkeys(
        entries, "2016-03-21"
    )
    assert run("lift", entries[0]) == {"do": "lift", "count": 1}
    assert not standing(blocked, blocked.first)
    wrong = (
        CliRunner().invoke(app, ["obstacles", "try", entries[1], "--way", "pigeon", "--by", "manager.hbg"]).exception
    )
    assert isinstance(wrong, WrongInput) and wrong.code == "obstacle_way_unknown"
