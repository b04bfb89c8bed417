"""The five stages of a case as named Prefect flows: each drains the outbox of cases that are in that stage."""

import asyncio
from collections.abc import Sequence
from typing import Any

from prefect import flow, get_run_logger
from prefect.runtime import flow_run

from flows.jobs.effects import drain
from models.database import engine, reading
from models.office_clock import clock_of


def run_name() -> str:
    """The name of the run that begins: its flow and its cases, each of which is a tag of the run besides."""
    return f"{flow_run.flow_name} {name_of_cases(flow_run.parameters['refs'])}"


def name_of_cases(refs: Sequence[str]) -> str:
    """`HP-2016-0001`, of several `HP-2016-0001 +99`."""
    return refs[0] if len(refs) == 1 else f"{refs[0]} +{len(refs) - 1}"


@flow(name="review", flow_run_name=run_name, retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def review(refs: list[str]) -> dict[str, Any]:
    """Review: visit, evidence, classification."""
    return await carry(refs)


@flow(name="proposal", flow_run_name=run_name, retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def proposal(refs: list[str]) -> dict[str, Any]:
    """Proposal: the measure is drafted, consulted on, checked and decided."""
    return await carry(refs)


@flow(name="remediation", flow_run_name=run_name, retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def remediation(refs: list[str]) -> dict[str, Any]:
    """Remediation: consolidate, re-register, convert or merge."""
    return await carry(refs)


@flow(name="dissolution", flow_run_name=run_name, retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def dissolution(refs: list[str]) -> dict[str, Any]:
    """Dissolution: voluntary, compulsory, or a referral for bankruptcy."""
    return await carry(refs)


@flow(name="closure", flow_run_name=run_name, retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def closure(refs: list[str]) -> dict[str, Any]:
    """Closure: the outcome, the checklist and the archive."""
    return await carry(refs)


async def carry(refs: list[str]) -> dict[str, Any]:
    """Carry out the pending effects of cases; doing it twice changes nothing. Returns the counts by outcome."""
    counts = await asyncio.to_thread(_drain_cases, refs)
    get_run_logger().info("%s: %s", name_of_cases(refs), counts)
    return counts


def _drain_cases(refs: list[str]) -> dict[str, int]:
    """Draft the letters, write the notices and withdraw what no longer holds."""
    bind = engine()
    with reading(bind) as connection:
        clock = clock_of(connection)
    return drain(bind, clock, refs)
