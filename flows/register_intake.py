"""Intake: register files dropped into the watched folder become units and cases."""

import asyncio
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from flows.jobs.register_folder import take_in, waiting
from models.database import engine, reading
from models.office_clock import clock_of
from models.settings import settings


@flow(name="intake", flow_run_name="intake", retries=1, retry_delay_seconds=5, timeout_seconds=900)
async def intake() -> list[dict[str, Any]]:
    """Import the files of the folder; leaves a table of the files with the result of each."""
    bind = engine()
    with reading(bind) as connection:
        clock = clock_of(connection)
    taken = await asyncio.to_thread(lambda: take_in(bind, clock, waiting(), settings().lang))
    if taken:
        await acreate_table_artifact(table=taken, key="intake")
    return taken
