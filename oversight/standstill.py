"""Whether the clock stands still: pending work that nobody does means that the worker or Prefect is away for long.

Reminders that were not sent are noticed by nobody, unless somebody is told.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from models.tables import day_runs, effects, messages

LONGEST = timedelta(minutes=15)  # pending work waits seconds; longer only where a machine is in trouble
LONGEST_POST = timedelta(hours=1)  # a mail server that stalls keeps each of a hundred messages for 15 s
LONGEST_NIGHT = timedelta(hours=30)  # from one daily watch to the next, with room for a slow morning


def pending_since(connection: Connection, now: datetime) -> datetime | None:
    """The instant since which something pending has been waiting; none while all goes on."""
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
