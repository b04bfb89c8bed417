"""Closure: the outcome, the checklist and the archive."""

from typing import Any

from prefect import flow

from flows.carrying import carry


@flow(name="closure", flow_run_name="closure {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def closure(ref: str) -> dict[str, Any]:
    """Follow one case while it is in this stage."""
    return await carry(ref)
