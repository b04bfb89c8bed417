"""A council as a body: seats, second persons, replacement, cases, meetings, tasks; its chair signs its letters."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casework.councils import bodies, seats, work
from casework.councils.bodies import NewCouncil
from casework.councils.seats import NewMember
from casework.councils.work import NewMeeting, NewTask
from casework.office.people import Actor, actor
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.settings import settings
from procedures.councils import BatchRules, batch_rules, council_rules, problems
from procedures.definition.loader import load
from tests.correspondence.joint.batch_office import formed_council, taken_over
from tests.web.web_office import CLOCK, TODAY, build_office, login_of

LATER = TODAY + timedelta(days=10)


@pytest.fixture
def bind(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(either_bind)
    return either_bind


def person(bind: Engine, role: str, place: str | None = "HBG") -> Actor:
    with reading(bind) as connection:
        return actor(connection, login_of(role, place))


def member(seat: str, name: str, on: date = TODAY, decision: str = "") -> NewMember:
    return NewMember(seat, name, "Chức vụ (thử)", on, decision)


def refusal(bind: Engine, role: str, do: object, *given: object, place: str | None = "HBG") -> str:
    """The code with which a step is refused; nothing is changed then."""
    with pytest.raises(CoopcaseError) as error, writing(bind) as connection:
        do(connection, *given, by=person(bind, role, place), clock=CLOCK)  # type: ignore[operator]
    return error.value.code


def test_the_seats_are_those_of_the_procedure_with_article_and_confidence() -> None:
    rules = council_rules()
    assert not list(problems(rules, batch_rules(), load()))
    assert {seat.confidence for seat in rules.seats.values()} == {"verified"}
    wrong = BatchRules(joins=("X9",), submission="nothing", decision="decide_dissolution", letters=())
    less = rules.model_copy(update={"seats": {"chair": rules.seats["chair"]}, "article": "nowhere"})
    assert len(list(problems(less, wrong, load()))) == 5


def test_one_person_one_seat_and_a_second_person_for_an_empty_one(bind: Engine) -> None:
    with writing(bind) as connection:
        council = formed_council(connection)
    assert (
        refusal(bind, "case_officer", seats.seat_member, council, member("alliance", "lê văn CUNG"))
        == "council_one_seat"
    )
    assert (
        refusal(bind, "case_officer", seats.seat_member, council, member("chair", "Người khác")) == "council_seat_taken"
    )
    assert refusal(bind, "case_officer", seats.leave_empty, council, "chair", "x", None) == "council_seat_never_empty"
    assert refusal(bind, "leader", seats.seat_member, council, member("member", "Ai đó")) == "council_not_yours"
    with writing(bind) as connection:
        manager = person(bind, "manager")
        second = bodies.form_council(connection, NewCouncil("Hội đồng khác"), by=manager, clock=CLOCK)
        empty = seats.leave_empty(connection, second, "board", "Không ai", TODAY, by=manager, clock=CLOCK)
    assert refusal(bind, "manager", seats.approve_empty, second, empty) == "council_four_eyes"
    assert refusal(bind, "clerk", seats.approve_empty, second, empty) == "council_approval_not_yours"
    with writing(bind) as connection:
        seats.approve_empty(connection, second, empty, by=person(bind, "leader"), clock=CLOCK)
        rows = seats.members_of(connection, second)
        with pytest.raises(Refused, match="council_seats_open"):
            seats.table_rows(rows, TODAY)
        table = seats.table_rows(seats.members_of(connection, council), TODAY)
    assert [row["seat"] for row in table] == [
        "chair", "standing", "line_agency", "commune", "board", "control_board", "member",
    ]  # fmt: skip
    assert table[4] == {"seat": "board", "reason_missing": "Không liên lạc được, có biên bản"}


def test_a_replaced_member_stays_in_the_history(bind: Engine) -> None:
    with writing(bind) as connection:
        council = formed_council(connection)
        chair = next(row["id"] for row in seats.members_of(connection, council) if row["seat"] == "chair")
    new = member("", "Ngô Thị Mới", LATER, "60/QĐ-UBND")
    assert (
        refusal(bind, "manager", seats.replace_member, council, chair, member("", "Ai", LATER), "Nghỉ")
        == "missing_field"
    )
    assert (
        refusal(bind, "manager", seats.replace_member, council, chair, member("", "Ai", TODAY, "1"), "Nghỉ")
        == "council_replaced_before"
    )
    with writing(bind) as connection:
        seats.replace_member(connection, council, chair, new, "Nghỉ hưu", by=person(bind, "manager"), clock=CLOCK)
        rows = seats.members_of(connection, council)
    assert seats.chair_of(rows, TODAY) == "Người leader.hbg"
    assert seats.chair_of(rows, LATER) == "Ngô Thị Mới"
    old = next(row for row in rows if row["id"] == chair)
    assert (old["to_on"], old["end_reason"]) == (LATER - timedelta(days=1), "Nghỉ hưu")
    assert refusal(bind, "manager", seats.replace_member, council, chair, new, "x") == "council_member_left"


def test_one_council_serves_many_cases_and_a_case_one_council(bind: Engine) -> None:
    with writing(bind) as connection:
        first, second = taken_over(connection, 2)
        council, other = formed_council(connection), formed_council(connection, "Hội đồng thứ hai")
        for ref in (first, second, first):
            bodies.assign_council(connection, council, ref, by=person(bind, "clerk"), clock=CLOCK)
    assert refusal(bind, "manager", bodies.assign_council, other, first) == "council_serves_already"
    assert refusal(bind, "manager", bodies.assign_council, council, first, place="ADG") == "no_such_council"
    with writing(bind) as connection:
        bodies.release_case(connection, council, first, "Đổi hội đồng", by=person(bind, "manager"), clock=CLOCK)
        bodies.assign_council(connection, other, first, by=person(bind, "manager"), clock=CLOCK)
        served = bodies.served_cases(connection, council)
        listed = bodies.listed_councils(connection, person(bind, "legal"), TODAY)
    assert [(item["ref"], item["left_on"]) for item in served] == [(second, None), (first, TODAY)]
    assert [(row["cases"], row["chair"]) for row in listed] == [(1, "Người leader.hbg")] * 2
    assert refusal(bind, "manager", bodies.form_council, NewCouncil("Hội đồng thứ hai")) == "council_name_taken"


def test_meetings_and_tasks(bind: Engine) -> None:
    with writing(bind) as connection:
        council, clerk = formed_council(connection), person(bind, "clerk")
        here = [row["id"] for row in seats.members_of(connection, council) if row["name"]][:2]
        held = NewMeeting(TODAY, "Phân công", "UBND quận", here, ("bb.pdf", b"%PDF-1.4 x"))
        meeting = work.record_meeting(connection, council, held, by=clerk, clock=CLOCK)
        task = work.add_task(connection, council, NewTask("Kiểm kê", TODAY, here[0]), by=clerk, clock=CLOCK)
        work.finish_task(connection, council, task, None, by=clerk, clock=CLOCK)
        assert work.minutes_file(connection, council, meeting, clerk)[0] == b"%PDF-1.4 x"
        assert work.tasks_of(connection, council)[0]["done_on"] == TODAY
        with pytest.raises(NotFound):
            work.minutes_file(connection, council, meeting, person(bind, "clerk", "ADG"))
    assert refusal(bind, "clerk", work.finish_task, council, task, None) == "council_task_done"
    with pytest.raises(WrongInput) as wrong, writing(bind) as connection:
        work.record_meeting(connection, council, NewMeeting(LATER, "", present=[999]), by=clerk, clock=CLOCK)
    assert [error.field for error in wrong.value.every] == ["held_on", "settled", "present"]
