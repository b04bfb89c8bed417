"""Results of this process that are made anew only when what they are made from has grown."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from sqlalchemy import Connection, func, select

from models.tables import calendar_adoptions, closings, facts, procedure_versions

Made = TypeVar("Made")
MOST = 64


class Remembered(Generic[Made]):
    """Results by what was asked and what was known."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Made] = {}

    def of(self, asked: Hashable, make: Callable[[], Made]) -> Made:
        if asked not in self._made:
            made = make()
            if len(self._made) >= MOST:
                self._made.clear()
            self._made[asked] = made
        return self._made[asked]


def what_is_known(connection: Connection) -> tuple[Hashable, ...]:
    """The office's facts, calendars and versions as a key; facts are append-only, so the latest one identifies them."""
    latest = select(facts.c.id, facts.c.hash, facts.c.recorded_at).order_by(facts.c.id.desc()).limit(1)
    versions = select(procedure_versions.c.sha256).where(procedure_versions.c.adopted_at.is_not(None))
    counted = (func.max(closings.c.id), select(func.max(calendar_adoptions.c.id)).scalar_subquery())
    return (
        connection.engine.url, *(connection.execute(latest).first() or ()), *connection.execute(select(*counted)).one(),
        *connection.execute(versions.order_by(procedure_versions.c.adopted_at, procedure_versions.c.pin)).scalars(),
    )  # fmt: skip
