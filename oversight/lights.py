"""Status lights of a case, from its two dates: on course, due soon, late, past the legal limit.

Each light is defined for a row in memory and as an SQL condition; a property test compares the two. All counts of late
cases use these definitions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from sqlalchemy import ColumnElement, and_, case, or_

from models.tables import case_rows
from oversight.thresholds import due_soon_until

Light = Literal["past_legal", "late", "due_soon", "green", "closed"]
LIGHTS: tuple[Light, ...] = ("past_legal", "late", "due_soon", "green", "closed")


class Dated(Protocol):
    """The columns that decide a light; `due_on` is the earlier of the two dates."""

    @property
    def closed_on(self) -> date | None: ...
    @property
    def legal_on(self) -> date | None: ...
    @property
    def target_on(self) -> date | None: ...
    @property
    def due_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a case that was folded from its facts: nearest legal limit and nearest programme or target date."""

    legal_on: date | None
    target_on: date | None
    closed_on: date | None = None

    @property
    def due_on(self) -> date | None:
        return min((day for day in (self.legal_on, self.target_on) if day), default=None)


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The days that decide a light: a date before `today` has passed, one up to `soon` is due soon."""

    today: date
    soon: date

    def light(self, dates: Dated) -> Light:
        """Return the light of one case."""
        if dates.closed_on is not None:
            return "closed"
        if dates.legal_on is not None and dates.legal_on < self.today:
            return "past_legal"
        if dates.target_on is not None and dates.target_on < self.today:
            return "late"
        if dates.due_on is not None and dates.due_on <= self.soon:
            return "due_soon"
        return "green"

    def where(self, light: Light) -> ColumnElement[bool]:
        """Return the SQL condition for the cases of a light."""
        row = case_rows.c
        past, not_past = self.after_legal_limit(), self.within_legal_limit()
        not_late = or_(row.target_on.is_(None), row.target_on >= self.today)
        conditions: dict[Light, ColumnElement[bool]] = {
            "past_legal": and_(is_open(), past),
            "late": and_(is_open(), row.target_on < self.today, not_past),
            "due_soon": and_(is_open(), not_past, not_late, row.due_on <= self.soon),
            "green": and_(is_open(), or_(row.due_on.is_(None), row.due_on > self.soon)),
            "closed": row.closed_on.is_not(None),
        }
        return conditions[light]

    def after_legal_limit(self) -> ColumnElement[bool]:
        """Condition: the nearest legal limit has passed; never true for a closed case."""
        return case_rows.c.legal_on < self.today

    def within_legal_limit(self) -> ColumnElement[bool]:
        """Condition: no legal limit, or none that has passed."""
        return or_(case_rows.c.legal_on.is_(None), case_rows.c.legal_on >= self.today)

    def column(self) -> ColumnElement[str]:
        """Return the light of each row, as a column."""
        return case(*((self.where(name), name) for name in LIGHTS), else_="green")

    def overdue(self) -> ColumnElement[bool]:
        """Condition: open, and one of the two dates has passed (light past the legal limit or late)."""
        return and_(is_open(), case_rows.c.due_on < self.today)


def is_open() -> ColumnElement[bool]:
    return case_rows.c.closed_on.is_(None)


def light_of_deadline(kind: str, ends_on: date, today: date) -> Light | None:
    """Return the light that an open deadline causes once it has passed; None while it is not over."""
    if ends_on >= today:
        return None
    return "past_legal" if kind == "legal" else "late"


def cut_offs(today: date) -> CutOffs:
    return CutOffs(today, due_soon_until(today))
