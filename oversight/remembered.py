"""Results of this process that are made anew only when what they are made from has grown."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache
from sqlalchemy import Connection, func, select

from models.database import is_sqlite
from models.tables import calendar_adoptions, case_rows, closings, facts, procedure_versions, rulings

Made = TypeVar("Made")
MOST = 64  # results


class Latest(Generic[Made]):
    """Results by what was asked, each only as long as what was known stays the same."""

    def __init__(self) -> None:
        self._lock = Lock()  # threads share it
        self._made: LRUCache[Hashable, tuple[Hashable, Made]] = LRUCache(MOST)

    def of(self, asked: Hashable, known: Hashable, make: Callable[[], Made]) -> Made:
        with self._lock:
            found = self._made.get(asked)
        if found is not None and found[0] == known:
            return found[1]
        made = make()
        with self._lock:
            self._made[asked] = (known, made)
        return made

    def forget(self) -> None:
        with self._lock:
            self._made.clear()


def what_is_known(connection: Connection) -> tuple[Hashable, ...]:
    """The office's facts, calendars and versions as a key. Facts are append-only: the latest one identifies them, and
    on PostgreSQL, where one with a lower number may be committed later, how many there are."""
    latest = select(facts.c.id, facts.c.hash, facts.c.recorded_at).order_by(facts.c.id.desc()).limit(1)
    count = () if is_sqlite(connection) else (connection.scalar(select(func.sum(case_rows.c.seq))),)
    return *rules_known(connection), *(connection.execute(latest).first() or ()), *count


def rules_known(connection: Connection) -> tuple[Hashable, ...]:
    """Calendars, versions and readings of the law as a key: all that a case's facts are read by."""
    versions = select(procedure_versions.c.sha256).where(procedure_versions.c.adopted_at.is_not(None))
    counted = (
        func.max(closings.c.id), select(func.max(calendar_adoptions.c.id)).scalar_subquery(),
        select(func.max(rulings.c.id)).scalar_subquery(),
    )  # fmt: skip
    return (
        connection.engine.url, *connection.execute(select(*counted)).one(),
        *connection.execute(versions.order_by(procedure_versions.c.adopted_at, procedure_versions.c.pin)).scalars(),
    )  # fmt: skip
