"""Notices: their recipients, folded into one mail when they come close together, within the daily budget."""

from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import update

from casework import acts
from casework.acts import append_built_in
from casework.office.people import actor
from correspondence import drafts
from flows.jobs.effects import drain
from models.database import writing
from models.settings import settings
from models.tables import effects
from notifications.sending_rules import rules
from tests.notifications.desk import LEADER, MANAGER, MONDAY, OFFICER, Desk, at
from tests.web.web_office import login_of

COMPLAINT = {
    "received_on": "2016-03-14",
    "complainant": "Ông Ba",
    "against": "QĐ 12",
    "settler": "district_committee",
    "concerns": "dissolution",
}


def news(desk: Desk) -> list[tuple[str, str]]:
    return [(row["login"], row["subject"].partition(":")[0]) for row in desk.rows(kind="notice")]


def reassigned(desk: Desk, minute: int, ref: str = "", to: str = "second.hbg", hour: int = 9) -> None:
    clock = at(MONDAY, hour, minute)
    acts.reassign(desk.bind, ref or desk.ref, to, by=MANAGER, reason="", clock=clock)
    drain(desk.bind, clock)


@pytest.fixture
def calm(desk: Desk) -> Desk:
    """The news of the opened cases is old."""
    drain(desk.bind, at(date(2016, 3, 1)))
    for row in desk.rows():
        desk.change_message(row["id"], created_on=date(2016, 3, 1))
    return desk


def test_an_opened_case_is_news_to_its_officer(desk: Desk) -> None:
    drain(desk.bind, at(date(2016, 3, 1)))
    assert (OFFICER, "Được giao hồ sơ") in news(desk)


def test_the_same_effect_twice_writes_nothing(either_desk: Desk) -> None:
    drain(either_desk.bind, at(MONDAY))
    before = either_desk.rows()
    either_desk.note(update(effects).values(status="pending"))
    drain(either_desk.bind, at(MONDAY, 10))
    assert either_desk.rows() == before


def test_a_case_given_to_another_is_news_to_them_alone(calm: Desk) -> None:
    reassigned(calm, 0)
    assert [item for item in news(calm) if item[0] == "second.hbg"][-1] == ("second.hbg", "Được giao hồ sơ")
    assert MANAGER not in {login for login, _ in news(calm)}, "the doer gets no notice"


def test_a_complaint_is_news_to_the_heads_and_the_legal_office(calm: Desk) -> None:
    calm.act("receive_complaint", MONDAY, **COMPLAINT)
    recipients = {login for login, subject in news(calm) if subject == "Có khiếu nại"}
    assert recipients == {MANAGER, LEADER, login_of("legal")}
    mine = next(row for row in calm.rows(login=LEADER, kind="notice") if "Có khiếu nại" in row["subject"])
    assert mine["body"].startswith("→ Việc tiếp theo: Thụ lý khiếu nại; Không thụ lý khiếu nại."), (
        "not what the case itself waits for"
    )


def test_a_letter_that_came_back_says_so_and_leads_to_it(calm: Desk) -> None:
    letter, clock = _letter(calm), at(MONDAY)
    with writing(calm.bind) as connection:
        append_built_in(
            connection, calm.ref, "letter_returned", {"letter": letter}, by=login_of("clerk"), role="clerk", on=MONDAY,
            now=clock.now(), evidence=[], notify_roles=["case_officer"],
        )  # fmt: skip
    drain(calm.bind, clock)
    row = calm.rows(kind="notice")[-1]
    assert (row["login"], row["subject"].partition(":")[0]) == (OFFICER, "Văn bản không giao được")
    assert row["body"].startswith("→ Việc tiếp theo: Chọn cách giao khác.")
    assert row["link"] == f"/letters/{letter}"


def test_a_submitted_letter_is_news_to_its_signers(calm: Desk) -> None:
    letter = _letter(calm)
    _submit(calm, letter, minute=0)
    row = calm.rows(kind="notice")[-1]
    assert (row["login"], row["subject"].partition(":")[0]) == (MANAGER, "Chờ bạn ký")
    assert "Xem và ký, hoặc trả lại." in row["body"]
    assert row["link"] == f"/letters/{letter}"


def test_a_returned_letter_is_news_to_the_person_who_submitted_it(calm: Desk) -> None:
    letter = _letter(calm)
    _submit(calm, letter, minute=0)
    clock = at(MONDAY, 9, 20)
    with writing(calm.bind) as connection:
        manager = actor(connection, MANAGER)
        drafts.send_back(
            connection, letter, manager, "Thiếu căn cứ", now=clock.now(), today=MONDAY
        )  # fmt: skip
    drain(calm.bind, clock)
    row = calm.rows(kind="notice")[-1]
    assert (row["login"], row["subject"].partition(":")[0]) == (OFFICER, "Bị trả lại")
    assert "Ý kiến: Thiếu căn cứ" in row["body"]


def test_a_letter_signed_meanwhile_is_no_news(calm: Desk) -> None:
    letter = _letter(calm)
    before = len(calm.rows(kind="notice"))
    with writing(calm.bind) as connection:
        now = at(MONDAY).now()
        drafts.submit(connection, letter, actor(connection, OFFICER), now=now, today=MONDAY)
        drafts.approve(connection, letter, actor(connection, MANAGER), now=now, today=MONDAY)
    drain(calm.bind, at(MONDAY, 10))
    assert len(calm.rows(kind="notice")) == before


def _letter(desk: Desk) -> int:
    with writing(desk.bind) as connection:
        officer, now = actor(connection, OFFICER), at(MONDAY).now()
        letter = drafts.draft_by_hand(connection, desk.ref, "name_deletion_notice", officer, now=now, today=MONDAY)
        fields = {"deleted_on": "21/03/2016", "register_entry": "Trụ sở"}
        drafts.fill(connection, letter, officer, fields, today=MONDAY)
    return letter


def _submit(desk: Desk, letter: int, minute: int) -> None:
    clock = at(MONDAY, 9, minute)
    with writing(desk.bind) as connection:
        drafts.submit(connection, letter, actor(connection, OFFICER), now=clock.now(), today=MONDAY)
    drain(desk.bind, clock)


def test_what_comes_within_ten_minutes_goes_as_one(calm: Desk) -> None:
    """The first goes at once; what follows within ten minutes waits and goes together."""
    calm.person("second.hbg", email="hai@example.vn")
    reassigned(calm, 0)
    assert calm.send(at(MONDAY, 9, 0)) == {"sent": 1}
    for minute, to in ((2, OFFICER), (3, "second.hbg"), (5, OFFICER), (6, "second.hbg")):
        reassigned(calm, minute, to=to)
    assert calm.send(at(MONDAY, 9, 7)).get("sent", 0) == 0
    assert calm.send(at(MONDAY, 9, 10)) == {"sent": 2}
    mails = [path.read_bytes() for path in (settings().data / "outgoing").glob("*.eml")]
    (text,) = [text for subject, text in map(_read, mails) if subject.startswith("2 tin mới")]
    assert text.count("Hồ sơ được giao cho bạn") == 2
    assert text.count(calm.ref) == 4, "twice in a heading and twice in a link"
    mine = calm.rows(login="second.hbg", status="sent")
    assert mine[-1]["message_id"] == mine[-2]["message_id"] != mine[-3]["message_id"]


def _read(mail: bytes) -> tuple[str, str]:
    """Subject and plain text."""
    found = message_from_bytes(mail, policy=policy.default)
    plain = found.get_body(("plain",))
    assert plain is not None
    return str(found["Subject"]), plain.get_content()


def test_news_after_the_ten_minutes_goes_at_once_again(calm: Desk) -> None:
    calm.person("second.hbg", email="hai@example.vn")
    reassigned(calm, 0)
    calm.send(at(MONDAY, 9, 0))
    reassigned(calm, 12, to=OFFICER)
    reassigned(calm, 13)
    assert calm.send(at(MONDAY, 9, 13)) == {"sent": 1}


def test_beyond_the_days_number_news_is_held(calm: Desk) -> None:
    calm.person("second.hbg", email="hai@example.vn")
    for turn in range(rules().budget + 2):
        reassigned(calm, 0, hour=8 + turn, to="second.hbg")
        reassigned(calm, 30, hour=8 + turn, to=OFFICER)
    mine = [row["status"] for row in calm.rows(login="second.hbg", kind="notice", created_on=MONDAY)]
    assert mine.count("held") == 2
    assert mine.count("pending") == rules().budget


def test_at_night_it_waits_for_the_morning(calm: Desk) -> None:
    calm.person("second.hbg", email="hai@example.vn")
    reassigned(calm, 0, hour=20)
    assert calm.send(at(MONDAY, 20, 1)) == {}
    assert calm.send(at(MONDAY + timedelta(days=1), 7)) == {"sent": 1}
