"""Detects a background worker that has stopped: pending work that stays undone for long.

Unsent reminders are not noticed otherwise, so the pages show a warning.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from models.tables import day_runs, effects, messages

LONGEST = timedelta(minutes=15)  # pending work normally waits for seconds
LONGEST_POST = timedelta(hours=1)  # a stalling mail server delays each of a hundred messages by 15 s
LONGEST_NIGHT = timedelta(hours=30)  # between two daily watches, with a margin for a slow start


def pending_since(connection: Connection, now: datetime) -> datetime | None:
    """Return the instant since which pending work has been waiting too long; None while the worker keeps up."""
    watched = connection.scalar(
        select(func.max(day_runs.c.done_at)).where(day_runs.c.name == "daily_watch", day_runs.c.done_at.is_not(None))
    )
    late = []
    for table, longest in ((effects, LONGEST), (messages, LONGEST_POST)):
        waiting = connection.scalar(select(func.min(table.c.next_at)).where(table.c.status == "pending"))
        if waiting is not None and waiting <= now - longest:
            late.append(waiting)
    if watched is not None and watched <= now - LONGEST_NIGHT:
        late.append(watched)
    return min(late, default=None)
