"""The schedules in Prefect: deployments with cron lines, whose runs the resident worker carries out itself.

A run through a worker costs a new process and some ten seconds; here it costs a call. What a machine that was off
missed is found from the ledger of days (flows.duties), so a lost or late run of Prefect loses nothing.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.flow_engine import run_flow_async
from prefect.schedules import Cron
from prefect.states import Cancelled, Crashed
from prefect.types.entrypoint import EntrypointType

from flows.daily_watch import daily_watch
from flows.monthly_report import monthly_report
from flows.nightly_checks import nightly_checks
from flows.register_intake import intake
from flows.runtime.run_owner import PREFIX, is_lost, tag
from flows.weekly_reminders import weekly_reminders
from models.clock import SystemClock, stopwatch

ZONE = "Asia/Ho_Chi_Minh"
CRON: dict[str, tuple[Any, str]] = {
    "nightly_checks": (nightly_checks, "0 2 * * *"),
    "daily_watch": (daily_watch, "0 6 * * *"),
    "weekly_reminders": (weekly_reminders, "0 8 * * *"),  # every day: the ledger knows the first working one of a week
    "monthly_report": (monthly_report, "0 8 * * *"),
    "intake": (intake, "0 7 * * *"),  # a file that is dropped is taken in at once; this only looks again
}
EVERY = 60.0  # seconds between two looks at Prefect's schedule
GONE_AFTER = timedelta(minutes=45)  # longer than any flow may take
log = logging.getLogger("coopcase.schedules")


async def deploy() -> dict[UUID, Any]:
    """Register every schedule with Prefect. Returns the flow of each deployment by its id."""
    found = {}
    for name, (flow, cron) in CRON.items():
        deployment = RunnerDeployment.from_flow(
            flow, name="coopcase", schedule=Cron(cron, timezone=ZONE), entrypoint_type=EntrypointType.MODULE_PATH
        )
        found[await deployment.aapply()] = flow
        log.info("scheduled %s %s", name, cron)
    return found


async def run_scheduled(deployments: dict[UUID, Any]) -> int:
    """Carry out the scheduled runs whose time has come. Returns how many.

    Of several that were missed while the machine was off only the latest is carried out, as in the ledger of days.
    """
    async with get_client() as client:
        waiting = await client.read_flow_runs(
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=list(deployments))),
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
                expected_start_time=FlowRunFilterExpectedStartTime(before_=SystemClock().now().astimezone(UTC)),
            ),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
        )
        latest = {run.deployment_id: run for run in waiting if run.deployment_id is not None}
        for run in waiting:
            if run is not latest.get(run.deployment_id or run.id):
                await client.set_flow_run_state(
                    run.id, Cancelled(message="Missed; a later run replaces it."), force=True
                )
        for run in latest.values():
            await client.update_flow_run(run.id, tags=[*run.tags, tag()])
    for deployment, run in latest.items():
        await run_flow_async(deployments[deployment], flow_run=run, return_type="state")
    return len(latest)


async def reap() -> int:
    """Mark as crashed the runs that no process carries any more. Returns how many; the next drain does their effects.

    Such are the runs of processes that ended, and those of this process whose end did not reach Prefect.
    """
    async with get_client() as client:
        left = await client.read_flow_runs(flow_run_filter=_unfinished())
        lost = [run for run in left if _is_lost(run, SystemClock().now().astimezone(UTC) - GONE_AFTER)]
        for run in lost:
            await client.set_flow_run_state(run.id, Crashed(message="Its process ended without a report."), force=True)
    if lost:
        log.info("reaped %s runs", len(lost))
    return len(lost)


def _unfinished() -> FlowRunFilter:
    """Begun and not ended; one that waits to be tried again counts as scheduled."""
    begun = [StateType.RUNNING, StateType.PENDING, StateType.SCHEDULED]
    return FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=begun)),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=SystemClock().now().astimezone(UTC)),
    )


def _is_lost(run: FlowRun, gone: datetime) -> bool:
    carriers = [name for name in run.tags if name.startswith(PREFIX)]
    if any(is_lost(name) for name in carriers):
        return True
    return run.state_type != StateType.SCHEDULED and run.start_time is not None and run.start_time < gone


class Watch:
    """Registers the schedules once, then looks at them every minute."""

    def __init__(self) -> None:
        self.deployments: dict[UUID, Any] = {}
        self.next_look = 0.0

    def is_time(self) -> bool:
        return stopwatch() >= self.next_look

    def look_soon(self) -> None:
        self.next_look = 0.0

    def reset(self) -> None:
        """Register the schedules again: Prefect was away and may have lost them."""
        self.deployments, self.next_look = {}, 0.0

    async def look(self) -> None:
        """Reap lost runs and carry out due ones; to be called between rounds, while this process carries no run."""
        if not self.deployments:
            self.deployments = await deploy()
        await reap()
        await run_scheduled(self.deployments)
        self.next_look = stopwatch() + EVERY
