"""Chooses the clock of the office: COOPCASE_TODAY, the demo day, or the system clock."""

from datetime import date

from sqlalchemy import Connection, delete, select

from models.clock import Clock, SteppedClock, SystemClock
from models.settings import settings
from models.tables import settings_table

DEMO_DAY = "demo_day"


def demo_day(connection: Connection) -> date | None:
    """Return the current day of a demo office; None for any other office."""
    found = connection.scalar(select(settings_table.c.value).where(settings_table.c.key == DEMO_DAY))
    return date.fromisoformat(found) if found else None


def clock_of(connection: Connection) -> Clock:
    """Return the clock: COOPCASE_TODAY first, then the demo day, then the system clock."""
    day = settings().today or demo_day(connection)
    return SteppedClock(day) if day else SystemClock()


def set_demo_day(connection: Connection, day: date) -> None:
    connection.execute(delete(settings_table).where(settings_table.c.key == DEMO_DAY))
    connection.execute(settings_table.insert().values(key=DEMO_DAY, value=day.isoformat()))
