"""The only module that reads the system clock; all other code takes a Clock as a parameter."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """Returns the day in Viet Nam and the instant (UTC)."""

    def today(self) -> date: ...

    def now(self) -> datetime: ...


class SystemClock:
    """The system clock. `offset`: moved by tests alone."""

    offset: ClassVar[timedelta] = timedelta()

    def today(self) -> date:
        return self.now().astimezone(HANOI).date()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass
class SteppedClock:
    """A clock with a fixed day and the time of day of the system clock (demo office)."""

    day: date

    def today(self) -> date:
        return self.day

    def now(self) -> datetime:
        return datetime.combine(self.day, datetime.now(HANOI).time(), HANOI).astimezone(UTC)


@dataclass
class FrozenClock:
    """A clock fixed at an instant, for samples and tests."""

    at: datetime

    def today(self) -> date:
        return self.at.astimezone(HANOI).date()

    def now(self) -> datetime:
        return self.at

    @classmethod
    def on(cls, day: date, hour: int = 9) -> "FrozenClock":
        return cls(datetime.combine(day, time(hour), HANOI).astimezone(UTC))


def since_boot() -> tuple[str, float]:
    """Which start of the machine this is, and the seconds since then, which setting the clock does not change."""
    import time as machine

    return _boot(), machine.clock_gettime(machine.CLOCK_BOOTTIME)


@cache
def _boot() -> str:
    """The same as long as this process lives."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def stopwatch() -> float:
    """Return seconds of a monotonic clock, for time-outs and measurements."""
    import time as machine

    return machine.monotonic()
