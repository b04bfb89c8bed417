"""The schedules in Prefect: deployments with cron lines, whose runs the resident follower carries out itself.

A run through a worker costs a new process and some ten seconds; here it costs a call. What a machine that was off
missed is found from the ledger of days (flows.duties), so a lost or late run of Prefect loses nothing.
"""

import logging
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.flow_engine import run_flow_async
from prefect.schedules import Cron
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from flows.daily_watch import daily_watch
from flows.intake import intake
from flows.monthly_report import monthly_report
from flows.weekly_reminders import weekly_reminders
from models.clock import SystemClock, stopwatch

ZONE = "Asia/Ho_Chi_Minh"
CRON: dict[str, tuple[Any, str]] = {
    "daily_watch": (daily_watch, "0 6 * * *"),
    "weekly_reminders": (weekly_reminders, "0 8 * * *"),  # every day: the ledger knows the first working one of a week
    "monthly_report": (monthly_report, "0 8 * * *"),
    "intake": (intake, "0 7 * * *"),  # a file that is dropped is taken in at once; this only looks again
}
EVERY = 60.0  # seconds between two looks at Prefect's schedule
GONE_AFTER = timedelta(minutes=45)  # longer than any flow may take
log = logging.getLogger("coopcase.schedules")


async def deploy() -> dict[UUID, Any]:
    """Register every schedule with Prefect; gives back the flow of each deployment."""
    found = {}
    for name, (flow, cron) in CRON.items():
        deployment = RunnerDeployment.from_flow(
            flow, name="coopcase", schedule=Cron(cron, timezone=ZONE), entrypoint_type=EntrypointType.MODULE_PATH
        )
        found[await deployment.aapply()] = flow
        log.info("scheduled %s %s", name, cron)
    return found


async def run_scheduled(deployments: dict[UUID, Any]) -> int:
    """Carry out the scheduled runs whose time has come; gives back how many."""
    async with get_client() as client:
        waiting = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=list(deployments))),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
                expected_start_time=FlowRunFilterExpectedStartTime(before_=SystemClock().now().astimezone(UTC)),
            ),
        )
    for run in waiting:
        if run.deployment_id in deployments:
            await run_flow_async(deployments[run.deployment_id], flow_run=run, return_type="state")
    return len(waiting)


async def reap() -> int:
    """Mark as crashed the runs that a killed process left "Running"; the next drain repairs what they owed."""
    gone = SystemClock().now().astimezone(UTC) - GONE_AFTER
    async with get_client() as client:
        left = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING])),
                start_time=FlowRunFilterStartTime(before_=gone),
            )
        )
        for run in left:
            await client.set_flow_run_state(run.id, Crashed(message="Its process ended without a word."), force=True)
    return len(left)


class Watch:
    """The follower's eye on the schedules: registers them once, then looks every minute."""

    def __init__(self) -> None:
        self.deployments: dict[UUID, Any] = {}
        self.next_look = 0.0

    async def look(self) -> None:
        """Do what is due; costs nothing between two looks."""
        if stopwatch() < self.next_look:
            return
        if not self.deployments:
            self.deployments = await deploy()
        await reap()
        await run_scheduled(self.deployments)
        self.next_look = stopwatch() + EVERY
