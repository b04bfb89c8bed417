"""When messages may go and how many: procedures/reminders.yaml, and the days off of each office."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib.resources import files

import yaml
from sqlalchemy import Connection, select

from models.clock import HANOI
from models.tables import closings
from procedures.calendar import Calendar, Closing, load_calendars


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: `days` working days before the end of a deadline, or after it when negative."""

    key: str
    days: int
    to: str  # responsible | manager | leader


@dataclass(frozen=True, slots=True)
class Rules:
    """What procedures/reminders.yaml settles."""

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


class OfficeDays:
    """The working days of every office, read in one query."""

    def __init__(self, connection: Connection) -> None:
        self._city: list[Closing] = []
        self._own: Mapping[str | None, list[Closing]] = defaultdict(list)
        for row in connection.execute(select(closings).order_by(closings.c.on, closings.c.id)).mappings():
            item = Closing(row["on"], row["layer"], row["reason"], row["decision"])
            (self._city if row["layer"] == "city" else self._own[row["district_code"]]).append(item)
        self._known: dict[str | None, Calendar] = {}

    def of(self, district: str | None) -> Calendar:
        """The days worked in a district's office (none: the city's own)."""
        if district not in self._known:
            closed = tuple(sorted([*self._city, *self._own.get(district, [])], key=lambda item: item.on))
            self._known[district] = load_calendars(closings=closed).agency
        return self._known[district]


def allowed_from(now: datetime, days: Calendar) -> datetime:
    """`now` when a message may go now, else the next instant outside quiet hours on a working day."""
    local, rule = now.astimezone(HANOI), rules()
    day, hour = local.date(), local.time()
    if days.is_working(day) and rule.quiet_until <= hour < rule.quiet_from:
        return now
    if hour >= rule.quiet_from:
        day += timedelta(days=1)
    return datetime.combine(days.next_working(day), rule.quiet_until, HANOI).astimezone(UTC)
