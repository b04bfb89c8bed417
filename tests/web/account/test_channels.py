"""Where messages go, chosen on the page: channels with a test, and the private calendar."""

import re
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from sqlalchemy import select

from models.database import reading, writing
from models.tables import channels
from tests.conftest import free_port
from tests.notifications.mail_server import Postbox, post_office
from tests.web.web_office import Office, Visitor, login_of

As = Callable[..., Visitor]
SECRET = "mat-khau-bi-mat"


@pytest.fixture
def post() -> Iterator[Postbox]:
    with post_office() as box:
        yield box


def numbers(office: Office) -> list[int]:
    with reading(office.bind) as connection:
        return list(connection.scalars(select(channels.c.id).order_by(channels.c.id)))


def add(visitor: Visitor, label: str, address: str) -> str:
    answer = visitor.send("/me/channels", {"label": label, "address": address})
    return answer.text if answer.status_code == 422 else visitor.get("/me").text


def test_a_channel_is_added_tried_out_switched_and_removed(office: Office, as_role: As, post: Postbox) -> None:
    visitor = as_role("case_officer")
    assert "Thư của tôi" in add(visitor, "Thư của tôi", post.address())
    (number,) = numbers(office)
    tried = visitor.send(f"/me/channels/{number}/test")
    assert tried.headers["location"] == f"/me?tested={number}#channels"
    assert "Đã gửi thử tới «Thư của tôi»." in visitor.get(f"/me?tested={number}").text
    assert str(post.taken[0]["Subject"]) == "Thử kênh nhận thông báo Coopcase"
    visitor.send(f"/me/channels/{number}/off")
    assert "đã tắt" in visitor.get("/me").text
    visitor.send(f"/me/channels/{number}/on")
    assert "đã tắt" not in visitor.get("/me").text
    visitor.send(f"/me/channels/{number}/remove")
    assert numbers(office) == []


def test_a_test_that_fails_says_why_in_words_and_the_failure_stays_in_sight(office: Office, as_role: As) -> None:
    visitor = as_role("case_officer")
    add(visitor, "Hỏng", f"mailto://127.0.0.1:{free_port()}?from=a@example.vn")
    (number,) = numbers(office)
    visitor.send(f"/me/channels/{number}/test")
    assert "Gửi thử tới «Hỏng» không được: không kết nối được máy chủ." in visitor.get(f"/me?tested={number}").text
    assert re.search(r"không gửi được từ 14/03/2016 \d\d:\d\d: không kết nối được máy chủ", visitor.get("/me").text)


@pytest.mark.parametrize(
    ("label", "address", "said"),
    [
        pytest.param("Sai", f"khong-co://{SECRET}", "Không đọc được địa chỉ kênh.", id="no address"),
        pytest.param("", f"mailtos://a:{SECRET}@example.vn", "Đặt tên cho kênh", id="no label"),
        pytest.param("Sai", "", "Không đọc được địa chỉ kênh.", id="nothing"),
        pytest.param("x\u202ey", f"mailtos://a:{SECRET}@example.vn", "U+202E", id="a hidden character"),
    ],
)
def test_a_wrong_channel_is_refused_with_what_to_write_instead(
    office: Office, as_role: As, label: str, address: str, said: str
) -> None:
    text = add(as_role("case_officer"), label, address)
    assert said in text
    assert SECRET not in text
    assert "tgram://" in text, "the forms are shown"
    assert numbers(office) == []


def test_an_address_is_never_shown_again(office: Office, as_role: As) -> None:
    visitor = as_role("case_officer")
    assert SECRET not in add(visitor, "Thư", f"mailtos://a:{SECRET}@example.vn?from=a@example.vn")
    assert "example.vn?from" not in visitor.get("/me").text.split("<details")[0]


def test_the_channel_of_another_person_is_not_found(office: Office, as_role: As) -> None:
    add(as_role("case_officer"), "Thư", "mailtos://a:b@example.vn")
    (number,) = numbers(office)
    other = as_role("manager")
    for act in ("test", "off", "on", "remove"):
        assert other.send(f"/me/channels/{number}/{act}").status_code == 404
    assert other.send(f"/me/channels/{number}/steal").status_code == 404
    assert numbers(office) == [number]


def test_a_slow_test_holds_up_nobody_else(office: Office, as_role: As, post: Postbox) -> None:
    post.mood = "stall"
    visitor, other = as_role("case_officer"), as_role("manager")
    add(visitor, "Chậm", post.address())
    (number,) = numbers(office)
    thread = Thread(target=visitor.send, args=(f"/me/channels/{number}/test",), daemon=True)
    thread.start()
    assert other.send("/me", {"lang": "en"}).status_code == 303, "another writes meanwhile"
    assert thread.is_alive()


@pytest.mark.parametrize(("lang", "said"), [("vi", "Gửi thử cho tôi"), ("en", "Send me a test")])
def test_the_page_speaks_both_languages(office: Office, as_role: As, lang: str, said: str) -> None:
    visitor = as_role("case_officer")
    visitor.send("/me", {"lang": lang})
    assert said in add(visitor, "Thư", "mailtos://a:b@example.vn")


def feed_of(visitor: Visitor) -> str:
    found = re.search(r'value="http://[^"]+?(/feed/[^"]+\.ics)"', visitor.get("/me").text)
    assert found
    return found[1]


def test_the_calendar_is_open_to_all_who_know_its_address(office: Office, as_role: As, anybody: Visitor) -> None:
    visitor = as_role("case_officer")
    assert "/feed/" not in visitor.get("/me").text, "there is none until it is asked for"
    visitor.send("/me/feed")
    first = feed_of(visitor)
    answer = anybody.get(first)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["cache-control"] == "private, no-cache", "kept by the phone alone, and asked for again"
    assert answer.text.startswith("BEGIN:VCALENDAR")
    known = {"If-None-Match": answer.headers["etag"]}
    assert (again := anybody.client.get(first, headers=known)).status_code == 304 and again.content == b""
    assert anybody.client.get(first, headers={"If-None-Match": 'W/"x"'}).status_code == 200
    visitor.send("/me/feed")
    assert anybody.get(first).status_code == 404
    assert anybody.get(feed_of(visitor)).status_code == 200


def test_whatever_is_wrong_with_the_address_the_answer_is_the_same(office: Office, anybody: Visitor) -> None:
    paths = ("/feed/x.ics", f"/feed/{'0' * 43}.ics", "/feed/%00.ics", "/feed/a'b.ics")
    answers = {(answer.status_code, answer.text) for answer in map(anybody.get, paths)}
    assert answers == {(404, "404")}


def test_the_calendar_of_another_role_is_theirs(office: Office, as_role: As, anybody: Visitor) -> None:
    visitor = as_role("legal")
    visitor.send("/me/feed")
    assert "VEVENT" not in anybody.get(feed_of(visitor)).text
    assert login_of("legal") not in feed_of(visitor)


def test_a_failure_of_ours_does_not_log_the_address(
    office: Office, as_role: As, anybody: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = as_role("case_officer")
    visitor.send("/me/feed")
    path = feed_of(visitor)
    with writing(office.bind) as connection:
        connection.exec_driver_sql("ALTER TABLE officer RENAME TO gone")
    assert anybody.get(path).status_code == 503
    assert "OperationalError" in caplog.text
    assert path.removeprefix("/feed/").removesuffix(".ics") not in caplog.text
