"""What Prefect's server says of its runs, asked over its own API."""

from typing import Any

import httpx

from tests.faults.stack import Stack


def runs(stack: Stack, *states: str, **more: Any) -> list[dict[str, Any]]:
    """Every flow run in one of the states, whatever its flow."""
    wanted = {"flow_runs": {"state": {"type": {"any_": list(states)}}, **more}, "limit": 200}
    answer = httpx.post(f"{stack.prefect}/flow_runs/filter", json=wanted, timeout=20)
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()
    return found


def unfinished(stack: Stack) -> list[dict[str, Any]]:
    """Runs that say they are at work, or wait to be tried again; not those scheduled for later."""
    waiting = [run for run in runs(stack, "SCHEDULED") if any(tag.startswith("by:") for tag in run["tags"])]
    return runs(stack, "RUNNING", "PENDING", "CANCELLING") + waiting


def tables(stack: Stack) -> dict[str, str]:
    """The latest artifact of each key: its description."""
    answer = httpx.post(f"{stack.prefect}/artifacts/latest/filter", json={"limit": 200}, timeout=20)
    answer.raise_for_status()
    return {item["key"]: item["description"] for item in answer.json()}
