"""Duties of a day, a week, a month: derived from the ledger of days, each done once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from flows.jobs.duty_leases import at_work, held_by_others, note_end, take
from models.clock import HANOI, Clock, SteppedClock
from models.database import is_sqlite, reading, writing
from models.tables import day_runs
from notifications.sending_rules import allowed_from
from procedures.legal_time.calendar import load_calendars

Work = Callable[[Engine, date, Clock], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Duty:
    """When something is due: the latest day up to a given one, from an hour of Asia/Ho_Chi_Minh on.

    A missed one is not made up when the next falls due by the day `unless_by`, for the next covers it.
    """

    day: Callable[[date], date]
    hour: int
    unless_by: Callable[[Clock], date] | None = None


def same_day(today: date) -> date:
    return today


def week_day(today: date) -> date:
    """The latest day up to `today` on which the weekly reminders are due: Monday, or the first working day after it."""
    monday = today - timedelta(days=today.weekday())
    due = load_calendars().agency.next_working(monday)
    return due if due <= today else load_calendars().agency.next_working(monday - timedelta(days=7))


def month_day(today: date) -> date:
    """The latest day up to `today` on which the monthly report is due: the first working day of a month."""
    first = today.replace(day=1)
    due = load_calendars().agency.next_working(first)
    if due <= today:
        return due
    return load_calendars().agency.next_working((first - timedelta(days=1)).replace(day=1))


def today_of(clock: Clock) -> date:
    return clock.today()


def sending_day(clock: Clock) -> date:
    """The day on which a message written now is sent."""
    return allowed_from(clock.now(), load_calendars().agency).astimezone(HANOI).date()


DUTIES: Mapping[str, Duty] = {
    "nightly_checks": Duty(same_day, 2, today_of),
    "daily_watch": Duty(same_day, 6, today_of),
    "weekly_reminders": Duty(week_day, 8, sending_day),
    "monthly_report": Duty(month_day, 8),
}


def due_duties(bind: Engine, clock: Clock) -> list[tuple[str, date]]:
    """(name, day) of what is due, not done yet, and not another worker's now; of several missed days only the latest.

    A demo clock is stepped by whole days: on its day every hour has come.
    """
    due = [(name, due_day(duty, clock)) for name, duty in DUTIES.items() if not _next_comes_first(duty, clock)]
    if not due:
        return []
    with reading(bind) as connection:
        done = {(row.name, row.day) for row in connection.execute(_done_since(min(day for _, day in due)))}
        left = [item for item in due if item not in done]
        held = held_by_others(connection, left) if left else set()
    return [item for item in left if item not in held]


def _next_comes_first(duty: Duty, clock: Clock) -> bool:
    if duty.unless_by is None or isinstance(clock, SteppedClock):
        return False
    return duty.day(duty.unless_by(clock)) > due_day(duty, clock)


def due_day(duty: Duty, clock: Clock) -> date:
    """The latest day on which a duty has become due."""
    day = duty.day(clock.today())
    from_at = datetime.combine(day, time(duty.hour), HANOI)
    if isinstance(clock, SteppedClock) or clock.now() >= from_at:
        return day
    return duty.day(day - timedelta(days=1))


def _done_since(day: date) -> Select[tuple[str, date]]:
    return select(day_runs.c.name, day_runs.c.day).where(day_runs.c.day >= day, day_runs.c.done_at.is_not(None))


def once(bind: Engine, name: str, day: date, clock: Clock, work: Work) -> dict[str, Any]:
    """Do the work of a day, which one worker at a time does. Returns its counts; for work done before the kept counts
    with `already`, and nothing but `held` while another worker is at it.

    Work that was interrupted is done again: its idempotency keys keep it single.
    """
    with at_work(bind, name, day) as lease:
        with writing(bind) as connection:
            _note_start(connection, name, day, clock.now())
            if lease is None or not take(connection, lease):
                return _of_others(connection, name, day)
        with lease.renewed():
            counts = work(bind, day, clock)
        with writing(bind) as connection:
            ours = note_end(connection, lease, {"done_at": clock.now(), "counts": counts})
            return counts if ours else _of_others(connection, name, day)


def _of_others(connection: Connection, name: str, day: date) -> dict[str, Any]:
    done = _done(connection, name, day)
    return {"held": True} if done is None else {**done, "already": True}


def _done(connection: Connection, name: str, day: date) -> dict[str, Any] | None:
    """The kept counts of the work of a day; None while it is not done."""
    columns = day_runs.c
    found = select(columns.counts).where(columns.name == name, columns.day == day, columns.done_at.is_not(None))
    return connection.scalar(found)


def last_done(connection: Connection, name: str, before: date) -> date | None:
    """The latest day before `before` for which a duty was done; None without one."""
    columns = day_runs.c
    earlier = (columns.name == name, columns.day < before, columns.done_at.is_not(None))
    found: date | None = connection.scalar(select(func.max(columns.day)).where(*earlier))
    return found


def _note_start(connection: Connection, name: str, day: date, now: datetime) -> None:
    module = sqlite if is_sqlite(connection) else postgresql
    row = module.insert(day_runs).values(name=name, day=day, started_at=now, counts={})
    connection.execute(row.on_conflict_do_nothing(index_elements=["name", "day"]))
