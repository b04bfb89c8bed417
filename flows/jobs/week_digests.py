"""The work of the weekly reminders, without Prefect: one digest a person, once a week, however often it is called."""

from datetime import date
from functools import partial
from typing import Any, TypedDict

from sqlalchemy import Engine

from casework.lists.at_risk import date_risks
from flows.jobs.duties import once
from models.clock import Clock
from models.database import reading, writing
from models.errors import Refused
from models.settings import settings
from models.tracking import Track, silent
from notifications.delivery.sending import send
from notifications.weekly.digest import Week, write
from notifications.workload_snapshot import KEPT, LEDGER


class Reminded(TypedDict):
    """A person who got a digest, as it is kept with the run (JSON); `why` is a code of `messages.why_`."""

    login: str
    name: str
    why: str


def remind(bind: Engine, day: date, clock: Clock, *, track: Track = silent) -> dict[str, Any]:
    """The weekly reminders of a day. Returns their counts, which contain `already` when they were done before."""
    found = once(bind, LEDGER, day, clock, partial(work, track=track))
    return {name: value for name, value in found.items() if name != KEPT}


def require_this_week(day: date, clock: Clock) -> None:
    """Raises Refused for a day of another week: its digests would come too early, or twice in one week."""
    if day.isocalendar()[:2] != clock.today().isocalendar()[:2]:
        raise Refused("week_not_now")


def work(bind: Engine, day: date, clock: Clock, *, track: Track = silent) -> dict[str, Any]:
    """Write every digest in one transaction, then send. The figures that heads received are kept for the next week.

    The digests are worked out before it, beside other people's work: in a large office that takes seconds.
    """
    with reading(bind) as connection:
        week = Week(connection, day, clock.now(), risks=date_risks)
        planned = week.everybody(track)
    with writing(bind) as connection:
        written = write(connection, planned, now=clock.now())
    reminded = [
        Reminded(login=item.login, name=item.person.name, why=item.why) for item in planned if item.kind == "digest"
    ]
    sent = send(bind, clock, settings(), track=track)
    return {"written": written, "reminded": reminded, "sent": sent, KEPT: week.snapshot.document()}
