"""One digest a person a week; the run leaves a table of the people reminded."""

import asyncio
from datetime import date
from typing import Any

from prefect import flow

from flows.jobs.duties import DUTIES, due_day
from flows.jobs.week_digests import remind
from flows.run_tables import leave, reminded
from models.database import engine, reading
from models.office_clock import clock_of


@flow(
    name="weekly_reminders",
    flow_run_name="weekly_reminders {day}",
    retries=1,
    retry_delay_seconds=10,
    timeout_seconds=1800,
)
async def weekly_reminders(day: date | None = None) -> dict[str, Any]:
    """Do the duty of a day: the latest one that is due unless a day is given. Done twice, it changes nothing."""
    bind = engine()
    with reading(bind) as connection:
        clock = clock_of(connection)
    done = day or due_day(DUTIES["weekly_reminders"], clock)
    counts = await asyncio.to_thread(remind, bind, done, clock)
    await leave("weekly-reminders", done, "reminded", reminded(counts.get("reminded", ())))
    return counts
