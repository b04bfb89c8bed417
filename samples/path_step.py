"""One act of a scripted path, and days of its fields counted from the day of the act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Day = Callable[[date], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One act: role, days after the previous step, data. Callables in `data` take the day of the act.

    `above`: done in the city's office in a case of a district.
    """

    verb: str
    role: str = "case_officer"
    after: int = 7
    data: Mapping[str, Any] = field(default_factory=dict)
    proof: bool = False
    above: bool = False

    def fields(self, on: date) -> dict[str, Any]:
        """Return the fields as typed on the day of the act."""
        return {name: value(on) if callable(value) else value for name, value in self.data.items()}


def day(on: date) -> str:
    return on.isoformat()


def later(days: int) -> Day:
    return lambda on: (on + timedelta(days=days)).isoformat()
