"""The only place that reads the clock; everything else is told the time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Tells the day in Viet Nam and the instant (UTC)."""

    def today(self) -> date: ...

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def today(self) -> date:
        return self.now().astimezone(HANOI).date()

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SteppedClock:
    """A clock that stands on a day until it is stepped; its hours still pass as the machine's do."""

    day: date

    def today(self) -> date:
        return self.day

    def now(self) -> datetime:
        return datetime.combine(self.day, datetime.now(HANOI).time(), HANOI).astimezone(UTC)


@dataclass
class FrozenClock:
    """A clock that stands still at an instant, for samples and tests."""

    at: datetime

    def today(self) -> date:
        return self.at.astimezone(HANOI).date()

    def now(self) -> datetime:
        return self.at

    @classmethod
    def on(cls, day: date, hour: int = 9) -> "FrozenClock":
        return cls(datetime.combine(day, time(hour), HANOI).astimezone(UTC))


def stopwatch() -> float:
    """Seconds of a monotonic clock, for time-outs and measuring."""
    import time as machine

    return machine.monotonic()
