"""Opening + new − closed = closing, by district; the run leaves the table."""

import asyncio
from datetime import date
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from flows.jobs.duties import DUTIES, due_day
from flows.jobs.month_report import report
from models.database import engine, reading
from models.office_clock import clock_of


@flow(
    name="monthly_report", flow_run_name="monthly_report {day}", retries=1, retry_delay_seconds=10, timeout_seconds=1800
)
async def monthly_report(day: date | None = None) -> dict[str, Any]:
    """Do the duty of a day: the latest one that is due unless a day is given. Done twice, it changes nothing."""
    bind = engine()
    with reading(bind) as connection:
        clock = clock_of(connection)
    found = await asyncio.to_thread(report, bind, day or due_day(DUTIES["monthly_report"], clock), clock)
    if rows := found.get("districts"):
        await acreate_table_artifact(
            table=rows, key="monthly-report", description=f"{found['first']} – {found['last']}"
        )
    return found
