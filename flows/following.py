"""Which flow follows a case, and the round that a follower makes."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from prefect import tags
from sqlalchemy import Engine

from flows.closure import closure
from flows.daily_watch import daily_watch
from flows.dissolution import dissolution
from flows.duties import owed_duties
from flows.effects import owed_cases
from flows.intake import intake
from flows.monthly_report import monthly_report
from flows.proposal import proposal
from flows.remediation import remediation
from flows.review import review
from flows.schedules import Watch
from flows.taking_in import waiting as dropped_files
from flows.weekly_reminders import weekly_reminders
from models.database import reading
from models.office_clock import clock_of
from models.settings import settings
from notifications.sending import send

FLOWS: dict[str, Callable[[str], Awaitable[dict[str, Any]]]] = {
    "review": review,
    "proposal": proposal,
    "remediation": remediation,
    "dissolution": dissolution,
    "closure": closure,
}


DUTY_FLOWS: dict[str, Callable[[date], Awaitable[dict[str, Any]]]] = {
    "daily_watch": daily_watch,
    "weekly_reminders": weekly_reminders,
    "monthly_report": monthly_report,
}


_schedules = Watch()


async def go_round(bind: Engine) -> int:
    """Call the stage's flow of every case that is owed something, the day's duties, the intake; then send.

    Gives back how many flows were called.
    """
    with reading(bind) as connection:
        clock = clock_of(connection)
    called = 0
    for ref, stage in owed_cases(bind, clock.now()):
        with tags(f"case:{ref}", f"stage:{stage}"):
            await FLOWS[stage](ref)
        called += 1
    for name, day in owed_duties(bind, clock):
        await DUTY_FLOWS[name](day)
        called += 1
    if dropped_files():
        await intake()
        called += 1
    await asyncio.to_thread(send, bind, clock, settings())
    await _schedules.look()
    return called
