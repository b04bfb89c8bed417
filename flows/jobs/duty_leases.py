"""The lease on a duty of a day: one worker does it, and renews its lease meanwhile.

Another one takes over when the lease has ended, on the same machine as soon as the process has.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Event, Lock, Thread
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Update, and_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from flows.runtime.run_owner import is_lost, tag
from models.database import writing
from models.errors import CoopcaseError
from models.leases import LEASE, database_now, is_free
from models.tables import day_runs

RENEWED_EVERY = LEASE / 5
log = logging.getLogger("coopcase.duties")
_at_work: set[tuple[str, date]] = set()  # in threads of this process
_lock = Lock()


@dataclass(slots=True)
class Lease:
    """A duty of a day in the hands of this process; `claim` is 0 until it is taken."""

    bind: Engine
    name: str
    day: date
    claim: int = 0

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renew the lease until the block ends, however long that takes; after a failure of the block give it back."""
        ended = Event()
        renewing = Thread(target=self._renew, args=(ended,), name=f"lease {self.name}", daemon=True)
        renewing.start()
        failed = True
        try:
            yield
            failed = False
        finally:
            ended.set()
            renewing.join()
            if failed:
                self._give_back()

    def _renew(self, ended: Event) -> None:
        while not ended.wait(RENEWED_EVERY.total_seconds()):
            try:
                with writing(self.bind, any_clock=True) as connection:
                    until = database_now(connection) + LEASE
                    kept = connection.execute(_mine(self).values(held_until=until)).rowcount
            except (CoopcaseError, SQLAlchemyError, OSError):
                log.warning("lease_not_renewed %s %s", self.name, self.day, exc_info=True)
                continue
            if not kept:
                log.warning("lease_lost %s %s", self.name, self.day)
                return

    def _give_back(self) -> None:
        """Where the database cannot be written now, the lease ends by itself."""
        try:
            with writing(self.bind, any_clock=True) as connection:
                connection.execute(_mine(self).values(holder="", held_until=None))
        except (CoopcaseError, SQLAlchemyError, OSError):
            log.warning("lease_not_given_back %s %s", self.name, self.day)


@contextmanager
def at_work(bind: Engine, name: str, day: date) -> Iterator[Lease | None]:
    """This process as the one that may take the duty; None while another thread of it does."""
    key = (name, day)
    with _lock:
        free = key not in _at_work
        _at_work.add(key)
    try:
        yield Lease(bind, name, day) if free else None
    finally:
        if free:
            with _lock:
                _at_work.discard(key)


def take(connection: Connection, lease: Lease) -> bool:
    """Claim a duty whose start is noted; False when it is done, or held by another worker."""
    columns, now = day_runs.c, database_now(connection)
    this = and_(columns.name == lease.name, columns.day == lease.day, columns.done_at.is_(None))
    holder = connection.scalar(select(columns.holder).where(this))
    free = is_free(columns.held_until, now)
    if holder and (holder == tag() or is_lost(holder)):
        free = or_(free, columns.holder == holder)
    claimed = update(day_runs).where(this, free).returning(columns.claim)
    number = connection.scalar(claimed.values(claim=columns.claim + 1, holder=tag(), held_until=now + LEASE))
    lease.claim = number or 0
    return number is not None


def note_end(connection: Connection, lease: Lease, values: Mapping[str, Any]) -> bool:
    """Note what the duty came to; False, with nothing noted, when another worker has taken over meanwhile."""
    return connection.execute(_mine(lease).values(holder="", held_until=None, **values)).rowcount > 0


def held_by_others(connection: Connection, duties: Iterable[tuple[str, date]]) -> set[tuple[str, date]]:
    """Those of the duties (name, day) that a worker is at, in another process or in another thread of this one."""
    wanted = set(duties)
    with _lock:
        here = wanted & _at_work
    columns = day_runs.c
    held = columns.day.in_({day for _, day in wanted}), ~is_free(columns.held_until, database_now(connection))
    found = connection.execute(select(columns.name, columns.day, columns.holder).where(*held)).tuples()
    return here | {(name, day) for name, day, holder in found if holder != tag() and not is_lost(holder)} & wanted


def _mine(lease: Lease) -> Update:
    """The row of the duty while the claim of this process is the last one."""
    columns = day_runs.c
    this: ColumnElement[bool] = and_(columns.name == lease.name, columns.day == lease.day)
    return update(day_runs).where(this, columns.claim == lease.claim, columns.done_at.is_(None))
