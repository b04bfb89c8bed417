"""The work of the daily watch, without Prefect: what the day brings, done once for the day."""

from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Engine, func, select

from casework.clock_acts import act_by_itself
from casework.office import unfinished_forms
from correspondence.stuck_letters import stuck
from flows.jobs.duties import last_done, once
from flows.jobs.effects import drain
from models.clock import Clock, SystemClock
from models.database import give_way, reading, refresh_statistics, writing
from models.search_index import write_missing_words
from models.settings import settings
from models.tables import case_rows, effects
from notifications.delivery.sending import send
from notifications.instruction_notices import remind
from notifications.ladder import climb
from oversight.case_histories import store_histories
from oversight.forecast import forecasts
from oversight.kept_forecasts import keep
from oversight.late_items import turned_late
from oversight.lights import OPEN_LIGHTS
from oversight.workload import total, workloads
from rulebook.versions import Versions

LISTED = 100  # lines of a list that are kept with a day; the pages show all


class StuckLetter(TypedDict):
    """A stuck letter as it is kept with the day (JSON); `since_on` is an ISO date."""

    ref: str
    unit: str
    letter: str
    status: str
    since_on: str
    id: int


class LateDeadline(TypedDict):
    """A deadline that turned late as it is kept with the day (JSON); `ended_on` is an ISO date."""

    ref: str
    unit: str
    officer: str
    legal: bool
    deadline: str
    ended_on: str


def watch(bind: Engine, day: date, clock: Clock) -> dict[str, Any]:
    """The daily watch of a day. Returns its counts; they contain `already` when it was done before."""
    return once(bind, "daily_watch", day, clock, work)


def work(bind: Engine, day: date, clock: Clock) -> dict[str, Any]:
    """Acts of the clock, pending effects, reminders, sending; then the counts of the day."""
    refresh_statistics(bind)
    _write_missing_words(bind)
    opened = act_by_itself(bind, clock)
    done = drain(bind, clock)
    letters = _stuck(bind, day)
    return {
        **_workload(bind, day),
        "acted": opened,
        "effects": done,
        "dead_effects": dead(bind),
        "ladder": climb(bind, day, now=clock.now()),
        "notes_and_instructions": _remind(bind, day, clock),
        "stuck_letters": len(letters),
        "turned_late": _turned_late(bind, day),
        "stuck": letters[:LISTED],
        "forecasts": _forecasts(bind, day, clock),
        "sent": send(bind, clock, settings()),
        "unfinished_forms": unfinished_forms.clean(SystemClock().now()),  # by the machine's hours, in a demo as well
    }


def dead(bind: Engine) -> int:
    """The number of effects that were given up and wait for a person."""
    with reading(bind) as connection:
        found = select(func.count()).select_from(effects).where(effects.c.status == "dead_letter")
        return connection.scalar(found) or 0


def _workload(bind: Engine, day: date) -> dict[str, int]:
    with reading(bind) as connection:
        found = total(workloads(connection, "stage", day))
    return {"open": found.open, **{light: found.counts[light] for light in OPEN_LIGHTS if light in found.counts}}


def _forecasts(bind: Engine, day: date, clock: Clock) -> int:
    """Keep the day's forecasts of the city and of every district with cases; how many are new."""
    store_histories(bind, day)
    with reading(bind) as connection:
        codes: list[str | None] = [None, *connection.scalars(select(case_rows.c.district_code).distinct())]
        found = {code: forecasts(connection, day, district=code, fan=True) for code in codes}
    return sum(keep(bind, day, code, listed, clock.now()) for code, listed in found.items())


def _write_missing_words(bind: Engine) -> None:
    """Of an import that ended before it had written all of them."""
    missing = True
    while missing:
        with writing(bind) as connection:
            missing = write_missing_words(connection)
        if missing:
            give_way(bind)


def _remind(bind: Engine, day: date, clock: Clock) -> int:
    with writing(bind) as connection:
        return remind(connection, day, now=clock.now())


def _stuck(bind: Engine, day: date) -> list[StuckLetter]:
    with reading(bind) as connection:
        found = stuck(connection, day)
    return [{"ref": row["ref"], "unit": row["unit_name"], "letter": row["template"], "status": row["status"],
             "since_on": row["since_on"].isoformat(), "id": row["id"]} for row in found]  # fmt: skip


def _turned_late(bind: Engine, day: date) -> list[LateDeadline]:
    """The deadlines that passed since the watch before (the first time: all), the worst LISTED, the law first."""
    with reading(bind) as connection:
        since = last_done(connection, "daily_watch", day) or date.min
        found, versions = turned_late(connection, since, day, LISTED), Versions(connection)
        return [
            {
                "ref": item.ref, "unit": item.unit, "officer": item.officer, "legal": item.legal,
                "deadline": versions.label("deadlines", item.key, settings().lang, item.procedure),
                "ended_on": item.ended_on.isoformat(),
            }
            for item in found
        ]  # fmt: skip
