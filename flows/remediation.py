"""Remediation: consolidate, re-register, convert or merge."""

from typing import Any

from prefect import flow

from flows.carrying import carry


@flow(name="remediation", flow_run_name="remediation {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def remediation(ref: str) -> dict[str, Any]:
    """Follow one case while it is in this stage."""
    return await carry(ref)
