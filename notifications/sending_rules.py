"""Hours, budget, rungs and attempts of messages: procedures/reminders.yaml."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

import yaml

from models.clock import HANOI
from procedures.legal_time.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: `days` working days before the end of a deadline, or after it when negative."""

    key: str
    days: int
    to: str  # responsible | manager | leader


@dataclass(frozen=True, slots=True)
class Rules:
    """The content of procedures/reminders.yaml.

    `budget` is the number of single messages a person a day, `fold` the time within which notices go as one mail;
    nothing is sent from `quiet_from` until `quiet_until` (Asia/Ho_Chi_Minh); `attempts` until a message is given up.
    """

    rungs: tuple[Rung, ...]
    budget: int
    fold: timedelta
    quiet_from: time
    quiet_until: time
    attempts: int


@cache
def rules() -> Rules:
    content = yaml.safe_load(files("procedures").joinpath("reminders.yaml").read_text(encoding="utf-8"))
    return Rules(
        tuple(Rung(item["key"], item.get("before", -item.get("after", 0)), item["to"]) for item in content["rungs"]),
        content["budget"],
        timedelta(minutes=content["fold_minutes"]),
        time.fromisoformat(content["quiet"]["from"]),
        time.fromisoformat(content["quiet"]["until"]),
        content["attempts"],
    )


def ladder_key(person: int, ref: str, deadline: str, ends_on: date, rung: str) -> str:
    """The idempotency key of a reminder, e.g. 7:ladder:HBG-2016-001:review:2016-03-18:before_5."""
    return f"{person}:ladder:{ref}:{deadline}:{ends_on}:{rung}"


def announced_date(key: str) -> date:
    """The end of the deadline that the reminder of a key announced."""
    return date.fromisoformat(key.split(":")[4])


def correction_key(person: int, ref: str, deadline: str, number: int, ends_on: date | None) -> str:
    """The idempotency key of a correction, e.g. 7:correction:HBG-2016-001:review:1:2016-03-18, or :none without end."""
    return f"{person}:correction:{ref}:{deadline}:{number}:{ends_on or 'none'}"


def corrected_date(key: str) -> date | None:
    """The end of the deadline that the correction of a key announced; None: none, or the key is of an old release."""
    announced = key.split(":")[5:]
    return date.fromisoformat(announced[0]) if announced and announced[0] != "none" else None


def allowed_from(now: datetime, days: Calendar) -> datetime:
    """`now` when a message may go now, else the next instant outside quiet hours on a working day."""
    local, rule = now.astimezone(HANOI), rules()
    day, hour = local.date(), local.time()
    if days.is_working(day) and rule.quiet_until <= hour < rule.quiet_from:
        return now
    if hour >= rule.quiet_from:
        day += timedelta(days=1)
    return datetime.combine(days.next_working(day), rule.quiet_until, HANOI).astimezone(UTC)
