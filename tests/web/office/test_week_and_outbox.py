"""For the heads: who gets what this week and why, what waits to be sent, whom nothing reaches."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cli.app import main
from flows.jobs.week_digests import remind
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import CoopcaseError, Refused
from models.settings import settings
from models.tables import messages, officers
from notifications.ladder import climb
from tests.conftest import free_port
from tests.e2e.walking import coopcase
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
OFFICER = login_of("case_officer")


@pytest.fixture
def busy(office: Office) -> Office:
    """Reminders of the day are pending for all persons with e-mail addresses."""
    with writing(office.bind) as connection:
        mail = officers.c.login + "@example.vn"
        connection.execute(update(officers).where(officers.c.login != login_of("clerk")).values(email=mail))
    climb(office.bind, TODAY, now=FrozenClock.on(TODAY, 6).now())
    return office


def one(office: Office, login: str, **values: object) -> int:
    """A message of an officer, changed as wanted."""
    with writing(office.bind) as connection:
        found = select(messages.c.id).join(officers, officers.c.id == messages.c.officer_id)
        number = int(connection.execute(found.where(officers.c.login == login)).scalars().first() or 0)
        connection.execute(update(messages).where(messages.c.id == number).values(**values))
    return number


def test_the_week_says_who_gets_what_and_why(busy: Office, as_role: As) -> None:
    text = as_role("manager").get("/office/week").text
    assert "Nhận bản tin tuần" in text
    assert "có việc" in text
    assert "Chỉ một dòng trong Hộp thư" in text
    assert "Không nhận gì" in text, "the administrator carries no cases"
    assert login_of("case_officer", "ADG") not in text


def test_each_digest_can_be_read(busy: Office, as_role: As) -> None:
    visitor = as_role("manager")
    text = visitor.get(f"/office/week?read={OFFICER}").text
    assert "Rà soát, phân loại xong" in text
    assert f'href="/cases/{busy.first}"' in text
    other = visitor.get(f"/office/week?read={login_of('case_officer', 'ADG')}").text
    assert busy.elsewhere not in other


def test_the_city_sees_all_and_can_choose_a_district(busy: Office, as_role: As) -> None:
    visitor = as_role("leader", None)
    everybody = visitor.get("/office/week").text
    assert OFFICER in everybody
    assert login_of("case_officer", "ADG") in everybody
    assert OFFICER not in visitor.get("/office/week?district=ADG").text


def test_after_monday_it_shows_what_was_written(busy: Office, as_role: As) -> None:
    remind(busy.bind, TODAY, CLOCK)
    text = as_role("manager").get(f"/office/week?read={OFFICER}").text
    assert "viết lúc 14/03/2016" in text
    assert "tuần này đã có" in text
    following = as_role("manager").get("/office/week?following=true").text
    assert (TODAY + timedelta(days=7)).strftime("%d/%m/%Y") in following
    assert "tuần này đã có" not in following


def test_the_page_and_the_command_say_the_same(busy: Office, as_role: As) -> None:
    plan = coopcase("week", "--dry-run")
    text = as_role("leader", None).get("/office/week").text
    for kind, title in (("digest", "Nhận bản tin tuần"), ("none", "Không nhận gì")):
        count = sum(item["kind"] == kind for item in plan["people"])
        assert f"{title} ({count})" in text
    assert all(item["why"] for item in plan["people"])
    with reading(busy.bind) as connection:
        kinds = set(connection.scalars(select(messages.c.kind)))
    assert "digest" not in kinds, "a dry run writes nothing"


def test_who_cannot_be_reached_is_first_and_on_the_page_of_late_items(busy: Office, as_role: As) -> None:
    visitor = as_role("manager")
    text = visitor.get("/office/messages").text
    assert text.index("Không nhận được tin") < text.index("Ngừng gửi")
    assert "Người clerk.hbg" in text
    assert "chưa có kênh nhận tin và chưa có địa chỉ thư điện tử" in text
    assert "1 người không nhận được tin nhắc việc." in visitor.get("/late").text


def test_a_given_up_message_is_retried_from_the_page(busy: Office, as_role: As) -> None:
    number = one(busy, OFFICER, status="dead_letter", attempts=12, note="no_answer")
    visitor = as_role("manager")
    text = visitor.get("/office/messages").text
    assert "máy chủ không trả lời kịp" in text
    assert "đã thử 12 lần" in text
    assert visitor.send(f"/office/messages/{number}/retry", {"status": "dead_letter"}).status_code == 303
    with reading(busy.bind) as connection:
        row = connection.execute(select(messages).where(messages.c.id == number)).mappings().one()
    assert (row["status"], row["attempts"], row["handled_by"]) == ("pending", 0, login_of("manager"))


def test_a_message_is_dropped_with_a_reason_that_stays(busy: Office, as_role: As) -> None:
    number, visitor = one(busy, OFFICER, attempts=0), as_role("manager")
    refused = visitor.send(f"/office/messages/{number}/drop", {"status": "pending", "reason": " "})
    assert refused.status_code == 422
    assert "Lý do" in refused.text
    visitor.send(f"/office/messages/{number}/drop", {"status": "pending", "reason": "Đã báo miệng"})
    text = visitor.get("/office/messages?status=dropped").text
    assert "Đã báo miệng" in text
    assert login_of("manager") in text


def test_another_office_has_no_hand_in_it(busy: Office, as_role: As) -> None:
    number = one(busy, OFFICER, status="dead_letter")
    visitor = as_role("manager", "ADG")
    assert visitor.send(f"/office/messages/{number}/retry").status_code == 404
    assert visitor.send(f"/office/messages/{number}/drop", {"reason": "x"}).status_code == 404
    assert "Người case_officer.hbg" not in visitor.get("/office/messages?status=dead").text
    assert as_role("manager", None).send(f"/office/messages/{number}/retry").status_code == 303


def test_a_wrong_office_mail_is_reported(busy: Office, as_role: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_MAIL", "mailto://khong:mat-khau-bi-mat@")
    settings.cache_clear()
    text = as_role("admin").get("/office/messages").text
    assert "COOPCASE_MAIL: không phải địa chỉ máy chủ thư." in text
    assert "mat-khau-bi-mat" not in text
    found = coopcase("outbox")
    assert "COOPCASE_MAIL" in found["mail"]
    assert "mat-khau-bi-mat" not in str(found)


def test_a_wrong_office_mail_is_reported_at_the_start(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("COOPCASE_PORT", "COOPCASE_PREFECT_PORT"):
        monkeypatch.setenv(name, str(free_port()))
    monkeypatch.setenv("COOPCASE_MAIL", "mailto://khong:mat-khau-bi-mat@")
    settings.cache_clear()
    monkeypatch.setattr("sys.argv", ["coopcase", "run"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert "COOPCASE_MAIL: không phải địa chỉ máy chủ thư." in printed.err
    assert "mat-khau-bi-mat" not in printed.err + printed.out


def test_the_command_lists_retries_and_drops_like_the_page(busy: Office) -> None:
    number = one(busy, OFFICER, status="dead_letter", note="no_answer")
    found = coopcase("outbox", "--status", "dead_letter")
    assert [row["id"] for row in found["messages"]] == [number]
    assert {item["login"] for item in found["unreached"]} >= {login_of("clerk"), OFFICER}
    assert coopcase("outbox", "--retry", str(number), "--by", login_of("manager"))["counts"]["dead_letter"] == 0
    dropped = coopcase("outbox", "--drop", str(number), "--reason", "Đã báo", "--by", login_of("admin", None))
    assert dropped["counts"]["dropped"] == 1


@pytest.mark.parametrize("arguments", [("--drop", "1"), ("--drop", "1", "--by", "case_officer.hbg", "--reason", "x")])
def test_the_command_asks_who_and_whether_they_may(busy: Office, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CoopcaseError):
        coopcase("outbox", *arguments)


def test_only_this_week_can_be_written_from_the_command_line(busy: Office) -> None:
    for day in ("07/03/2016", "21/03/2016"):
        with pytest.raises(Refused):
            coopcase("week", day)
        assert coopcase("week", day, "--dry-run")["people"]


def test_the_inbox_is_read_with_links_and_sections(busy: Office, as_role: As) -> None:
    remind(busy.bind, TODAY, CLOCK)
    text = as_role("case_officer").get("/inbox").text
    assert "<h3>" in text
    assert f'<a href="/cases/{busy.first}">' in text
    assert "http://127.0.0.1" not in text.split("<main")[1], "no raw addresses"
