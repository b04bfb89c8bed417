"""Proposal: the measure is drafted, consulted on, checked and decided."""

from typing import Any

from prefect import flow

from flows.carrying import carry


@flow(name="proposal", flow_run_name="proposal {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def proposal(ref: str) -> dict[str, Any]:
    """Follow one case while it is in this stage."""
    return await carry(ref)
