"""Uploads are shown to a scanner that has clamd's protocol; a small fake answers here."""

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from casework import upload_scan
from casework.evidence_store import media_type_of
from casework.upload_scan import require_clean
from flows.jobs.register_folder import take_in
from models.clock import FrozenClock
from models.errors import CoopcaseError, WrongInput
from models.settings import settings
from tests.web.web_office import TODAY, Office, Visitor

HARM = b"%PDF-1.4 X5O!P%@AP-STANDARD-ANTIVIRUS-TEST"
FINE = b"%PDF-1.4 fine"


@dataclass
class Scanner:
    """A fake of clamd: finds what bears the word of the test file, and notes what it was shown."""

    address: str = ""
    answer: bytes = b""
    seen: list[bytes] = field(default_factory=list)

    def look(self, data: bytes) -> bytes:
        self.seen.append(data)
        found = b"stream: Eicar-Test-Signature FOUND" if b"ANTIVIRUS-TEST" in data else b"stream: OK"
        return (self.answer or found) + b"\0"


def _handler(scanner: Scanner) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            data = b""
            while size := struct.unpack(">I", self.rfile.read(4))[0]:
                data += self.rfile.read(size)
            self.wfile.write(scanner.look(data))

    return Handler


@pytest.fixture(params=["unix", "tcp"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scanner]:
    made = Scanner()
    if request.param == "unix":
        server: socketserver.BaseServer = socketserver.ThreadingUnixStreamServer(str(tmp_path / "s"), _handler(made))
        made.address = f"unix:{tmp_path / 's'}"
    else:
        tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _handler(made))
        server, made.address = tcp, f"tcp:127.0.0.1:{tcp.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("COOPCASE_SCANNER", made.address)
    settings.cache_clear()
    upload_scan._clean.clear()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_found_is_refused_by_name(scanner: Scanner) -> None:
    with pytest.raises(WrongInput) as wrong:
        media_type_of(HARM, "bien-ban.pdf")
    assert (wrong.value.code, wrong.value.params["name"]) == ("upload_infected", "bien-ban.pdf")
    assert wrong.value.params["found"] == "Eicar-Test-Signature"
    assert media_type_of(FINE, "bien-ban.pdf") == "application/pdf"
    assert scanner.seen == [HARM, FINE]


def test_a_large_file_is_shown_whole_and_once(scanner: Scanner) -> None:
    data = bytes(range(256)) * 2000
    for _ in range(2):
        require_clean(data, "a.pdf", settings())
    assert scanner.seen == [data]


def test_an_error_of_the_scanner_refuses_the_file(scanner: Scanner) -> None:
    scanner.answer = b"INSTREAM size limit exceeded. ERROR"
    with pytest.raises(CoopcaseError) as refused:
        require_clean(FINE, "a.pdf", settings())
    assert refused.value.code == "scanner_refused"


@pytest.mark.parametrize("address", ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1"])
def test_a_scanner_that_does_not_answer_refuses_unless_the_office_accepts(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPCASE_SCANNER", address)
    settings.cache_clear()
    with pytest.raises(CoopcaseError) as refused:
        require_clean(FINE, "a.pdf", settings())
    assert refused.value.code == "scanner_away"
    monkeypatch.setenv("COOPCASE_SCANNER_AWAY", "accept")
    settings.cache_clear()
    require_clean(FINE, "a.pdf", settings())


@pytest.mark.parametrize("address", ["clamd", "unix:relative", "tcp:host", "tcp:host:99999", "http://127.0.0.1:3310"])
def test_an_address_that_is_none_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_SCANNER", address)
    settings.cache_clear()
    with pytest.raises(WrongInput) as wrong:
        require_clean(FINE, "a.pdf", settings())
    assert wrong.value.field == "COOPCASE_SCANNER"


def test_a_register_that_is_dropped_or_sent_is_shown_too(
    office: Office, as_role: Callable[..., Visitor], scanner: Scanner, tmp_path: Path
) -> None:
    data = b"Ten,Ma so\nANTIVIRUS-TEST,1\n"
    dropped = tmp_path / "in" / "so.csv"
    dropped.parent.mkdir()
    dropped.write_bytes(data)
    (done,) = take_in(office.bind, FrozenClock.on(TODAY), [dropped], "en")
    assert "Eicar-Test-Signature" in done["refused"]
    sent = as_role("case_officer").send("/import", files={"file": ("so.csv", data)}, page="/import")
    assert sent.status_code == 422 and "Eicar-Test-Signature" in sent.text
