"""The flow of each stage and duty, and the round that a worker makes."""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from prefect import tags
from sqlalchemy import Engine

from flows.daily_watch import daily_watch
from flows.jobs.duties import due_duties
from flows.jobs.effects import drain_office, pending_cases
from flows.jobs.register_folder import waiting as dropped_files
from flows.monthly_report import monthly_report
from flows.nightly_checks import nightly_checks
from flows.register_intake import intake
from flows.runtime.health_check import opens
from flows.runtime.prefect_server import health
from flows.runtime.run_owner import tag
from flows.runtime.schedules import Watch
from flows.stages import closure, dissolution, proposal, remediation, review
from flows.weekly_reminders import weekly_reminders
from models.clock import Clock
from models.database import reading
from models.office_clock import clock_of
from models.settings import settings
from notifications.delivery.sending import send

Flow = Callable[..., Awaitable[Any]]
FLOWS: dict[str, Flow] = {
    "review": review,
    "proposal": proposal,
    "remediation": remediation,
    "dissolution": dissolution,
    "closure": closure,
}
DUTY_FLOWS: dict[str, Flow] = {
    "nightly_checks": nightly_checks,
    "daily_watch": daily_watch,
    "weekly_reminders": weekly_reminders,
    "monthly_report": monthly_report,
}
TOGETHER = 100  # cases of a stage in one run
log = logging.getLogger("coopcase.worker")


@dataclass(frozen=True, slots=True)
class Call:
    """A flow that is to be called, and what its run in Prefect is found by."""

    flow: Flow
    tags: Sequence[str]


class Prefect:
    """Whether Prefect answers; a change is logged."""

    def __init__(self) -> None:
        self.schedules = Watch()
        self._there = True

    async def answers(self) -> bool:
        there = await asyncio.to_thread(opens, health(settings()))
        if there != self._there:
            log.warning("prefect_is_back" if there else "prefect_is_away: pending effects wait for it")
            self._there = there
            self.schedules.reset()
        return there


_prefect = Prefect()


async def go_round(bind: Engine) -> int:
    """Call the flows that are pending, then send what is due, also when a flow failed.

    While Prefect is away, pending effects wait; messages that are written already do not. Returns how many flows were
    called. Raises what the first failed flow raised, after everything else was tried.
    """
    with reading(bind) as connection:
        clock = clock_of(connection)
    called, failed = await carry_out(pending_calls(bind, clock), _prefect.answers)
    if failed:
        _prefect.schedules.look_soon()
    await asyncio.to_thread(drain_office, bind, clock)
    await asyncio.to_thread(send, bind, clock, settings())
    if _prefect.schedules.is_time() and await _prefect.answers():
        await _prefect.schedules.look()
    if failed:
        raise failed[0]
    return called


def pending_calls(bind: Engine, clock: Clock) -> Iterator[Call]:
    """The stages' flows for cases with pending effects, the day's duties, the intake.

    Each worker takes the parts of what is pending in an order of its own, and not what another did meanwhile: so
    several share the cases out. An effect that two take at once is done by one of them.
    """
    parts = [part for _, refs in _by_stage(pending_cases(bind, clock.now())) for part in _parts(refs)]
    random.shuffle(parts)
    for part in parts:
        for stage, refs in _by_stage(pending_cases(bind, clock.now(), among=part)):  # an effect may move its case
            yield Call(partial(FLOWS[stage], refs), (*(f"case:{ref}" for ref in refs), f"stage:{stage}"))
    for name, day in due_duties(bind, clock):
        yield Call(partial(DUTY_FLOWS[name], day), (f"duty:{name}", f"day:{day}"))
    if dropped_files():
        yield Call(intake, ("duty:intake",))


def _by_stage(found: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    of_stage: defaultdict[str, list[str]] = defaultdict(list)
    for ref, stage in found:
        of_stage[stage].append(ref)
    return list(of_stage.items())


def _parts(refs: Sequence[str]) -> Iterator[Sequence[str]]:
    return (refs[start : start + TOGETHER] for start in range(0, len(refs), TOGETHER))


async def carry_out(calls: Iterable[Call], answers: Callable[[], Awaitable[bool]]) -> tuple[int, list[Exception]]:
    """Call one after the other while Prefect answers; one that fails does not keep the others from being called."""
    called, failed = 0, list[Exception]()
    for call in calls:
        if not await answers():
            break
        try:
            with tags(*call.tags, tag()):
                await call.flow()
            called += 1
        except Exception as error:
            log.exception("flow_failed %s", " ".join(call.tags))
            failed.append(error)
    return called, failed
