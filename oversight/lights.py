"""Status lights of a case, from its legal limit and its planned date.

The law comes before the plan: a legal limit that has passed or is near decides the light, whatever the plan says.
"Overdue" (past_legal) is of the law alone, "behind plan" (late) of the plan alone; a case is counted under one light.

Each light is defined for a row in memory and as an SQL condition; a property test compares the two. All counts of late
cases use these definitions.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, and_, case, func, or_

from models.tables import case_rows
from oversight.thresholds import due_soon_until

Light = Literal["past_legal", "legal_soon", "late", "due_soon", "green", "closed"]
OPEN_LIGHTS: tuple[Light, ...] = ("past_legal", "legal_soon", "late", "due_soon", "green")
LIGHTS: tuple[Light, ...] = (*OPEN_LIGHTS, "closed")
GREEN: Light = "green"  # of open cases those that have no date near
FAR = date(9999, 12, 31)


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
        if dates.legal_on is not None and dates.legal_on <= self.soon:
            return "past_legal" if dates.legal_on < self.today else "legal_soon"
        if dates.target_on is not None and dates.target_on < self.today:
            return "late"
        if dates.due_on is not None and dates.due_on <= self.soon:
            return "due_soon"
        return "green"

    def where(self, light: Light) -> ColumnElement[bool]:
        """Return the SQL condition for the cases of a light."""
        row = case_rows.c
        conditions: dict[Light, ColumnElement[bool]] = {
            "past_legal": and_(is_open(), self.after_legal_limit()),
            "legal_soon": and_(is_open(), row.legal_on.between(self.today, self.soon)),
            "late": and_(is_open(), self.behind_plan()),
            "due_soon": and_(is_open(), row.due_on.between(self.today, self.soon), self.left_by_law()),
            "green": and_(is_open(), or_(row.due_on.is_(None), row.due_on > self.soon)),
            "closed": row.closed_on.is_not(None),
        }
        return conditions[light]

    def after_legal_limit(self) -> ColumnElement[bool]:
        """Condition: the nearest legal limit has passed; never true for a closed case."""
        return case_rows.c.legal_on < self.today

    def pressed_by_law(self) -> ColumnElement[bool]:
        """Condition: the nearest legal limit has passed or is near (lights past_legal and legal_soon).

        `due_on` is the earlier date, and so within `soon` too: the indexes begin with it.
        """
        return and_(case_rows.c.due_on <= self.soon, case_rows.c.legal_on <= self.soon)

    def due(self) -> ColumnElement[bool]:
        """Condition: a date has passed or is near; of open cases every light but green."""
        return case_rows.c.due_on <= self.soon

    def left_by_law(self) -> ColumnElement[bool]:
        """Condition: the opposite, no legal limit or one that is far."""
        return or_(case_rows.c.legal_on.is_(None), case_rows.c.legal_on > self.soon)

    def behind_plan(self) -> ColumnElement[bool]:
        """Condition: the planned date has passed, and no legal limit has passed or is near."""
        row = case_rows.c
        return and_(row.due_on < self.today, row.target_on < self.today, self.left_by_law())

    def column(self) -> ColumnElement[str]:
        """Return the light of each row, as a column."""
        row = case_rows.c
        return case(
            (row.closed_on.is_not(None), "closed"),
            (self.after_legal_limit(), "past_legal"),
            (row.legal_on <= self.soon, "legal_soon"),
            (row.target_on < self.today, "late"),
            (row.due_on <= self.soon, "due_soon"),
            else_="green",
        )

    def delayed(self) -> ColumnElement[bool]:
        """Condition: overdue by law or behind the plan, for lists of both; a count names one of the two."""
        late = or_(self.after_legal_limit(), self.left_by_law())
        return and_(is_open(), case_rows.c.due_on < self.today, late)

    def by_risk(self) -> tuple[ColumnElement[Any], ...]:
        """The order of every list: legal limits that have passed or are near by their days, then by the nearer date."""
        row, law = case_rows.c, self.pressed_by_law()
        first = case((law, 0), else_=1)
        return first, case((law, row.legal_on), else_=func.coalesce(row.due_on, FAR)), row.ref


def due_by_law(dates: Dated, until: date) -> bool:
    """Whether an open case has a legal limit that has passed or ends by a day."""
    return dates.closed_on is None and dates.legal_on is not None and dates.legal_on <= until


def is_open() -> ColumnElement[bool]:
    return case_rows.c.closed_on.is_(None)


def light_of_deadline(kind: str, ends_on: date, today: date) -> Light | None:
    """Return the light that an open deadline causes once it has passed; None while it is not over."""
    if ends_on >= today:
        return None
    return "past_legal" if kind == "legal" else "late"


def cut_offs(today: date) -> CutOffs:
    return CutOffs(today, due_soon_until(today))
