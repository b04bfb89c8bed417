"""Review: visit, evidence, classification; the letters and notices that it owes."""

from typing import Any

from prefect import flow

from flows.carrying import carry


@flow(name="review", flow_run_name="review {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def review(ref: str) -> dict[str, Any]:
    """Follow one case while it is in this stage."""
    return await carry(ref)
