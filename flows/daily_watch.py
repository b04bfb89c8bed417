"""Deadlines that turned late, stuck letters and effects, reminders; the run leaves two tables."""

import asyncio
from datetime import date
from typing import Any

from prefect import flow

from flows.jobs.day_watch import watch
from flows.jobs.duties import DUTIES, due_day
from flows.run_tables import leave, stuck, turned_late
from models.database import engine, reading
from models.office_clock import clock_of


@flow(name="daily_watch", flow_run_name="daily_watch {day}", retries=1, retry_delay_seconds=10, timeout_seconds=1800)
async def daily_watch(day: date | None = None) -> dict[str, Any]:
    """Do the duty of a day: the latest one that is due unless a day is given. Done twice, it changes nothing."""
    bind = engine()
    with reading(bind) as connection:
        clock = clock_of(connection)
    done = day or due_day(DUTIES["daily_watch"], clock)
    counts = await asyncio.to_thread(watch, bind, done, clock)
    await leave("turned-late", done, "turned_late", turned_late(counts.get("turned_late", ())))
    await leave("stuck-letters", done, "stuck_letters", stuck(counts.get("stuck", ())))
    return counts
