"""Chooses the clock of the office: COOPCASE_TODAY or the chosen day of a sample or trial, else the system clock."""

from datetime import date

from sqlalchemy import Connection, delete, select

from models.clock import Clock, SteppedClock, SystemClock
from models.errors import Conflict
from models.office_kind import REAL, require_not_real
from models.setting_keys import DEMO_DAY, OFFICE_KIND
from models.settings import settings
from models.tables import settings_table


def demo_day(connection: Connection) -> date | None:
    """Return the chosen current day of a sample or trial office; None for any other."""
    return _chosen(connection)[1]


def clock_of(connection: Connection) -> Clock:
    """Return the clock: COOPCASE_TODAY first, then the chosen day, then the system clock.

    Raises Conflict when COOPCASE_TODAY is set for a real office, whose records say when they were made.
    """
    kind, chosen = _chosen(connection)
    if kind == REAL and settings().today:
        raise Conflict("real_day_chosen", day=settings().today)
    day = settings().today or chosen
    return SteppedClock(day) if day else SystemClock()


def set_demo_day(connection: Connection, day: date) -> None:
    """Choose the current day. Raises Conflict in a real office."""
    require_not_real(connection, "real_day_stepped")
    connection.execute(delete(settings_table).where(settings_table.c.key == DEMO_DAY))
    connection.execute(settings_table.insert().values(key=DEMO_DAY, value=day.isoformat()))


def _chosen(connection: Connection) -> tuple[str, date | None]:
    """The marked kind of the office and its chosen day, which a real one never has."""
    columns = settings_table.c
    found = dict(
        connection.execute(select(columns.key, columns.value).where(columns.key.in_((OFFICE_KIND, DEMO_DAY))))
        .tuples()
        .all()
    )
    kind, day = found.get(OFFICE_KIND, ""), found.get(DEMO_DAY)
    return kind, date.fromisoformat(day) if day and kind != REAL else None
