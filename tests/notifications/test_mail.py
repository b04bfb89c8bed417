"""Sending by a real mail server: encrypted, signed in, refused, stalled, cut off, and back again."""

import email
from collections.abc import Iterator
from datetime import date, timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from flows.jobs.effects import drain
from models.settings import settings
from notifications.delivery.mailing import Mail, mime
from notifications.sending_rules import rules
from rule_changes.closing_days import NewClosing, adopt
from tests.conftest import free_port
from tests.notifications.desk import MONDAY, OFFICER, Desk, at
from tests.notifications.mail_server import NAME, Postbox, certificate, post_office, signed_in
from tests.web.web_office import login_of

TEN = at(MONDAY, 10)


@pytest.fixture
def pending(desk: Desk) -> Desk:
    """One reminder is pending for the officer, who has an e-mail address; nothing else is."""
    desk.person(OFFICER, email="canbo@example.vn")
    desk.climb(MONDAY)
    for row in desk.rows():
        if row["login"] != OFFICER or row["deadline_key"] != "accept_target":
            desk.change_message(row["id"], status="inbox")
    assert len(desk.rows(status="pending")) == 1
    return desk


@pytest.fixture
def post() -> Iterator[Postbox]:
    with post_office() as box:
        yield box


def use_office_mail(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("COOPCASE_MAIL", address)
    settings.cache_clear()


def only(desk: Desk) -> dict[str, object]:
    (row,) = [row for row in desk.rows(login=OFFICER) if row["deadline_key"] == "accept_target"]
    return row


def later(desk: Desk) -> timedelta:
    """How long a message that failed at ten has to wait."""
    wait = only(desk)["next_at"] - TEN.now()  # type: ignore[operator]
    assert isinstance(wait, timedelta)
    return wait


def test_the_mail_is_whole(pending: Desk, post: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    use_office_mail(monkeypatch, post.address())
    assert pending.send(TEN) == {"sent": 1}
    (mail,) = post.taken
    assert mail["To"].addresses[0].addr_spec == "canbo@example.vn"
    assert mail["To"].addresses[0].display_name == "Người case_officer.hbg"
    assert str(mail["From"]) == "Coopcase <coopcase@example.vn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert str(mail["Subject"]) == "Còn 1 ngày làm việc: HTX DVNN Bạch Đằng, Kiểm tra hồ sơ đăng ký"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Việc tiếp theo" in plain.get_content()
    assert "https://coopcase.example.vn/cases/" in html.get_content()
    (entry,) = mail.iter_attachments()
    assert (entry.get_content_type(), entry.get_filename()) == ("text/calendar", "deadline.ics")
    (event,) = Calendar.from_ical(entry.get_content()).walk("VEVENT")
    assert str(event["summary"]).startswith("Kiểm tra hồ sơ đăng ký: HTX Dịch vụ"), "in letters that mail programs read"
    assert mail["List-Id"] == "Coopcase <deadlines.coopcase.coopcase.example.vn>"
    assert mail["List-Unsubscribe"] is None, "the address is the office's: nobody leaves it by themselves"
    assert {part["Content-Transfer-Encoding"] for part in mail.walk() if not part.is_multipart()} <= {
        "7bit", "base64", "quoted-printable",
    }  # fmt: skip
    assert only(pending)["note"] == "office_mail"
    assert pending.send(TEN) == {}, "once"


@given(st.lists(st.sampled_from(["HTX", "Quyết", "Tiến,", "còn", "10", "ngày…", "week", "Đ"]), min_size=1, max_size=14))
def test_a_subject_arrives_as_it_was_written(words: list[str]) -> None:
    subject = " ".join(words)
    mail = Mail("<1@coopcase>", subject, "…", "", "", TEN.now())
    sent = mime(mail, ("Coopcase", "coopcase@example.vn"), ("Nguyễn Thị Minh Nguyệt", "canbo@example.vn"))
    read = email.message_from_bytes(sent.as_bytes(), policy=default)
    assert str(read["Subject"]) == subject
    assert read["To"].addresses[0].display_name == "Nguyễn Thị Minh Nguyệt"


def test_mails_about_one_deadline_are_one_thread(pending: Desk, post: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    use_office_mail(monkeypatch, post.address())
    pending.send(TEN)
    closed = NewClosing(date(2016, 3, 15), "office", "HBG", "Bão", "QĐ 7")
    adopt(pending.bind, [closed], by=login_of("manager"), clock=TEN)
    drain(pending.bind, at(MONDAY, 11))
    for row in pending.rows(login=OFFICER, status="pending"):
        pending.change_message(row["id"], next_at=TEN.now())
    pending.send(at(MONDAY, 12))
    first = post.taken[0]
    (correction,) = (mail for mail in post.taken if mail["In-Reply-To"])
    assert (first["In-Reply-To"], first["References"]) == (None, None)
    assert correction["In-Reply-To"] == correction["References"] == first["Message-ID"]
    (entry,) = correction.iter_attachments()
    assert entry.get_content_type() == "text/calendar" and entry["Content-Type"].params["method"] == "PUBLISH"


def test_without_a_server_the_mail_is_a_file(pending: Desk) -> None:
    assert pending.send(TEN) == {"sent": 1}
    (path,) = (settings().data / "outgoing").glob("*.eml")
    assert path.stem in str(only(pending)["message_id"])


def test_encrypted_and_signed_in(pending: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(paper))
    how: dict[str, Any] = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": signed_in,
        "auth_required": True,
    }
    with post_office(**how) as box:
        use_office_mail(monkeypatch, box.address(secure="starttls", name=NAME))
        assert pending.send(TEN) == {"sent": 1}
        assert len(box.taken) == 1


@pytest.mark.parametrize(
    ("trusted", "name", "word", "secure", "why"),
    [
        pytest.param(False, NAME, "", "starttls", "bad_certificate", id="a certificate that is not trusted"),
        pytest.param(True, NAME, "sai", "starttls", "sign_in_refused", id="a wrong password"),
        pytest.param(True, "", "", "", "sender_refused", id="plain, where TLS is demanded"),
        pytest.param(True, NAME, "", "ssl", "no_tls", id="TLS from the first byte, where it begins plain"),
    ],
)
def test_no_mail_goes_where_it_should_not(
    pending: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    trusted: bool, name: str, word: str, secure: str, why: str,
) -> None:  # fmt: skip
    paper, context = certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(paper))
    how: dict[str, Any] = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": signed_in,
        "auth_required": True,
    }
    with post_office(**how) as box:
        address = box.address(secure=secure, name=name, **({"word": word} if word else {}))
        use_office_mail(monkeypatch, address)
        assert pending.send(TEN) == {"retry": 1}
        assert box.taken == []
    assert only(pending)["note"] == why


def test_a_server_without_tls_is_not_spoken_to_in_the_clear(
    pending: Desk, post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_office_mail(monkeypatch, post.address(secure="starttls"))
    assert pending.send(TEN) == {"retry": 1}
    assert (only(pending)["note"], post.taken) == ("not_supported", [])


@pytest.mark.parametrize(
    ("mood", "why"),
    [
        pytest.param("busy", "refused", id="451 after the text"),
        pytest.param("never", "refused", id="554 after the text"),
        pytest.param("no_such_person", "recipient_refused", id="550 for the receiver"),
        pytest.param("stall", "no_answer", id="no word after the text"),
        pytest.param("hang_up", "hung_up", id="hangs up after taking it"),
    ],
)
def test_a_bad_day_of_the_server(
    pending: Desk, post: Postbox, monkeypatch: pytest.MonkeyPatch, mood: str, why: str
) -> None:
    """It is scheduled again, goes when the server works again, and carries the same Message-ID."""
    use_office_mail(monkeypatch, post.address())
    post.mood = mood
    assert pending.send(TEN, patience=1.5 if mood == "stall" else 30.0) == {"retry": 1}
    row = only(pending)
    assert (row["status"], row["attempts"], row["note"]) == ("pending", 1, why)
    assert pending.send(at(MONDAY, 10, 0)) == {}, "not at once again"
    post.mood = "take"
    assert pending.send(at(MONDAY, 10, 2)) == {"sent": 1}
    assert set(post.ids) == {row["message_id"]}
    assert len(post.ids) == (2 if mood == "hang_up" else 1), "doubled only where the server took it and did not say so"


def test_a_server_that_is_away_and_comes_back(pending: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    use_office_mail(monkeypatch, f"mailto://127.0.0.1:{port}?from=coopcase@example.vn")
    assert pending.send(TEN) == {"retry": 1}
    assert only(pending)["note"] == "no_connection"
    with post_office(port) as box:
        assert pending.send(at(MONDAY, 10, 2)) == {"sent": 1}
        assert len(box.taken) == 1


def test_each_try_waits_longer_and_not_all_at_one_instant(pending: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    use_office_mail(monkeypatch, f"mailto://127.0.0.1:{free_port()}?from=coopcase@example.vn")
    number, waits = int(str(only(pending)["id"])), []
    for _ in range(4):
        pending.change_message(number, next_at=TEN.now())
        pending.send(TEN)
        waits.append(later(pending))
    for place, wait in enumerate(waits):
        base = timedelta(minutes=2**place)
        assert base <= wait <= base * 1.25
    assert len({wait / timedelta(minutes=2**place) for place, wait in enumerate(waits)}) == len(waits)


def test_after_the_last_try_it_waits_for_a_person(pending: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    use_office_mail(monkeypatch, f"mailto://127.0.0.1:{free_port()}?from=coopcase@example.vn")
    number = int(str(only(pending)["id"]))
    pending.change_message(number, attempts=rules().attempts - 1)
    assert pending.send(TEN) == {"dead_letter": 1}
    assert pending.send(at(MONDAY, 16)) == {}
    assert only(pending)["status"] == "dead_letter"


@pytest.mark.parametrize("address", ["mailto://", "khong-phai-dia-chi", "ntfy://topic", "json://localhost/x"])
def test_a_wrong_office_mail_gives_no_message_up(pending: Desk, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """It is our own mistake: however often it fails, the message goes when the setting is right."""
    use_office_mail(monkeypatch, address)
    number = int(str(only(pending)["id"]))
    pending.change_message(number, attempts=rules().attempts - 1)
    assert pending.send(TEN) == {"retry": 1}
    assert (only(pending)["status"], only(pending)["note"]) == ("pending", "wrong_office_mail")
    monkeypatch.delenv("COOPCASE_MAIL")
    pending.change_message(number, next_at=TEN.now())
    assert pending.send(TEN) == {"sent": 1}


def test_own_channels_come_before_the_office(pending: Desk, post: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    use_office_mail(monkeypatch, f"mailto://127.0.0.1:{free_port()}?from=coopcase@example.vn")
    pending.channel(OFFICER, post.address())
    assert pending.send(TEN) == {"sent": 1}
    (mail,) = post.taken
    assert mail["List-Unsubscribe"] == "<https://coopcase.example.vn/me#channels>", "where it is switched off"


def test_a_full_disk_gives_no_message_up(pending: Desk) -> None:
    settings().data.mkdir(parents=True, exist_ok=True)
    (settings().data / "outgoing").write_text("a file where the folder should be")
    number = int(str(only(pending)["id"]))
    pending.change_message(number, attempts=rules().attempts - 1)
    assert pending.send(TEN) == {"retry": 1}
    assert only(pending)["note"] == "cannot_write"


def test_a_person_who_left_gets_no_mail(pending: Desk, post: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    use_office_mail(monkeypatch, post.address())
    pending.person(OFFICER, active=False)
    assert pending.send(TEN) == {"inbox": 1}
    assert (only(pending)["note"], post.taken) == ("left", [])
