"""Results of this process that are made anew only when what they are made from has grown."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Generic, TypeVar

from cachetools import LRUCache
from sqlalchemy import Connection, func, select

from models.database import is_sqlite
from models.tables import calendar_adoptions, case_rows, closings, facts, procedure_versions, rulings

Made = TypeVar("Made")
MOST = 64  # results
LARGE = 5_000  # cases of an office from which on its forecasts are made once an hour
KEPT_FOR = timedelta(hours=1)


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


@dataclass(frozen=True, slots=True)
class AsMade(Generic[Made]):
    """A result for a page, and when it was made where that may be a while ago; None: just now."""

    result: Made
    made_at: datetime | None = None


class Hourly:
    """Results for the pages of a large office, each kept for an hour with the moment it was made.

    One act anywhere in an office changes its forecasts, and in a large office they take longer than a reader waits. So
    the first reader of an hour has them made, and every page that shows them says when that was. A small office
    (`is_large`) has them of the moment. Each process keeps its own.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: LRUCache[Hashable, AsMade[Any]] = LRUCache(MOST)

    def of(
        self, connection: Connection, asked: Hashable, district: str | None, now: datetime, make: Callable[[], Made]
    ) -> AsMade[Made]:
        """What `make` finds for a district or for all; `asked`: what it is, of which office and day."""
        if not is_large(connection, district):
            return AsMade(make())
        key = connection.engine.url, asked, district
        with self._lock:
            kept: AsMade[Made] | None = self._kept.get(key)
        if kept is not None and kept.made_at is not None and timedelta(0) <= now - kept.made_at < KEPT_FOR:
            return kept
        made = AsMade(make(), now)
        with self._lock:
            self._kept[key] = made
        return made


def is_large(connection: Connection, district: str | None) -> bool:
    """Whether a district, or all together, have had more cases than LARGE."""
    found = select(case_rows.c.district_code)
    if district is not None:
        found = found.where(case_rows.c.district_code == district)
    return connection.execute(found.limit(1).offset(LARGE)).first() is not None


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
