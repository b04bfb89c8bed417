"""Channels: sealed, tested, never shown; a webhook of this machine accepts what Apprise sends."""

import json
import logging
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from models.office_keys import CHANNELS
from models.office_kind import TRIAL, mark_database
from models.settings import settings
from models.tables import channels as channel_table
from notifications.delivery import channel_rules, channels
from notifications.delivery.channel_rules import service_of
from tests.conftest import free_port
from tests.notifications.desk import MANAGER, MONDAY, OFFICER, Desk, at
from web.account.person_pages import FORMS

TEN = at(MONDAY, 10)
SECRET = "mat-khau-bi-mat"


class Hook(ThreadingHTTPServer):
    """Keeps what was posted to it; /no refuses, /slow never answers, /away sends elsewhere."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.posted: list[dict[str, Any]] = []
        self.done = Event()

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/slow":
            self.server.done.wait(60)
        if self.path == "/away":
            self.send_response(307)
            self.send_header("Location", "/ok")
            self.end_headers()
            return
        if self.path == "/ok":
            self.server.posted.append(json.loads(content))
        self.send_response(500 if self.path == "/no" else 200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.done.set()
    server.shutdown()
    server.server_close()


def try_out(desk: Desk, number: int, login: str = OFFICER, patience: float = 30.0) -> str:
    return channels.test(
        desk.bind, settings(), desk.person(login), number, now=TEN.now(), patience=patience
    )  # fmt: skip


def test_a_webhook_takes_a_reminder(desk: Desk, hook: Hook) -> None:
    desk.channel(OFFICER, f"{hook.address}/ok")
    desk.climb(MONDAY)
    assert desk.send(TEN)["sent"] >= 1
    posted = next(item for item in hook.posted if "Kiểm tra hồ sơ đăng ký" in item["title"])
    assert f"https://coopcase.example.vn/cases/{desk.ref}" in posted["message"]


def test_a_test_says_that_it_went(desk: Desk, hook: Hook) -> None:
    number = desk.channel(OFFICER, f"{hook.address}/ok", "Điện thoại")
    assert try_out(desk, number) == ""
    assert hook.posted[0]["title"] == "Thử kênh nhận thông báo Coopcase"
    assert "«Điện thoại»" in hook.posted[0]["message"]
    with writing(desk.bind) as connection:
        mark_database(connection, TRIAL)
    assert try_out(desk, number) == ""
    assert hook.posted[1]["title"] == "[CHẠY THỬ] Thử kênh nhận thông báo Coopcase"


@pytest.mark.parametrize(
    ("path", "why"), [("no", "not_accepted"), ("slow", "no_answer"), ("away", "not_accepted")]
)  # fmt: skip
def test_a_test_says_why_it_did_not_and_since_when(desk: Desk, hook: Hook, path: str, why: str) -> None:
    number = desk.channel(OFFICER, f"{hook.address}/{path}")
    assert try_out(desk, number, patience=1.0 if path == "slow" else 30.0) == why
    row = desk.channel_row(number)
    assert (row["failing_since"], row["last_error"]) == (TEN.now(), why)
    assert hook.posted == [], "a foreign server does not choose the address that is called"


def test_one_success_forgets_the_failures(desk: Desk, hook: Hook) -> None:
    number = desk.channel(OFFICER, f"{hook.address}/ok")
    desk.note(channel_table.update().values(failing_since=TEN.now(), last_error="no_answer"))
    try_out(desk, number)
    row = desk.channel_row(number)
    assert (row["failing_since"], row["last_error"]) == (None, "")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "[::ffff:127.0.0.1]"])
def test_no_address_reaches_the_products_own_ports(desk: Desk, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Prefect's pages trust programs of this machine: they are not reached though the network is allowed."""
    monkeypatch.setenv("COOPCASE_PREFECT_PORT", str(free_port()))
    settings.cache_clear()
    try:
        number = desk.channel(OFFICER, f"json://{host}:{settings().prefect_port}/api/flow_runs/filter")
    except WrongInput:
        return
    assert try_out(desk, number) in (
        "internal_address",
        "not_accepted" if host.startswith("[::f") else "internal_address",
    )


INSIDE = (
    "json://127.0.0.1:{port}/ok", "json://localhost:{port}/ok", "xml://127.0.0.1:{port}/ok",
    "json://169.254.169.254/latest/meta-data", "json://192.168.1.1/ok", "json://10.0.0.7:8080/ok",
    "mailto://127.0.0.1:{port}?from=a@example.vn&to=b@example.vn&mode=insecure",
    "mailto://192.168.1.1:25?from=a@example.vn&to=b@example.vn&mode=insecure",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_no_internal_address_is_called_unless_the_operator_allows_it(
    desk: Desk, hook: Hook, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.delenv("COOPCASE_CHANNELS_INSIDE")
    settings.cache_clear()
    number = desk.channel(OFFICER, address.format(port=hook.server_address[1]))
    assert try_out(desk, number) == "internal_address"
    assert hook.posted == []


def test_a_name_that_resolves_differently_is_blocked(desk: Desk, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address that is called decides, not the one that the name resolved to first."""
    monkeypatch.delenv("COOPCASE_CHANNELS_INSIDE")
    settings.cache_clear()
    port, asked = hook.server_address[1], []

    def answer(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    number = desk.channel(OFFICER, f"json://rebind.example:{port}/ok")
    assert try_out(desk, number) == "internal_address"
    assert asked
    assert hook.posted == []


@pytest.mark.parametrize("form", ["slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#a?template={path}",
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?template={path}",
    "tgram://123456789:AbCdEfGhIjKlMnOpQrStUvWxYz012345678/12345678?template={path}",
    "fcm://project/1234567890?keyfile={path}", "blink1://"])  # fmt: skip
def test_no_address_reads_a_file_of_the_server(desk: Desk, tmp_path: Path, form: str) -> None:
    """Apprise would send a template to whomever the address names: the key of the sessions, say."""
    kept = tmp_path / "key.json"
    kept.write_text('{"content": "bi mat", "text": "bi mat"}')
    with pytest.raises(WrongInput) as wrong:
        desk.channel(OFFICER, form.format(path=kept))
    assert wrong.value.code in ("channel_takes_files", "not_a_channel")
    assert str(kept) not in str(wrong.value.params)


def test_while_the_other_side_is_waited_for_the_database_is_free(desk: Desk, hook: Hook) -> None:
    number = desk.channel(OFFICER, f"{hook.address}/slow")
    other = desk.channel(MANAGER, f"{hook.address}/ok")
    thread = Thread(target=try_out, args=(desk, number))
    thread.start()
    assert try_out(desk, other, MANAGER) == "", "another writes meanwhile"
    assert thread.is_alive(), "the first still waits"
    hook.done.set()
    thread.join()


def test_an_address_is_sealed_and_appears_nowhere(
    desk: Desk, hook: Hook, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(WrongInput) as wrong:
        desk.channel(OFFICER, f"khong-co://{SECRET}")
    assert SECRET not in str(wrong.value.params)
    number = desk.channel(OFFICER, f"{hook.address}/no?khoa={SECRET}")
    try_out(desk, number)
    mail = desk.channel(OFFICER, f"mailtos://a:{SECRET}@khong-co.invalid?from=a@example.vn")
    try_out(desk, mail)
    desk.climb(MONDAY)
    desk.send(TEN)
    printed = capfd.readouterr()
    assert SECRET not in caplog.text + printed.out + printed.err
    assert SECRET not in repr([desk.channel_row(number), desk.channel_row(mail)])
    with reading(desk.bind) as connection:
        assert SECRET not in repr(channels.of(connection, desk.person(OFFICER)))


def test_a_changed_key_has_an_error_of_its_own(desk: Desk, hook: Hook) -> None:
    number = desk.channel(OFFICER, f"{hook.address}/ok")
    (settings().data.resolve() / CHANNELS).unlink()
    assert try_out(desk, number) == "secret_changed"


@pytest.mark.parametrize("kind", FORMS)
def test_the_forms_that_are_shown_can_be_read(kind: str) -> None:
    assert service_of(FORMS[kind]) is not None


@pytest.mark.parametrize(
    "address", ["", "x", "dbus://", "gnome://", "syslog://", "http://example.vn", "json://\n", "a" * 3000]
)
def test_services_without_recipients_are_refused(address: str) -> None:
    with pytest.raises(WrongInput):
        service_of(address)


def test_another_persons_channel_is_not_there(desk: Desk, hook: Hook) -> None:
    number = desk.channel(OFFICER, f"{hook.address}/ok")
    with pytest.raises(NotFound):
        try_out(desk, number, MANAGER)
    assert hook.posted == []


def test_there_is_a_most(desk: Desk, hook: Hook) -> None:
    for _ in range(channel_rules.MOST_CHANNELS):
        desk.channel(OFFICER, f"{hook.address}/ok")
    with pytest.raises(Refused):
        desk.channel(OFFICER, f"{hook.address}/ok")
