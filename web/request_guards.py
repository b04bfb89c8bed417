"""Middleware before the pages: headers, the size of what is sent, attempts at signing in."""

import contextlib
import hmac
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.clock import stopwatch
from models.errors import Refused
from web.browser_keys import browser_of

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
A_YEAR_OF_HTTPS = "max-age=31536000"
ATTEMPTS, OF_A_LOGIN, OF_AN_ADDRESS = 8, 40, 60  # failed sign-ins
READ_WITHOUT_FILES = 5  # times the limit that a body may have for its text to be read and its files to be dropped
WINDOW = 300.0  # the seconds over which they count
MOST_WATCHED = 10_000  # names and addresses remembered at once


class SafeHeaders:
    """Adds the headers to every answer; pages are not kept by browsers or proxies.

    `secure`: the site is reached by https, and by nothing else from then on.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = HEADERS | ({"Strict-Transport-Security": A_YEAR_OF_HTTPS} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, adding if scope["type"] == "http" else send)


class TooLarge(Exception):
    """More was sent than the office takes."""


class SizeLimit:
    """Refuses a body above the limit, whatever its header says.

    A form whose files are too large is read on, without its files: what was typed beside them is kept.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self.limit * READ_WITHOUT_FILES:
            return await PlainTextResponse("413", 413)(scope, receive, send)
        most, taken = max(self.limit, int(declared)), 0
        if most > self.limit:
            scope.setdefault("state", {})["too_large"] = True

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise TooLarge
            return message

        try:
            await self.app(scope, counting, send)
        except TooLarge:
            await PlainTextResponse("413", 413)(scope, receive, send)


def csrf_of(request: Request) -> str:
    """The token of this browser's forms, made when first asked for."""
    return browser_of(request).form_token()


def require_csrf(request: Request, sent: object) -> None:
    """Raises Refused when a form does not carry the token of the browser that sends it."""
    browser = browser_of(request)
    known = browser.form_token() if browser.key else ""
    if not known or not hmac.compare_digest(known.encode(), str(sent or "").encode()):
        raise Refused("form_too_old")


@dataclass
class Attempts:
    """Failed sign-ins: of a name from an address, of a name, from an address; too many, and one has to wait.

    A stranger who tries a person's name does not keep that person out at their own desk, nor does one forgetful
    person keep out an office that is behind one address: the wider the count, the more it bears.
    """

    failed: dict[str, deque[float]] = field(default_factory=dict)

    @contextmanager
    def one(self, login: str, address: str) -> Iterator[None]:
        """An attempt, counted from its beginning so that many at once are many. Raises Refused: too many."""
        place = network_of(address)
        limits = {f"{login} {place}": ATTEMPTS, f"login {login}": OF_A_LOGIN, f"address {place}": OF_AN_ADDRESS}
        now = stopwatch()
        for key, most in limits.items():
            if self._recent(key, now) >= most:
                raise Refused("too_many_attempts", minutes=int(WINDOW // 60))
        for key in limits:
            self._remember(key, now)
        yield  # raises when the password is wrong
        self.failed.pop(f"{login} {place}", None)
        for key in list(limits)[1:]:
            with contextlib.suppress(KeyError, ValueError):
                self.failed[key].remove(now)

    def _recent(self, key: str, now: float) -> int:
        listed = self.failed.get(key, deque())
        while listed and listed[0] < now - WINDOW:
            listed.popleft()
        return len(listed)

    def _remember(self, key: str, now: float) -> None:
        if len(self.failed) >= MOST_WATCHED:
            self.failed.pop(next(iter(self.failed)))  # the one first seen
        self.failed.setdefault(key, deque()).append(now)


def network_of(address: str) -> str:
    """The network of a client: an IPv4 address, or the /64 of an IPv6 one, whose addresses are too many to count."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address
