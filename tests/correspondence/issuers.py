"""Clerks in processes of their own, who number letters as fast as they can, and some of whom are killed at it."""

import os
import random
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine, event

from casework import evidence_store
from casework.office.people import actor
from correspondence import issuing
from models.database import engine, reading, writing
from models.errors import Refused
from models.settings import settings
from tests.web.web_office import CLOCK, TODAY

MOMENTS = ("the number is taken", "half the file is written", "the file is whole", "the fact is recorded")


def at_work(url: str, data: str) -> Engine:
    """The office as a process of its own sees it."""
    os.environ |= {"COOPCASE_DATA": data, "COOPCASE_DATABASE_URL": url}
    settings.cache_clear()
    engine.cache_clear()
    return engine(url)


def issue_all(url: str, data: str, letters: Sequence[int], seed: int) -> None:
    """Number letters in an order of chance from two threads; those that another thread has are left to them."""
    bind, order = at_work(url, data), list(letters)
    random.Random(seed).shuffle(order)
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda letter: issue_one(bind, letter), order))


def issue_on_command(url: str, data: str, letters: Sequence[int], seed: int, pipe: Any) -> None:
    """Number one letter each time the pipe says so, and say when it is done."""
    bind, order = at_work(url, data), list(letters)
    random.Random(seed).shuffle(order)
    for letter in order:
        pipe.recv()
        issue_one(bind, letter)
        pipe.send(letter)


def issue_one(bind: Engine, letter: int) -> bool:
    with reading(bind) as connection:
        clerk = actor(connection, "clerk.hbg")
    try:
        with writing(bind) as connection:
            issuing.issue(connection, letter, clerk, now=CLOCK.now(), today=TODAY)
    except Refused as refused:
        assert refused.code == "letter_not_in_status"
        return False
    return True


def issue_and_die(url: str, data: str, letter: int, moment: str) -> None:
    """Be killed at a moment of numbering a letter."""
    bind = at_work(url, data)
    _TRAPS[moment](bind)
    issue_one(bind, letter)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(statement: str) -> Callable[[Engine], None]:
    """Killed when a statement has been sent."""

    def trap(bind: Engine) -> None:
        def struck(_connection: Any, _cursor: Any, sent: str, *_rest: Any) -> None:
            if sent.startswith(statement):
                die()

        event.listen(bind, "after_cursor_execute", struck)

    return trap


def _half_written(_bind: Engine) -> None:
    """Killed when half of the file is on the disk under the name it is written by."""
    sync = os.fsync

    def struck(handle: int) -> None:
        os.ftruncate(handle, os.fstat(handle).st_size // 2)
        sync(handle)
        die()

    evidence_store.os.fsync = struck  # type: ignore[attr-defined]


_TRAPS: dict[str, Callable[[Engine], None]] = {
    "the number is taken": _after("INSERT INTO book_entry"),
    "half the file is written": _half_written,
    "the file is whole": _after("UPDATE letter"),
    "the fact is recorded": _after("INSERT INTO fact"),
}
