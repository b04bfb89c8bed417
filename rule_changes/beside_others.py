"""A change of the rules made ready while others write, and written in a short transaction in which nobody else does."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, Engine, func, select

from models.clock import Clock
from models.database import apart, writing_on
from models.tables import log_entries
from register.collector import paused_collector

# what every date and every plan of a case is made from, beside the case itself
_RULES = ("procedure_version", "closing", "calendar_adoption", "ruling", "district")
_TRIES = 2  # made ready again when the rules were changed meanwhile, then before all others
Made = TypeVar("Made")
Done = TypeVar("Done")


class _Overtaken(Exception):
    """The rules were changed meanwhile, or the day."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """The end of the office's log at an instant when nobody wrote, and the day."""

    last: int
    day: date

    @classmethod
    def now(cls, connection: Connection, clock: Clock) -> "_Mark":
        return cls(connection.scalar(select(func.max(log_entries.c.id))) or 0, clock.today())

    def require(self, connection: Connection, clock: Clock) -> None:
        columns = log_entries.c
        changed = select(columns.id).where(columns.id > self.last, columns.entity.in_(_RULES)).limit(1)
        if clock.today() != self.day or connection.execute(changed).first() is not None:
            raise _Overtaken


def changed_beside_others(
    bind: Engine, clock: Clock, make: Callable[[Connection], Made], write: Callable[[Connection, Made], Done]
) -> Done:
    """What `write` returns, after one transaction in which nobody else wrote.

    `make` only reads, and keeps rows in temporary tables of the connection. `write` is called while the rules and the
    day are still those that `make` read; cases may have changed, which it has to see for itself. What either raises is
    raised, and nothing was written.
    """
    with apart(bind) as connection:
        for _ in range(_TRIES):
            with writing_on(connection, rules=True):
                mark = _Mark.now(connection, clock)
            with connection.begin():
                made = make(connection)
            # a collection of garbage looks at all that was made ready, while others wait
            with suppress(_Overtaken), paused_collector(), writing_on(connection, rules=True):
                mark.require(connection, clock)
                return write(connection, made)
        with writing_on(connection, rules=True):
            return write(connection, make(connection))
