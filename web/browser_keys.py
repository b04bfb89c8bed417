"""What a browser holds: a random key, the language chosen before signing in, light or dark; nothing of a person.

Whose session the key opens is in the database (`casework.office.sessions`). The token of forms follows from the key, so
that a visitor who has not signed in needs no row.
"""

import hashlib
import re
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casework.office.sessions import new_key

KEY, LANGUAGE, LOOK = "coopcase", "coopcase_lang", "coopcase_look"  # names of the cookies
LANGUAGES = ("vi", "en")
LOOKS = ("auto", "light", "dark")  # `auto`: as the machine has it
A_YEAR = 365 * 24 * 3600  # seconds for which a look is kept
_SHAPE = re.compile(r"[\w-]{43}")  # another cookie of this name is of an earlier release


@dataclass
class BrowserKey:
    """The key of one browser, made when first needed. `changed`: the answer has to hand it out."""

    key: str = ""
    lang: str = ""
    changed: bool = False
    lang_changed: bool = False
    look: str = LOOKS[0]
    look_changed: bool = False

    def need(self) -> str:
        """The key, made now if there is none."""
        if not self.key:
            self.replace(new_key())
        return self.key

    def replace(self, key: str) -> None:
        self.key, self.changed = key, True

    def speak(self, lang: str) -> None:
        self.lang, self.lang_changed = lang, True

    def show(self, look: str) -> None:
        """Light, dark, or as the machine has it; anything else is the last."""
        self.look, self.look_changed = look if look in LOOKS else LOOKS[0], True

    def form_token(self) -> str:
        """What each form of this browser carries; another site cannot know it, and the key does not follow from it."""
        return hashlib.sha256(f"form {self.need()}".encode()).hexdigest()


class BrowserKeys:
    """Reads the cookies of a request into `browser_of`, and hands out what changed."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app, self.secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        browser = scope.setdefault("state", {})["browser"] = _read(HTTPConnection(scope).cookies)

        async def handing_out(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._hand_out(browser, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, handing_out)

    def _hand_out(self, browser: BrowserKey, headers: MutableHeaders) -> None:
        for name, value, changed, kept in (
            (KEY, browser.key, browser.changed, None), (LANGUAGE, browser.lang, browser.lang_changed, None),
            (LOOK, browser.look, browser.look_changed, A_YEAR),
        ):  # fmt: skip
            if changed:
                made = Response()
                made.set_cookie(name, value, max_age=kept, httponly=True, samesite="lax", secure=self.secure)
                headers.append("set-cookie", made.headers["set-cookie"])


def browser_of(request: Request) -> BrowserKey:
    found: BrowserKey = request.state.browser
    return found


def _read(cookies: dict[str, str]) -> BrowserKey:
    key, lang, look = (cookies.get(name, "") for name in (KEY, LANGUAGE, LOOK))
    found = BrowserKey(key if _SHAPE.fullmatch(key) else "", lang if lang in LANGUAGES else "")
    found.look = look if look in LOOKS else LOOKS[0]
    return found
