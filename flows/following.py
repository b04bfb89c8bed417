"""Which flow follows a case, and the round that a follower makes."""

from collections.abc import Awaitable, Callable
from typing import Any

from prefect import tags
from sqlalchemy import Engine

from flows.closure import closure
from flows.dissolution import dissolution
from flows.effects import owed_cases
from flows.proposal import proposal
from flows.remediation import remediation
from flows.review import review
from models.database import reading
from models.office_clock import clock_of

FLOWS: dict[str, Callable[[str], Awaitable[dict[str, Any]]]] = {
    "review": review,
    "proposal": proposal,
    "remediation": remediation,
    "dissolution": dissolution,
    "closure": closure,
}


async def go_round(bind: Engine) -> int:
    """Call the stage's flow for every case that is owed something; gives back how many were called."""
    with reading(bind) as connection:
        clock = clock_of(connection)
    waiting = owed_cases(bind, clock.now())
    for ref, stage in waiting:
        with tags(f"case:{ref}", f"stage:{stage}"):
            await FLOWS[stage](ref)
    return len(waiting)
