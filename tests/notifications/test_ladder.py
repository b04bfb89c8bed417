"""The ladder of a deadline, climbed day by day through the doors."""

from datetime import date, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import Insert, event, select

from flows.jobs.effects import drain
from models.database import reading, writing
from models.tables import closings, deadlines, messages
from notifications.sending_rules import rules
from rule_changes.closing_days import NewClosing, adopt, revoke_closing
from tests.notifications.desk import LEADER, MANAGER, MONDAY, OFFICER, Desk, at
from tests.web.web_office import COMPLAINT, login_of

ACCEPT = "accept_target"  # ten working days from 01/03/2016: 15/03/2016
LAST = date(2016, 3, 15)
SECOND = "second.hbg"


def climb_from_to(desk: Desk, first: date, last: date) -> None:
    for step in range((last - first).days + 1):
        desk.climb(first + timedelta(days=step))


def test_each_rung_goes_once_to_its_recipients(either_desk: Desk) -> None:
    climb_from_to(either_desk, date(2016, 3, 1), date(2016, 3, 25))
    assert either_desk.rungs(ACCEPT) == {
        (OFFICER, "before_5"), (OFFICER, "before_1"), (OFFICER, "on_day"), (MANAGER, "manager"), (LEADER, "leader"),
    }  # fmt: skip


def test_the_same_day_twice_writes_nothing(either_desk: Desk) -> None:
    assert either_desk.climb(date(2016, 3, 8))
    before = either_desk.rows()
    assert either_desk.climb(date(2016, 3, 8)) == {}
    assert either_desk.rows() == before


def test_a_machine_that_was_off_tells_only_the_nearest_rung(desk: Desk) -> None:
    desk.climb(MONDAY)
    assert desk.rungs(ACCEPT) == {(OFFICER, "before_1")}


def test_a_met_deadline_is_silent(desk: Desk) -> None:
    desk.climb(date(2016, 3, 8))
    desk.act("accept_case", date(2016, 3, 9), file_held="true")
    climb_from_to(desk, date(2016, 3, 9), date(2016, 3, 25))
    assert desk.rungs(ACCEPT) == {(OFFICER, "before_5")}
    assert desk.rows(kind="correction") == [], "the announced date was right"


def test_what_waits_for_the_morning_is_taken_back_when_it_is_done_by_then(desk: Desk) -> None:
    desk.person(OFFICER, email="canbo@example.vn")
    desk.climb(date(2016, 3, 8))
    desk.act("accept_case", date(2016, 3, 8), file_held="true")
    desk.send(at(date(2016, 3, 8), 10))
    assert [row["status"] for row in desk.rows(login=OFFICER, deadline_key=ACCEPT)] == ["withdrawn"]
    assert desk.rows(kind="correction") == []


def test_what_has_not_gone_about_a_moved_deadline_is_taken_back(desk: Desk) -> None:
    desk.climb(MONDAY)
    reminder = desk.rows(kind="ladder", deadline_key=ACCEPT, login=OFFICER)[0]
    desk.change_message(reminder["id"], status="pending")
    closed = NewClosing(LAST, "office", "HBG", "Bão", "QĐ 7")
    moved = adopt(desk.bind, [closed], by=MANAGER, clock=at(MONDAY))
    assert {item.key for item in moved} == {ACCEPT}
    drain(desk.bind, at(MONDAY, 10))
    assert desk.rows(kind="ladder", deadline_key=ACCEPT, login=OFFICER)[0]["status"] == "withdrawn"
    assert desk.rows(kind="correction", login=OFFICER) == [], "no wrong date was announced"
    desk.climb(date(2016, 3, 16))
    assert {row["key"].split(":")[4] for row in desk.rows(login=OFFICER, status="inbox", deadline_key=ACCEPT)} == {
        "2016-03-16"
    }


def test_a_moved_date_is_corrected_once_for_its_recipients(desk: Desk) -> None:
    desk.climb(MONDAY)
    closed = NewClosing(LAST, "office", "HBG", "Bão", "QĐ 7")
    adopt(desk.bind, [closed], by=MANAGER, clock=at(MONDAY))
    drain(desk.bind, at(MONDAY, 10))
    drain(desk.bind, at(MONDAY, 11))
    (correction,) = [row for row in desk.rows(kind="correction", login=OFFICER) if desk.ref in row["link"]]
    assert "trước đây đã báo ngày 15/03/2016." in correction["body"]
    assert "Hạn đúng là ngày 16/03/2016." in correction["body"]


def entry_of(row: dict[str, Any]) -> tuple[str, str, str, int, str]:
    """Method, identity, day, sequence and status of the calendar entry of a message."""
    calendar = Calendar.from_ical(row["calendar"])
    (event,) = calendar.walk("VEVENT")
    assert str(event["organizer"]) == "mailto:coopcase@coopcase.example.vn", "without one a program takes nothing back"
    day = event.decoded("dtstart").isoformat()
    return str(calendar["method"]), str(event["uid"]), day, event.decoded("sequence"), str(event["status"])


def about_acceptance(desk: Desk) -> list[dict[str, Any]]:
    return [row for row in desk.rows(login=OFFICER, deadline_key=ACCEPT) if row["case_id"] == desk.case()["id"]]


def test_a_calendar_entry_moves_with_its_deadline_and_is_taken_back(desk: Desk) -> None:
    """Each revision under the same identity, with a higher sequence."""
    desk.climb(MONDAY)
    (sent,) = about_acceptance(desk)
    uid = f"{desk.ref}-{ACCEPT}@coopcase"
    assert entry_of(sent) == ("PUBLISH", uid, "2016-03-15", 0, "CONFIRMED")
    closing = adopt_closing(desk)
    assert entry_of(about_acceptance(desk)[-1]) == ("PUBLISH", uid, "2016-03-16", 1, "CONFIRMED")
    revoke_closing(desk.bind, closing, "Không còn bão", by=MANAGER, clock=at(MONDAY, 11))
    drain(desk.bind, at(MONDAY, 12))
    back = about_acceptance(desk)[-1]
    assert entry_of(back) == ("PUBLISH", uid, "2016-03-15", 3, "CONFIRMED")
    assert "trước đây đã báo ngày 16/03/2016." in back["body"]


def adopt_closing(desk: Desk) -> int:
    adopt(desk.bind, [NewClosing(LAST, "office", "HBG", "Bão", "QĐ 7")], by=MANAGER, clock=at(MONDAY))
    drain(desk.bind, at(MONDAY, 10))
    with reading(desk.bind) as connection:
        return int(connection.execute(select(closings.c.id)).scalar_one())


def test_an_annulled_act_takes_its_deadline_back(desk: Desk) -> None:
    seq = desk.act("accept_case", date(2016, 3, 1), file_held="true")
    climb_from_to(desk, date(2016, 3, 2), date(2016, 4, 11))
    assert (OFFICER, "before_1") in desk.rungs("visit_target")
    desk.annul(seq, date(2016, 4, 11))
    gone = desk.rows(kind="correction", deadline_key="visit_target")
    assert gone
    assert all("Không còn hạn này" in row["body"] for row in gone)
    method, uid, _, sequence, status = entry_of(next(row for row in gone if row["calendar"]))
    assert (method, uid, sequence, status) == ("CANCEL", f"{desk.ref}-visit_target@coopcase", 1, "CANCELLED")


def test_a_suspended_deadline_is_silent_and_corrects_what_was_announced(desk: Desk) -> None:
    desk.act("accept_case", date(2016, 3, 1), file_held="true")
    climb_from_to(desk, date(2016, 3, 2), date(2016, 4, 5))
    assert desk.rungs("visit_target") == {(OFFICER, "before_10"), (OFFICER, "before_5")}
    on = date(2016, 4, 6)
    desk.act(
        "receive_suspension", on, notified_on="2016-03-25", from_on="2016-04-11", to_on="2016-08-30"
    )  # fmt: skip
    climb_from_to(desk, on, date(2016, 6, 30))
    assert desk.rungs("visit_target") == {(OFFICER, "before_10"), (OFFICER, "before_5")}
    body = desk.rows(kind="correction", deadline_key="visit_target")[0]["body"]
    assert "12/04/2016" in body
    assert "01/09/2016" in body, "the last two working days, after the suspension"


def test_what_exceeds_the_day_is_held_and_goes_with_the_digest(desk: Desk) -> None:
    desk.person(OFFICER, email="canbo@example.vn")
    for place in range(rules().budget + 2):
        desk.note(_pending_reminder(desk, place))
    counts = desk.climb(MONDAY)
    assert counts["held"] >= 1
    held = desk.rows(login=OFFICER, status="held")
    desk.remind(MONDAY)
    digest = desk.rows(login=OFFICER, kind="digest")[0]
    carried = {row["id"]: row for row in desk.rows(login=OFFICER)}
    for row in held:
        assert carried[row["id"]]["status"] == "inbox"
        assert carried[row["id"]]["note"] == "in_digest"
    assert desk.ref in digest["body"]


def _pending_reminder(desk: Desk, place: int) -> Insert:
    now = at(MONDAY, 5).now()
    return messages.insert().values(
        key=f"x:{place}", officer_id=desk.person(OFFICER), kind="ladder", deadline_key="", subject="x", body="x",
        html="", calendar="", link="", status="pending", attempts=0, created_on=MONDAY, created_at=now, next_at=now,
        message_id="", note="", handled_by="",
    )  # fmt: skip


def test_the_substitute_gets_it_and_so_does_the_absent_person(desk: Desk) -> None:
    desk.away(OFFICER, SECOND, date(2016, 3, 14), date(2016, 3, 18))
    desk.climb(MONDAY)
    assert {(OFFICER, "before_1"), (SECOND, "before_1")} <= desk.rungs(ACCEPT)
    mine = next(row for row in desk.rows(login=SECOND, kind="ladder") if desk.ref in row["link"])
    assert "Bạn nhận thay cho Người case_officer.hbg, đang vắng." in mine["body"]


def test_a_substitute_gets_nothing_after_the_absence(desk: Desk) -> None:
    desk.away(OFFICER, SECOND, date(2016, 3, 7), date(2016, 3, 11))
    desk.climb(MONDAY)
    assert (SECOND, "before_1") not in desk.rungs(ACCEPT)


def test_a_substitute_who_is_away_too_has_a_substitute(desk: Desk) -> None:
    desk.away(MANAGER, OFFICER, date(2016, 3, 14), date(2016, 3, 18))
    desk.away(OFFICER, SECOND, date(2016, 3, 14), date(2016, 3, 18))
    desk.climb(date(2016, 3, 16))
    assert {login for login, rung in desk.rungs(ACCEPT) if rung == "manager"} == {MANAGER, OFFICER, SECOND}
    mine = next(row for row in desk.rows(login=SECOND, kind="ladder") if row["key"].endswith(":manager"))
    assert "Người manager.hbg" in mine["body"], "named is who was to get it first"


@pytest.mark.parametrize(
    ("lang", "said"),
    [("vi", "Việc tiếp theo: "), ("en", "Next: ")],
)
def test_a_reminder_speaks_the_language_of_its_reader(desk: Desk, lang: str, said: str) -> None:
    desk.person(OFFICER, lang=lang)
    desk.climb(MONDAY)
    assert said in desk.rows(login=OFFICER, kind="ladder")[0]["body"]


def test_reminders_of_heads_name_the_responsible_officer(desk: Desk) -> None:
    desk.climb(date(2016, 3, 16))
    reminder = next(row for row in desk.rows(login=MANAGER, deadline_key=ACCEPT) if desk.ref in row["link"])
    assert reminder["body"].startswith("→ Đôn đốc Người case_officer.hbg hoặc giúp tháo gỡ: ")


def test_a_responsible_reader_is_not_named_to_themselves(desk: Desk) -> None:
    who = deadlines.update().where(deadlines.c.key == ACCEPT).values(who="manager")
    desk.note(who)
    desk.climb(date(2016, 3, 16))
    mine = next(row for row in desk.rows(login=MANAGER, deadline_key=ACCEPT) if desk.ref in row["link"])
    assert "Đôn đốc" not in mine["body"]
    assert mine["body"].startswith("→ Việc tiếp theo: ")


def test_the_city_is_reminded_of_a_second_complaint_that_it_settles(desk: Desk) -> None:
    """Nobody in the district is: there it is a term of another body."""
    complained, appealed = date(2016, 3, 2), date(2016, 3, 10)
    desk.act("receive_complaint", complained, **{**COMPLAINT, "received_on": "2016-03-02"})
    desk.act("accept_complaint", complained, "legal")
    desk.act("settle_complaint", date(2016, 3, 9), "leader", result="keep", conclusion="Đúng pháp luật")
    desk.act(
        "record_appeal", appealed, way="second", settler="above", filed_on=str(appealed), who="Ông Bình",
        body="UBND thành phố", against="Quyết định 1",
    )  # fmt: skip
    climb_from_to(desk, appealed, date(2016, 3, 28))
    above = login_of("leader", None)
    assert desk.rungs("accept_above_term") >= {(above, "before_5"), (above, "on_day"), (above, "leader")}
    assert {login for login, _ in desk.rungs("accept_above_term")} <= {above, login_of("manager", None)}


def test_what_is_done_while_reminders_are_worked_out_is_not_announced(either_desk: Desk) -> None:
    """Another officer acts after the deadlines were read and before the reminders are written."""
    acted: list[int] = []

    def act(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "deadline.ends_on <=" in statement and not acted:
            acted.append(0)
            either_desk.act("accept_case", date(2016, 3, 8), file_held="true")

    event.listen(either_desk.bind, "after_cursor_execute", act)
    either_desk.climb(date(2016, 3, 8))
    event.remove(either_desk.bind, "after_cursor_execute", act)
    assert acted
    assert either_desk.rungs(ACCEPT) == set()
    assert {row["case_id"] for row in either_desk.rows(kind="ladder")}, "those of other cases are written"


def test_many_reminders_are_written_in_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {row["key"] for row in _climbed(desk, MONDAY)}
    with writing(desk.bind) as connection:
        connection.execute(messages.delete())
    monkeypatch.setattr("notifications.ladder.AT_ONCE", 1)
    assert {row["key"] for row in _climbed(desk, MONDAY)} == whole
    assert len(whole) > 1


def _climbed(desk: Desk, day: date) -> list[dict[str, Any]]:
    desk.climb(day)
    return desk.rows(kind="ladder")
