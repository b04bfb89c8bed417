"""Terms of law: an amount of days, working days, weeks, months or years, forwards or backwards."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from models.errors import WrongInput

Unit = Literal["days", "working_days", "weeks", "months", "years"]
MOST: Mapping[Unit, int] = {"days": 100_000, "working_days": 50_000, "weeks": 10_000, "months": 3_000, "years": 250}
_WORDS: dict[str, Unit] = {
    "day": "days", "days": "days", "ngày": "days", "ngay": "days",
    "working day": "working_days", "working days": "working_days",
    "ngày làm việc": "working_days", "ngay lam viec": "working_days",
    "week": "weeks", "weeks": "weeks", "tuần": "weeks", "tuan": "weeks",
    "month": "months", "months": "months", "tháng": "months", "thang": "months",
    "year": "years", "years": "years", "năm": "years", "nam": "years",
}  # fmt: skip
_TERM = re.compile(r"^(trước|truoc)?\s*(\d{1,7})\s+([^\d]+?)(\s+before)?$")


@dataclass(frozen=True, slots=True)
class Term:
    """An amount of a unit. `backwards`: at least so long before a day."""

    amount: int
    unit: Unit
    backwards: bool = False

    def __post_init__(self) -> None:
        if self.unit not in MOST or not 0 <= self.amount <= MOST[self.unit]:
            raise WrongInput("term", "term_out_of_range", value=f"{self.amount} {self.unit}")

    @classmethod
    def parse(cls, text: str) -> "Term":
        """Parse a text such as `60 days`, `5 ngày làm việc` or `15 days before`. Raises WrongInput."""
        found = _TERM.match(" ".join(text.lower().replace("_", " ").split()))
        unit = _WORDS.get(found[3]) if found else None
        if found is None or unit is None:
            raise WrongInput("term", "not_a_term", value=text[:40])
        return cls(int(found[2]), unit, bool(found[1] or found[4]))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.replace('_', ' ')}" + (" before" if self.backwards else "")


def add_months(day: date, months: int) -> date:
    """Return the corresponding day `months` later, or that month's last day.

    The result is limited to date.min and date.max.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """Return the day `days` later, limited to date.min and date.max."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
