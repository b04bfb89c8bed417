"""Dissolution: voluntary, compulsory, or a referral for bankruptcy."""

from typing import Any

from prefect import flow

from flows.carrying import carry


@flow(name="dissolution", flow_run_name="dissolution {ref}", retries=1, retry_delay_seconds=5, timeout_seconds=600)
async def dissolution(ref: str) -> dict[str, Any]:
    """Follow one case while it is in this stage."""
    return await carry(ref)
