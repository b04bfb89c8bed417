"""The five stages of a case as named Prefect flows: each drains the outbox of one case while it is in that stage."""

import asyncio
from typing import Any

from prefect import flow, get_run_logger

from flows.jobs.effects import drain
from models.database import engine, reading
from models.office_clock import clock_of


@flow(name="review", flow_run_name="review {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def review(ref: str) -> dict[str, Any]:
    """Review: visit, evidence, classification."""
    return await carry(ref)


@flow(name="proposal", flow_run_name="proposal {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def proposal(ref: str) -> dict[str, Any]:
    """Proposal: the measure is drafted, consulted on, checked and decided."""
    return await carry(ref)


@flow(name="remediation", flow_run_name="remediation {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def remediation(ref: str) -> dict[str, Any]:
    """Remediation: consolidate, re-register, convert or merge."""
    return await carry(ref)


@flow(name="dissolution", flow_run_name="dissolution {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def dissolution(ref: str) -> dict[str, Any]:
    """Dissolution: voluntary, compulsory, or a referral for bankruptcy."""
    return await carry(ref)


@flow(name="closure", flow_run_name="closure {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def closure(ref: str) -> dict[str, Any]:
    """Closure: the outcome, the checklist and the archive."""
    return await carry(ref)


async def carry(ref: str) -> dict[str, Any]:
    """Carry out the pending effects of a case; doing it twice changes nothing. Returns the counts by outcome."""
    counts = await asyncio.to_thread(_drain_case, ref)
    get_run_logger().info("%s: %s", ref, counts)
    return counts


def _drain_case(ref: str) -> dict[str, int]:
    """Draft the letters, write the notices and withdraw what no longer holds, for one case."""
    bind = engine()
    with reading(bind) as connection:
        clock = clock_of(connection)
    return drain(bind, clock, ref)
