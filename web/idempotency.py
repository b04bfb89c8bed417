"""A form is taken once: the second press of a button gets the answer to the first, and nothing is done twice.

Each page gives its forms a mark of its own. What comes again from the same page with the same content is the same
press; another content, or the page opened anew, is another wish. Kept in memory: a restart forgets the marks.
"""

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_KEPT = 20_000
MARK = "once"


@dataclass
class _Press:
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    location: str = ""  # where it led; nothing while it is under way


class Presses:
    """Presses under way and done, by what they are."""

    def __init__(self) -> None:
        self.found: OrderedDict[str, _Press] = OrderedDict()

    async def take(self, key: str) -> str:
        """Nothing for a first press; for another one, once the first is done, where that led."""
        while (press := self.found.get(key)) is not None:
            await press.settled.wait()
            if press.location:
                return press.location
        self.found[key] = _Press()
        while len(self.found) > MOST_KEPT:
            self.found.popitem(last=False)[1].settled.set()
        return ""

    def settle(self, key: str, location: str) -> None:
        """It led somewhere; or it was refused, and may be sent again."""
        press = self.found.get(key) if location else self.found.pop(key, None)
        if press is not None:
            press.location = location
            press.settled.set()


def key_of(path: str, form: FormData) -> str:
    """Which press of which page this is; nothing for a form without a mark."""
    if not form.get(MARK):
        return ""
    seen = hashlib.sha256(path.encode())
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            content = hashlib.file_digest(value.file, "sha256").hexdigest()  # type: ignore[arg-type]
            value.file.seek(0)
            seen.update(f"\n{name}={value.filename}:{content}".encode())
        else:
            seen.update(f"\n{name}={value}".encode())
    return seen.hexdigest()


class TakenOnce:
    """Notes where a press led, which the guard of the pages has let in."""

    def __init__(self, app: ASGIApp, presses: Presses) -> None:
        self.app, self.presses = app, presses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        led_to = ""

        async def noting(message: Message) -> None:
            nonlocal led_to
            if message["type"] == "http.response.start" and message["status"] == 303:
                led_to = Headers(raw=message["headers"]).get("location", "")
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            key = scope.get("state", {}).get("press")
            if key:
                self.presses.settle(key, led_to)
