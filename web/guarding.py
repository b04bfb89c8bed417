"""What stands between the net and the pages: headers, the size of what is sent, attempts at signing in."""

import hmac
import secrets
from collections import defaultdict, deque
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.clock import stopwatch
from models.errors import Refused

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
ATTEMPTS, WINDOW = 8, 300.0  # failed sign-ins, and the seconds over which they count
MOST_WATCHED = 10_000  # names and addresses remembered at once


class SafeHeaders:
    """Adds the headers to every answer; pages are not kept by browsers or proxies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, adding if scope["type"] == "http" else send)


class TooLarge(Exception):
    """More was sent than the office takes."""


class SizeLimit:
    """Refuses a body above the limit, whatever its header says."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self.limit:
            return await PlainTextResponse("413", 413)(scope, receive, send)
        taken = 0

        async def counting() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit:
                raise TooLarge
            return message

        try:
            await self.app(scope, counting, send)
        except TooLarge:
            await PlainTextResponse("413", 413)(scope, receive, send)


def csrf_of(request: Request) -> str:
    """The token of this session, made when first asked for."""
    token = request.session.get("csrf")
    if not token:
        token = request.session["csrf"] = secrets.token_urlsafe(24)
    return str(token)


def require_csrf(request: Request, sent: object) -> None:
    """Raises Refused when a form does not carry the token of its session."""
    known = str(request.session.get("csrf", ""))
    if not known or not hmac.compare_digest(known.encode(), str(sent or "").encode()):
        raise Refused("form_too_old")


@dataclass
class Attempts:
    """Failed sign-ins by name and by address; too many, and one has to wait."""

    failed: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def require_calm(self, *keys: str) -> None:
        """Raises Refused while one of the keys has failed too often."""
        now = stopwatch()
        for key in keys:
            listed = self.failed.get(key, deque())
            while listed and listed[0] < now - WINDOW:
                listed.popleft()
            if len(listed) >= ATTEMPTS:
                raise Refused("too_many_attempts", minutes=int(WINDOW // 60))

    def note(self, *keys: str) -> None:
        if len(self.failed) > MOST_WATCHED:
            self.failed.clear()
        for key in keys:
            self.failed[key].append(stopwatch())

    def forget(self, *keys: str) -> None:
        for key in keys:
            self.failed.pop(key, None)
