"""The office's mail server, as moody as real ones."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.conftest import free_port


@dataclass(frozen=True)
class Letter:
    """A message that was taken."""

    message_id: str
    to: str
    subject: str


@dataclass
class Post:
    """Takes messages; `mood` is open, refuses, stalls, or drops (accepts and disconnects without an answer)."""

    port: int = field(default_factory=free_port)
    mood: str = "open"
    taken: list[Letter] = field(default_factory=list)
    dropped: int = 0  # accepted without an answer

    @property
    def address(self) -> str:
        """As COOPCASE_MAIL wants it."""
        return f"mailto://127.0.0.1:{self.port}/?from=coopcase@van-phong.example&mode=insecure"

    def times(self) -> Counter[tuple[str, str]]:
        """How often each message came to each person."""
        return Counter((letter.message_id, letter.to) for letter in self.taken)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.mood == "refuses":
            return "451 Come back later"
        if self.mood == "stalls":
            await asyncio.sleep(60)
            return "451 Too late"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.taken += [Letter(mail["Message-ID"], to, mail["Subject"]) for to in envelope.rcpt_tos]
        if self.mood == "drops":
            self.dropped += 1
            cast(asyncio.Transport, server.transport).abort()
        return "250 Taken"


@contextmanager
def serving(post: Post) -> Iterator[Post]:
    controller = Controller(post, hostname="127.0.0.1", port=post.port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
