"""What takes too long to look at while a page opens: worked out beside it, with its progress, and kept for a while.

What was seen is approved by its mark, and an approval works it all out again: an old look can mislead nobody.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Engine

from models.clock import Clock
from models.database import reading
from rule_changes.version_impact import Change, preview
from rulebook.versions import Versions

T = TypeVar("T")
MOST_KEPT = 3  # each holds every date that moves
log = logging.getLogger("coopcase.web")


@dataclass
class Look:
    """A preview under way, or done; `failed` when it broke off."""

    begun_at: datetime
    part: float = 0.0  # of the cases, looked through
    change: Change | None = None
    done_at: datetime | None = None
    failed: bool = False

    @property
    def runs(self) -> bool:
        return self.change is None and not self.failed

    def track(self, items: Iterable[T], total: int) -> Iterable[T]:
        for place, item in enumerate(items):
            self.part = place / total
            yield item


@dataclass
class LongLooks:
    """The looks of this process, by version; one is worked out at a time."""

    found: dict[str, Look] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def of(self, pin: str) -> Look | None:
        """The look as it is now, or None: a copy, so that a page does not see it end while it is being drawn."""
        found = self.found.get(pin)
        return None if found is None else replace(found)

    def begin(self, bind: Engine, pin: str, clock: Clock) -> None:
        """Start a new preview, unless one is running."""
        with self._lock:
            known = self.found.pop(pin, None)
            self.found[pin] = known if known is not None and known.runs else Look(clock.now())
            while len(self.found) > MOST_KEPT:
                self.found.pop(next(iter(self.found)))
            if self.found[pin] is not known:
                work = (bind, pin, self.found[pin], clock)
                threading.Thread(target=self._work, args=work, daemon=True).start()

    def forget(self) -> None:
        """The cases are pinned to other versions now."""
        with self._lock:
            self.found.clear()

    def _work(self, bind: Engine, pin: str, look: Look, clock: Clock) -> None:
        try:
            with self._turn, reading(bind) as connection:
                today: date = clock.today()
                change = preview(connection, Versions(connection).of(pin), today, track=look.track)
                look.done_at, look.change = clock.now(), change  # `change` last: a page reads both once it is there
        except Exception as error:
            look.failed = True
            log.exception("looking through the cases for %s: %s", pin, type(error).__name__)
