"""What every stage's flow does with a case: do what is owed, and say what was done."""

import asyncio
from typing import Any

from prefect import get_run_logger

from flows.jobs.effects import drain
from models.database import engine, reading
from models.office_clock import clock_of


async def carry(ref: str) -> dict[str, Any]:
    """Follow a case through what it is owed now; doing it twice changes nothing."""
    counts = await asyncio.to_thread(_do_what_is_owed, ref)
    get_run_logger().info("%s: %s", ref, counts)
    return counts


def _do_what_is_owed(ref: str) -> dict[str, int]:
    """Draft the letters, give the notices and take back what no longer holds, for one case."""
    bind = engine()
    with reading(bind) as connection:
        clock = clock_of(connection)
    return drain(bind, clock, ref)
