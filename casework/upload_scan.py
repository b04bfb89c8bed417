"""Uploads are shown to a virus scanner that has clamd's protocol (INSTREAM), where one is set."""

import hashlib
import logging
import socket
import struct
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from models.errors import Refused, WrongInput
from models.settings import Settings

SECONDS = 30.0  # for the scanner to answer
_CHUNK = 1 << 16
_REMEMBERED = 256
_clean: OrderedDict[str, None] = OrderedDict()  # hashes found clean by this process: a file passes several checks
_lock = Lock()
log = logging.getLogger("coopcase.scan")


def require_clean(data: bytes, name: str, chosen: Settings, field: str = "file") -> None:
    """Have a file looked at before it is read or kept; nothing happens where no scanner is set.

    Raises WrongInput for a file in which something was found, Refused when the scanner does not answer, unless
    COOPCASE_SCANNER_AWAY says that files are accepted all the same.
    """
    if not chosen.scanner or _is_known(key := f"{chosen.scanner} {hashlib.sha256(data).hexdigest()}"):
        return
    try:
        answer = _answer(chosen, data)
    except OSError as error:
        if chosen.scanner_away == "accept":
            log.warning("scanner_away %s: accepted unseen", type(error).__name__)
            return
        raise Refused("scanner_away", name=name) from error
    if answer.endswith(" FOUND"):
        found = answer.removeprefix("stream: ").removesuffix(" FOUND")
        log.warning("upload_refused %s", found)
        raise WrongInput(field, "upload_infected", name=name, found=found)
    if answer != "stream: OK":
        raise Refused("scanner_refused", name=name, answer=answer[:120])
    _remember(key)


def scanner_address(chosen: Settings) -> tuple[socket.AddressFamily, str | tuple[str, int]]:
    """Where the scanner listens: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`. Raises WrongInput."""
    kind, _, place = chosen.scanner.partition(":")
    if kind == "unix" and place.startswith("/"):
        return socket.AF_UNIX, place
    host, _, port = place.rpartition(":")
    if kind == "tcp" and host and port.isdecimal() and int(port) < 1 << 16:
        return (socket.AF_INET6 if ":" in host else socket.AF_INET), (host.strip("[]"), int(port))
    raise WrongInput("COOPCASE_SCANNER", "scanner_address")


def _answer(chosen: Settings, data: bytes) -> str:
    """What the scanner says of these bytes. Raises OSError."""
    with _connected(chosen) as opened:
        opened.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            opened.sendall(struct.pack(">I", len(chunk)) + chunk)
        opened.sendall(struct.pack(">I", 0))
        said = b""
        while not said.endswith(b"\0"):
            more = opened.recv(4096)
            if not more:
                break
            said += more
    if not said:
        raise ConnectionError("no answer")
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


@contextmanager
def _connected(chosen: Settings) -> Iterator[socket.socket]:
    family, place = scanner_address(chosen)
    with socket.socket(family, socket.SOCK_STREAM) as opened:
        opened.settimeout(SECONDS)
        opened.connect(place)
        yield opened


def _is_known(key: str) -> bool:
    with _lock:
        return key in _clean


def _remember(key: str) -> None:
    with _lock:
        _clean[key] = None
        while len(_clean) > _REMEMBERED:
            _clean.popitem(last=False)
