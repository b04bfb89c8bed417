"""One letter to a body with a list of the cases that wait for it: from the desk to its number, its answer and back."""

import html
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from casework.ledger import facts_of, load_case
from casework.obstacles.waiting import obstacles_of_cases
from casework.office.people import actor
from cli.app import app
from correspondence import drafts, issuing
from correspondence.joint.listed_obstacles import listed_in
from correspondence.joint.shares import shares_of
from correspondence.obstacle_letters import Addressed, change_list, draft_on_obstacles
from letters.output.plain import plain
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from models.tables import letter_rows
from procedures.state_machine.fold import valid_facts
from tests.acting import apply
from tests.command_line import CliRunner
from tests.web.typed import all_give_back, forms_of, gives_back, unlabelled
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, did, login_of

As = Callable[..., Visitor]
TO = "Công an thành phố (PC64)"


@pytest.fixture
def waiting(office: Office) -> Office:
    """Two cases of Hồng Bàng whose seal is lost; one of them has a tax debt too. One of An Dương."""
    for ref in (office.first, office.second):
        did(office, ref, "accept_case", file_held="true")
        did(office, ref, "name_obstacle", obstacle="lost_seal", note="Ghi chú nội bộ")
    did(office, office.second, "name_obstacle", obstacle="tax_debt")
    return office


def marks_of(office: Office) -> list[str]:
    return [f"{office.first}:lost_seal", f"{office.second}:lost_seal"]


def drafted(office: Office, by: str = "case_officer", **said: Any) -> int:
    with writing(office.bind) as connection:
        person = actor(connection, login_of(by))
        addressed = Addressed(**{"agency": TO, "reply_by": "25/03/2016", **said})
        return draft_on_obstacles(connection, marks_of(office), addressed, by=person, clock=CLOCK)


def submitted(office: Office) -> int:
    letter = drafted(office)
    with writing(office.bind) as connection:
        drafts.submit(connection, letter, actor(connection, login_of("case_officer")), now=CLOCK.now(), today=TODAY)
    return letter


def issued(office: Office) -> int:
    letter = submitted(office)
    with writing(office.bind) as connection:
        manager, clerk = (actor(connection, login_of(role)) for role in ("manager", "clerk"))
        drafts.approve(connection, letter, manager, now=CLOCK.now(), today=TODAY)
        issuing.issue(connection, letter, clerk, now=CLOCK.now(), today=TODAY)
    return letter


def facts_named(office: Office, ref: str, kind: str) -> list[dict[str, Any]]:
    with reading(office.bind) as connection:
        loaded = load_case(connection, ref)
        return [dict(fact.data) for fact in valid_facts(facts_of(connection, loaded.row["id"])) if fact.kind == kind]


def text_of(office: Office, letter: int) -> str:
    with reading(office.bind) as connection:
        return plain(drafts.live(connection, drafts.one_letter(connection, letter), TODAY).letter)


def test_from_the_desk_to_a_draft_with_everything_of_a_body(waiting: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    desk = html.unescape(officer.get("/obstacles?scope=office").text)
    assert "Một công văn kèm danh sách cho cả 2 vướng mắc" in desk and "cho cả 1 vướng mắc" not in desk
    form = html.unescape(officer.get("/obstacles/letter?body=lost_seal&scope=office").text)
    assert 'value="Công an thành phố Hải Phòng (PC64)"' in form  # whom such letters go to, to be typed over
    assert form.count('name="chosen"') == 2 and "tax_debt" not in form
    made = officer.send(
        "/obstacles/letter",
        {"chosen": marks_of(waiting), "agency": TO, "reply_by_on": "25/03/2016",
         f"asked.{marks_of(waiting)[0]}": "Xác nhận việc mất con dấu"},
    )  # fmt: skip
    letter = int(made.headers["location"].rpartition("/")[2])
    text = text_of(waiting, letter)
    assert f"Kính gửi: {TO}" in text and "02 đơn vị có tên tại Danh sách" in text and "trước ngày 25 tháng 3" in text
    assert "- Mất con dấu: 01 đơn vị." in text and "- Xác nhận việc mất con dấu: 01 đơn vị." in text
    assert "mã số thuế 0200000000 | Vũ Văn An | số 5 đường Trung tâm" in text and "| 14/03/2016 | -" in text
    assert "Ghi chú nội bộ" not in text and "Người liên hệ: bà Người case_officer.hbg" in text
    for ref in (waiting.first, waiting.second):
        assert f"/letters/{letter}" in officer.get(f"/cases/{ref}").text
    assert "đã có trong một công văn chưa ký" in html.unescape(
        officer.get("/obstacles/letter?body=lost_seal&scope=office").text
    )


def test_the_day_to_answer_by_is_that_of_the_letter_of_the_kind(waiting: Office, as_role: As) -> None:
    form = as_role("case_officer").get("/obstacles/letter?body=tax_debt&scope=office").text
    assert 'value="04/04/2016"' in form  # 15 working days, as in the inquiry on tax
    assert (
        'name="reply_by_on" value=""'
        in as_role("case_officer").get("/obstacles/letter?body=lost_seal&scope=office").text
    )


def test_what_was_ticked_at_the_desk_comes_to_the_form(waiting: Office, as_role: As) -> None:
    clerk = as_role("clerk")  # a clerk writes letters and does not lift obstacles
    assert 'name="chosen"' in clerk.get("/obstacles").text
    form = clerk.send("/obstacles/letter", {"step": "choose", "chosen": marks_of(waiting)[:1]})
    assert form.status_code == 200 and form.text.count('name="chosen"') == 1
    nothing = html.unescape(clerk.send("/obstacles/letter", {"step": "choose"}).text)
    assert "Chọn ít nhất một vướng mắc" in nothing


def test_its_number_is_a_try_on_each_obstacle_and_cancelling_it_takes_the_tries_back(waiting: Office) -> None:
    letter = issued(waiting)
    with reading(waiting.bind) as connection:
        person = actor(connection, login_of("manager"))
        rows = obstacles_of_cases(connection, person, [waiting.first, waiting.second])
    seals = [row for row in rows if row.code == "lost_seal"]
    assert [(row.letter.id, row.letter.number) for row in seals if row.letter] == [(letter, 1), (letter, 1)]
    assert {(row.tries[-1].way, row.tries[-1].note, row.tries[-1].body) for row in seals} == {("letter", "01/TCKH", TO)}
    assert {row.next_on for row in seals} == {date(2016, 3, 25)}
    assert [row.tries for row in rows if row.code == "tax_debt"] == [[]]
    with writing(waiting.bind) as connection:
        clerk = actor(connection, login_of("clerk"))
        issuing.cancel_number(connection, letter, clerk, "Gửi nhầm", now=CLOCK.now(), today=TODAY)
    for ref in (waiting.first, waiting.second):
        assert not facts_named(waiting, ref, "obstacle_tried") and not facts_named(waiting, ref, "letter_issued")


def test_it_is_served_once_to_all_of_its_cases(waiting: Office, as_role: As) -> None:
    letter, officer = issued(waiting), as_role("case_officer")
    page = officer.get(f"/letters/{letter}").text
    assert 'name="cases"' not in page and 'id="list"' in page
    done = officer.send(
        f"/letters/{letter}/serve",
        {"way": "hand:served", "on": "14/03/2016", "receiver": "Bà Hoa"},
        files={"evidence": ("bien-ban.pdf", b"%PDF-1.4 ky nhan", "application/pdf")},
    )
    assert done.status_code == 303
    for ref in (waiting.first, waiting.second):
        assert [fact["way"] for fact in facts_named(waiting, ref, "letter_served")] == ["hand"]
    with reading(waiting.bind) as connection:
        row = drafts.one_letter(connection, letter)
        assert row["status"] == "served" and {share["status"] for share in shares_of(connection, row)} == {"served"}
    assert officer.get(f"/letters/{letter}").text.count(": Bà Hoa.") == 1


def test_an_answer_for_many_is_taken_from_the_list_of_the_letter(waiting: Office, as_role: As) -> None:
    letter, officer = issued(waiting), as_role("case_officer")
    desk = html.unescape(officer.get(f"/obstacles?letter={letter}").text)
    assert desk.count('name="chosen"') == desk.count('lost_seal" checked') == 2 and 'value="answer"' in desk
    said = {"do": "answer", "chosen": marks_of(waiting)}
    wrong = officer.send("/obstacles", said)
    assert wrong.status_code == 422 and "ghi ít nhất một" in html.unescape(wrong.text)
    early = officer.send("/obstacles", {**said, "symbol": "7/PC64", "on": "13/03/2016"})
    assert early.status_code == 422 and "từ ngày công văn được gửi" in html.unescape(early.text)
    done = officer.send("/obstacles", {**said, "symbol": "7/PC64", "note": "Đã ghi nhận", "letter": str(letter)})
    assert done.status_code == 303 and f"letter={letter}" in done.headers["location"]
    assert "Đã trả lời 14/03/2016" in html.unescape(officer.get("/obstacles?scope=office").text)
    assert "7/PC64" in officer.get(f"/cases/{waiting.second}").text
    lifted = officer.send("/obstacles", {**said, "symbol": "8/PC64", "lift": "yes"})
    assert lifted.status_code == 303
    with reading(waiting.bind) as connection:
        assert set(load_case(connection, waiting.second).state.obstacles) == {"tax_debt"}


def test_an_obstacle_lifted_meanwhile_is_taken_off_the_list_first(waiting: Office, as_role: As) -> None:
    letter, officer = drafted(waiting), as_role("case_officer")
    did(waiting, waiting.first, "lift_obstacle", obstacle="lost_seal")
    refused = html.unescape(officer.send(f"/letters/{letter}/submit", {}).text)
    assert waiting.first in refused and "Sửa danh sách" in refused
    page = html.unescape(officer.get(f"/obstacles/letter/{letter}").text)
    assert f'value="{marks_of(waiting)[1]}" checked' in page and f'value="{marks_of(waiting)[0]}" checked' not in page
    nothing = officer.send(f"/obstacles/letter/{letter}", {})
    assert nothing.status_code == 422 and "ít nhất một" in html.unescape(nothing.text)
    kept = officer.send(f"/obstacles/letter/{letter}", {"chosen": marks_of(waiting)[1]})
    assert kept.headers["location"] == f"/letters/{letter}"
    with reading(waiting.bind) as connection:
        row = drafts.one_letter(connection, letter)
        assert row["ref"] == waiting.second and [share["ref"] for share in shares_of(connection, row)] == [
            waiting.second
        ]
    assert officer.send(f"/letters/{letter}/submit", {}).status_code == 303
    assert f"/letters/{letter}" not in officer.get(f"/cases/{waiting.first}").text
    assert officer.get(f"/obstacles/letter/{letter}").headers["location"] == f"/letters/{letter}#list"


def test_a_signer_does_not_sign_for_what_was_lifted(waiting: Office, as_role: As) -> None:
    letter = submitted(waiting)
    did(waiting, waiting.first, "lift_obstacle", obstacle="lost_seal")
    manager = as_role("manager")
    assert "đã được gỡ" in html.unescape(manager.get(f"/letters/{letter}").text)
    refused = manager.send(f"/letters/{letter}/approve", {})
    assert refused.status_code == 403 and waiting.first in html.unescape(refused.text)
    assert manager.send(f"/letters/{letter}/return", {"remarks": "Bỏ đơn vị đã có dấu"}).status_code == 303


WRONG: dict[str, tuple[dict[str, str], int, str]] = {
    "no body": ({"agency": " "}, 422, "Gửi cơ quan"),
    "a past day": ({"reply_by_on": "14/03/2016"}, 422, "phải sau hôm nay"),
    "no day": ({"reply_by_on": "mai"}, 422, "Đề nghị trả lời"),
    "two bodies": ({"chosen": "{second}:tax_debt"}, 403, "nhiều cơ quan tháo gỡ"),
    "lifted": ({"chosen": "{first}:tax_debt"}, 403, "không có vướng mắc này"),
    "elsewhere": ({"chosen": "{elsewhere}:lost_seal"}, 404, "{elsewhere}"),
    "too long": ({"asked.{first}:lost_seal": "x" * 201}, 422, "Nội dung đề nghị"),
}


@pytest.mark.parametrize(("typed", "status", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_and_nothing_is_drafted(
    waiting: Office, as_role: As, typed: dict[str, str], status: int, says: str
) -> None:
    names = {"first": waiting.first, "second": waiting.second, "elsewhere": waiting.elsewhere}
    named = {key.format(**names): text.format(**names) for key, text in typed.items()}
    chosen = [*marks_of(waiting), *([named.pop("chosen")] if "chosen" in named else [])]
    sent = {"agency": TO, "chosen": chosen, "listed": chosen, **named}
    answer = as_role("case_officer").send("/obstacles/letter", sent)
    assert answer.status_code == status and says.format(**names) in html.unescape(answer.text)
    with reading(waiting.bind) as connection:
        assert connection.execute(letter_rows.select()).all() == []


def test_an_obstacle_is_on_one_unsigned_letter_at_a_time(waiting: Office) -> None:
    letter = drafted(waiting)
    with pytest.raises(Refused, match="obstacle_listed_already") as refused:
        drafted(waiting)
    assert refused.value.params["letter"] == letter
    with writing(waiting.bind) as connection:
        drafts.discard(connection, letter, actor(connection, login_of("case_officer")), "Soạn lại")
    assert drafted(waiting) != letter


def test_a_further_letter_names_the_one_before(waiting: Office) -> None:
    issued(waiting)
    assert "| 01/TCKH ngày 14 tháng 3 năm 2016" in text_of(waiting, drafted(waiting))


def test_cases_of_one_office_and_writers_of_letters_alone(waiting: Office, as_role: As) -> None:
    for verb, data in (("accept_case", {"file_held": "true"}), ("name_obstacle", {"obstacle": "lost_seal"})):
        apply(waiting.bind, waiting.city, verb, by=login_of("case_officer", None), clock=CLOCK, data=data)
    with writing(waiting.bind) as connection:
        city = actor(connection, login_of("manager", None))
        with pytest.raises(Refused, match="obstacle_letter_offices"):
            marks = [*marks_of(waiting), f"{waiting.city}:lost_seal"]
            draft_on_obstacles(connection, marks, Addressed(TO), by=city, clock=CLOCK)
    letter = drafted(waiting)
    for role, opens in {
        "case_officer": 200,
        "manager": 200,
        "clerk": 200,
        "commune": 200,
        "leader": 403,
        "legal": 403,
    }.items():
        visitor = as_role(role)
        assert visitor.get(f"/obstacles/letter/{letter}").status_code == opens
        assert visitor.get("/obstacles/letter?body=lost_seal").status_code == opens
    stranger = as_role("case_officer", "ADG")
    assert stranger.get(f"/obstacles/letter/{letter}").status_code == 404
    assert stranger.send(f"/obstacles/letter/{letter}", {"chosen": marks_of(waiting)}).status_code == 404
    with writing(waiting.bind) as connection, pytest.raises(Refused, match="drafting_not_yours"):
        legal = actor(connection, login_of("legal"))
        change_list(connection, letter, marks_of(waiting), {}, by=legal, clock=CLOCK)


def test_it_is_not_drafted_on_the_page_of_one_case(waiting: Office, as_role: As) -> None:
    page = as_role("case_officer").get(f"/cases/{waiting.first}/letters/new").text
    assert 'value="obstacle_letter"' not in page
    with writing(waiting.bind) as connection, pytest.raises(Refused, match="letter_of_obstacles"):
        person = actor(connection, login_of("case_officer"))
        drafts.draft_by_hand(connection, waiting.first, "obstacle_letter", person, now=CLOCK.now(), today=TODAY)


def test_the_list_of_another_letter_is_no_such_page(waiting: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    made = officer.send(f"/cases/{waiting.first}/letters/new", {"template": "tax_inquiry"})
    letter = int(made.headers["location"].rpartition("/")[2])
    assert officer.get(f"/obstacles/letter/{letter}").status_code == 404
    with writing(waiting.bind) as connection, pytest.raises(NotFound):
        person = actor(connection, login_of("case_officer"))
        change_list(connection, letter, marks_of(waiting), {}, by=person, clock=CLOCK)


def test_what_was_typed_is_given_back_after_signing_in(waiting: Office, as_role: As) -> None:
    login, letter = login_of("case_officer"), drafted(waiting)
    assert all_give_back(as_role("case_officer"), f"/obstacles/letter/{letter}", login) == [
        f"/obstacles/letter/{letter}"
    ]
    visitor, page = as_role("case_officer"), "/obstacles/letter?body=tax_debt&scope=office"
    drawn = forms_of(visitor.get(page).text, page)
    place = next(place for place, form in enumerate(drawn) if form.action == "/obstacles/letter")
    assert unlabelled(drawn[place]) == []
    gives_back(visitor, page, place, drawn[place], login)


def test_the_command_line_does_the_same(waiting: Office) -> None:
    def run(*said: str) -> Any:
        done = CliRunner().invoke(app, ["obstacles", *said, "--by", "case_officer.hbg", "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.output)

    first, second = marks_of(waiting)
    made = run("letter", "--body", "lost_seal", "--to", TO, "--ask", f"{first}=Xác nhận mất dấu")
    assert {item["mark"]: item["asked"] for item in made["obstacles"]} == {
        first: "Xác nhận mất dấu", second: "Mất con dấu",
    }  # fmt: skip
    left = run("letter-list", str(made["letter"]), "--drop", second)
    assert [item["mark"] for item in left["obstacles"]] == [first]
    assert run("letter-list", str(made["letter"])) == left
    for wrong, code in ((("--drop", second), "obstacle_not_listed"), (("--ask", "x"), "obstacle_ask_form")):
        said = ["obstacles", "letter-list", str(made["letter"]), *wrong, "--by", "case_officer.hbg"]
        error = CliRunner().invoke(app, said).exception
        assert isinstance(error, WrongInput) and error.code == code
    with reading(waiting.bind) as connection:
        assert [item.mark for item in listed_in(connection, made["letter"])] == [first]


def test_of_an_obstacle_named_again_another_letter_is_written(waiting: Office) -> None:
    letter = issued(waiting)
    did(waiting, waiting.first, "lift_obstacle", obstacle="lost_seal")
    later = FrozenClock.on(date(2016, 3, 21))
    data = {"obstacle": "lost_seal"}
    apply(waiting.bind, waiting.first, "name_obstacle", by=login_of("case_officer"), clock=later, data=data)
    with reading(waiting.bind) as connection:
        stands = {item.ref: item.stands for item in listed_in(connection, letter)}
    assert stands == {waiting.first: False, waiting.second: True}
