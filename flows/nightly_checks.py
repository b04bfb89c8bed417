"""The office checked and copied at night."""

import asyncio
from datetime import date
from typing import Any

from prefect import flow

from flows.jobs.duties import DUTIES, due_day
from flows.jobs.night import night
from models.database import engine, reading
from models.office_clock import clock_of


@flow(name="nightly_checks", flow_run_name="nightly_checks {day}", timeout_seconds=2400)
async def nightly_checks(day: date | None = None) -> dict[str, Any]:
    """Do the duty of a day: the latest one that is due unless a day is given. Done twice, it changes nothing."""
    bind = engine()
    with reading(bind) as connection:
        clock = clock_of(connection)
    return await asyncio.to_thread(night, bind, day or due_day(DUTIES["nightly_checks"], clock), clock)
