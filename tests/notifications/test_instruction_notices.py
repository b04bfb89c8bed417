"""The messages about instructions and notes: once, by the outbox, before the day and after it."""

from datetime import date

import pytest

from casework.dossier import instructions, notes
from casework.dossier.instructions import NewAnswer, NewInstruction
from casework.dossier.notes import NewNote
from casework.office.people import actor
from flows.jobs.effects import drain
from models.database import writing
from notifications.instruction_notices import remind
from tests.notifications.desk import MANAGER, MONDAY, OFFICER, Desk, at

GIVEN = "Xác minh lại địa chỉ trụ sở"


@pytest.fixture
def calm(desk: Desk) -> Desk:
    """The news of the opened cases is old."""
    drain(desk.bind, at(date(2016, 3, 1)))
    for row in desk.rows():
        desk.change_message(row["id"], created_on=date(2016, 3, 1))
    return desk


def notices(desk: Desk) -> list[tuple[str, str, str]]:
    """(login, sort of news, status) of the notices of instructions and notes."""
    found = [row for row in desk.rows(kind="notice") if "instruction-" in row["key"] or "note-" in row["key"]]
    return [(row["login"], row["subject"].partition(":")[0], row["status"]) for row in found]


def give(desk: Desk, due: str = "25/03/2016") -> int:
    with writing(desk.bind) as connection:
        by = actor(connection, MANAGER)
        new = NewInstruction(OFFICER, GIVEN, due)
        number = instructions.give_instruction(connection, desk.ref, new, by=by, clock=at(MONDAY))
    drain(desk.bind, at(MONDAY))
    return number


def watch(desk: Desk, day: date) -> int:
    with writing(desk.bind) as connection:
        return remind(connection, day, now=at(day, 6).now())


def test_an_instruction_and_its_answer_are_news_to_the_other(calm: Desk) -> None:
    number = give(calm)
    assert [item[:2] for item in notices(calm)] == [(OFFICER, "Ý kiến chỉ đạo")]
    (row,) = [row for row in calm.rows(kind="notice") if "instruction-" in row["key"]]
    assert GIVEN in row["body"] and "25/03/2016" in row["body"]
    assert row["link"] == f"/cases/{calm.ref}/instructions/{number}"
    with writing(calm.bind) as connection:
        answer, by = NewAnswer("Trụ sở đóng cửa"), actor(connection, OFFICER)
        instructions.answer_instruction(connection, calm.ref, number, answer, by=by, clock=at(MONDAY, 10))
    drain(calm.bind, at(MONDAY, 10))
    assert [item[:2] for item in notices(calm)][1:] == [(MANAGER, "Báo cáo kết quả thực hiện")]


def test_the_rungs_of_an_instruction_come_once_each(calm: Desk) -> None:
    give(calm)
    days = [date(2016, 3, day) for day in (15, 18, 18, 24, 25, 28, 28)] + [date(2016, 4, 1)]
    assert [watch(calm, day) for day in days] == [0, 1, 0, 1, 1, 1, 0, 1]
    assert [item[:2] for item in notices(calm)][1:] == [
        *[(OFFICER, "Đến hạn báo cáo")] * 3, *[(MANAGER, "Chậm báo cáo")] * 2,
    ]  # fmt: skip


def test_what_is_not_sent_yet_is_withdrawn_with_the_instruction(calm: Desk) -> None:
    number = give(calm)
    with writing(calm.bind) as connection:
        by = actor(connection, MANAGER)
        instructions.withdraw_instruction(connection, calm.ref, number, "Đã rõ", by=by, clock=at(MONDAY, 9, 5))
    drain(calm.bind, at(MONDAY, 9, 5))
    before, after = notices(calm)
    assert before[2] in ("withdrawn", "inbox") and after[:2] == (OFFICER, "Thu hồi ý kiến chỉ đạo")
    assert watch(calm, date(2016, 3, 24)) == 0


def test_a_note_comes_back_by_message_and_in_the_digest(calm: Desk) -> None:
    with writing(calm.bind) as connection:
        new = NewNote("Gọi lại ông giám đốc", "16/03/2016")
        notes.write_note(connection, calm.ref, new, by=actor(connection, OFFICER), clock=at(MONDAY))
    give(calm, "14/03/2016")
    assert watch(calm, date(2016, 3, 15)) == 1  # the report is late
    planned = calm.plan(date(2016, 3, 15))
    assert {"notes": 1, "instructed": 1}.items() <= planned[OFFICER].counts.items()
    assert planned[MANAGER].counts["unanswered"] == 1
    message = planned[OFFICER].message
    assert message is not None
    for said in ("Gọi lại ông giám đốc", GIVEN):
        assert said in message.body
    assert [watch(calm, date(2016, 3, day)) for day in (16, 17)] == [1, 0]
    assert notices(calm)[-1][:2] == (OFFICER, "Ghi chú đến ngày xem lại")
