"""The private calendar: its entries, its owners, and that phones can read it."""

from datetime import date, timedelta
from typing import get_args

import pytest
from icalendar import Calendar

from models.database import reading, writing
from models.errors import NotFound
from notifications.feed import feed, renew
from procedures.schema import DeadlineKind
from rule_changes.closing_days import NewClosing, adopt
from templates.words import catalogue
from tests.notifications.desk import MANAGER, MONDAY, OFFICER, Desk, at


def entries(desk: Desk, token: str, day: date = MONDAY) -> list[dict[str, str]]:
    with reading(desk.bind) as connection:
        text = feed(connection, token, day, at(day).now())
    assert text.splitlines()[0] == "BEGIN:VCALENDAR"
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75, "RFC 5545 folds its lines"
    calendar = Calendar.from_ical(text)
    return [
        {
            "summary": str(event["summary"]), "uid": str(event["uid"]), "on": event.decoded("dtstart").isoformat(),
            "note": str(event["description"]), "url": str(event["url"]),
        }
        for event in calendar.walk("VEVENT")
    ]  # fmt: skip


def token(desk: Desk, login: str = OFFICER) -> str:
    with writing(desk.bind) as connection:
        return renew(connection, desk.person(login))


def test_ones_own_open_deadlines_stand_in_it(either_desk: Desk) -> None:
    (entry,) = entries(either_desk, token(either_desk))
    assert entry["on"] == "2016-03-15"
    assert entry["summary"].startswith("Kiểm tra hồ sơ đăng ký: HTX Dịch vụ nông nghiệp Bạch Đằng")
    assert entry["url"] == f"https://coopcase.example.vn/cases/{either_desk.ref}"
    assert "Việc tiếp theo: " in entry["note"]


def test_an_entry_keeps_its_identity_when_its_date_moves(desk: Desk) -> None:
    mine = token(desk)
    before = entries(desk, mine)
    adopt(desk.bind, [NewClosing(date(2016, 3, 15), "city", None, "Bão", "QĐ 7")], by="manager.tp", clock=at(MONDAY))
    after = entries(desk, mine)
    assert [entry["uid"] for entry in after] == [entry["uid"] for entry in before]
    assert [entry["on"] for entry in after] == ["2016-03-16"]


def test_it_rings_the_day_before_and_every_kind_has_its_word(desk: Desk) -> None:
    mine = token(desk)
    with reading(desk.bind) as connection:
        (event,) = Calendar.from_ical(feed(connection, mine, MONDAY, at(MONDAY).now())).walk("VEVENT")
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(hours=-15)
    assert event.decoded("sequence") == desk.case()["seq"]
    kinds = get_args(DeadlineKind.model_fields["kind"].annotation)
    words = [f"{room}.kind_{kind}" for room in ("messages", "pages", "procedure") for kind in kinds]
    assert len(kinds) == 4 and [word for word in words if word not in catalogue()] == []


def test_a_substitute_sees_the_absent_persons_dates_while_they_are_away(desk: Desk) -> None:
    mine = token(desk, "second.hbg")
    assert len(entries(desk, mine)) == 1
    desk.away(OFFICER, "second.hbg", MONDAY, date(2016, 3, 18))
    both = entries(desk, mine)
    assert len(both) == 2
    assert any("thay cho Người case_officer.hbg" in entry["note"] for entry in both)
    assert len(entries(desk, mine, date(2016, 3, 21))) == 1


def test_a_case_without_an_officer_is_its_managers(desk: Desk) -> None:
    mine = token(desk, MANAGER)
    assert entries(desk, mine) == []
    desk.person(OFFICER, active=False)
    assert [entry["on"] for entry in entries(desk, mine)] == ["2016-03-15"]


def test_it_speaks_the_owners_language(desk: Desk) -> None:
    desk.person(OFFICER, lang="en")
    assert entries(desk, token(desk))[0]["summary"].startswith("Check the registry file: ")


def test_a_new_address_shuts_the_old_one(desk: Desk) -> None:
    old = token(desk)
    new = token(desk)
    assert entries(desk, new)
    with pytest.raises(NotFound):
        entries(desk, old)


@pytest.mark.parametrize("guess", ["", "x", "0" * 43, "%", "'; DROP TABLE officer"])
def test_a_guess_opens_nothing(desk: Desk, guess: str) -> None:
    token(desk)
    with pytest.raises(NotFound):
        entries(desk, guess)


def test_the_feed_of_a_person_who_left_is_closed(desk: Desk) -> None:
    mine = token(desk)
    desk.person(OFFICER, active=False)
    with pytest.raises(NotFound):
        entries(desk, mine)
