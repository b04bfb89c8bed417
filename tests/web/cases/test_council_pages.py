"""Councils on the pages and by command: bad input is named at its field and kept; seats, meetings and tasks."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import html as parser

from casework.councils import seats, work
from cli.app import app
from models.database import reading, writing
from models.errors import Refused, WrongInput
from models.office_clock import set_demo_day
from templates.words import say
from tests.command_line import CliRunner
from tests.correspondence.joint.batch_office import formed_council
from tests.web.web_office import TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
TYPED = {  # by act: what is typed, and the fields that are wrong in it
    "seat": ({"seat": "board", "name": "", "post": "Trưởng ban (thử)", "from_on": "31/02/2016"}, {"name", "from_on"}),
    "empty": ({"seat": "commune", "reason": "", "from_on": ""}, {"seat", "reason"}),
    "meeting": ({"held_on": "hôm qua", "venue": "UBND quận (thử)", "settled": ""}, {"held_on", "settled"}),
    "task": ({"what": "", "due_on": "32/01/2016", "member": "1"}, {"what", "due_on"}),
    "change": ({"name": "", "decision": "48/QĐ (thử)", "formed_on": "x", "uses_seal": "yes"}, {"name", "formed_on"}),
}


@pytest.fixture
def council(office: Office) -> int:
    with writing(office.bind) as connection:
        return formed_council(connection)


@pytest.mark.parametrize("act", TYPED)
def test_every_wrong_field_is_named_and_all_is_given_back(council: int, as_role: As, act: str) -> None:
    typed, wrong = TYPED[act]
    answer = as_role("case_officer").send(f"/councils/{council}/{act}", typed)
    assert answer.status_code == 422
    (form,) = (
        form
        for form in parser.document_fromstring(answer.text).iter("form")
        if (form.get("action") or "").endswith(f"/{council}/{act}")
    )
    named = {
        item.get("name")
        for bad in form.find_class("bad")
        for item in bad.iter("input", "select", "textarea")
        if bad.find_class("wrong")
    }
    assert named == wrong
    back = {item.get("name"): item.value for item in form.iter("input", "textarea") if item.get("type") != "checkbox"}
    back |= {item.get("name"): item.value for item in form.iter("select")}
    back |= {item.get("name"): item.get("value") for item in form.iter("input") if item.get("checked") is not None}
    assert {name: (back[name] or "").strip() for name in typed} == typed


def test_a_new_council_says_all_that_is_wrong(office: Office, as_role: As) -> None:
    answer = as_role("clerk").send("/councils", {"name": "", "decision": "9/QĐ (thử)", "formed_on": "0/0/0"})
    assert answer.status_code == 422 and answer.text.count('<p class="wrong"') == 2 and "9/QĐ (thử)" in answer.text
    done = as_role("clerk").send("/councils", {"name": "Hội đồng giải thể đợt 2 (thử)", "formed_on": "01/03/2016"})
    assert done.status_code == 303 and "đợt 2 (thử)" in as_role("leader").get(done.headers["location"]).text


def test_a_member_is_replaced_on_the_page_and_the_history_stays(office: Office, council: int, as_role: As) -> None:
    with reading(office.bind) as connection:
        chair = next(row for row in seats.members_of(connection, council) if row["seat"] == "chair")
    new = {"member": str(chair["id"]), "name": "Ngô Thị Mới", "post": "Phó Chủ tịch", "decision": "60/QĐ-UBND",
           "reason": "Nghỉ hưu", "from_on": f"{TODAY + timedelta(days=3):%d/%m/%Y}"}  # fmt: skip
    officer = as_role("case_officer")
    refused = officer.send(f"/councils/{council}/replace", new | {"decision": ""})
    assert refused.status_code == 422 and "Ngô Thị Mới" in refused.text
    assert officer.send(f"/councils/{council}/replace", new).status_code == 303
    with writing(office.bind) as connection:
        set_demo_day(connection, TODAY + timedelta(days=4))
    page = officer.get(f"/councils/{council}").text
    assert "Ngô Thị Mới" in page and chair["name"] in page and "Nghỉ hưu" in page


def test_the_same_by_command(office: Office, council: int) -> None:
    run, by, head = CliRunner(), ["--by", login_of("case_officer")], ["--by", login_of("manager")]
    number = str(council)
    twice = run.invoke(app, ["council", "seat", number, "alliance", "Lê Văn Cung", "Liên minh HTX", *by]).exception
    assert isinstance(twice, WrongInput) and "Lê Văn Cung" in say(twice)
    assert run.invoke(app, ["council", "seat", number, "alliance", "Đỗ Hà", "Liên minh HTX", *by]).exit_code == 0
    taken = run.invoke(app, ["council", "empty", number, "board", "--reason", "x", *by]).exception
    assert isinstance(taken, WrongInput)
    meeting = ["council", "meeting", number, "--on", f"{TODAY:%d/%m/%Y}", "--settled", "Phân công kiểm kê", *by]
    assert run.invoke(app, meeting).exit_code == 0
    task = ["council", "task", number, "Kiểm kê kho", "--due", f"{TODAY:%d/%m/%Y}", *by]
    assert run.invoke(app, task).exit_code == 0
    shown = run.invoke(app, ["council", "show", number, *head]).output
    assert "Đỗ Hà" in shown and "Phân công kiểm kê" in shown and "Kiểm kê kho" in shown and "duyệt" in shown
    found = json.loads(run.invoke(app, ["council", "show", number, "--json", *head]).output)
    assert found["open_seats"] == [] and [one["what"] for one in found["tasks"]] == ["Kiểm kê kho"]
    with reading(office.bind) as connection:
        one = work.tasks_of(connection, council)[0]["id"]
    assert run.invoke(app, ["council", "task-done", number, str(one), *by]).exit_code == 0
    again = run.invoke(app, ["council", "task-done", number, str(one), *by]).exception
    assert isinstance(again, Refused)
