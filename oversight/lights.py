"""Green, due soon, late, past the legal limit: one light from the two dates of a case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from models.tables import case_rows
from procedures.legal_time.calendar import load_calendars

SOON_WORKING_DAYS = 10
COMING_WORKING_DAYS = 5
LIGHTS = ("past_legal", "late", "due_soon", "green", "closed")


@dataclass(frozen=True, slots=True)
class CutOffs:
    """The days that decide a light: before `today` is past, up to `soon` is due soon."""

    today: date
    soon: date

    def light(self, row: Any) -> str:
        """The light of a row with closed_on, legal_on, target_on and due_on."""
        if row["closed_on"] is not None:
            return "closed"
        if row["legal_on"] is not None and row["legal_on"] < self.today:
            return "past_legal"
        if row["target_on"] is not None and row["target_on"] < self.today:
            return "late"
        if row["due_on"] is not None and row["due_on"] <= self.soon:
            return "due_soon"
        return "green"

    def where(self, light: str) -> ColumnElement[bool]:
        """The condition that picks the rows of a light."""
        row = case_rows.c
        past = and_(row.closed_on.is_(None), row.legal_on < self.today)
        late = and_(row.closed_on.is_(None), row.target_on < self.today)
        not_past = or_(row.legal_on.is_(None), row.legal_on >= self.today)
        not_late = or_(row.target_on.is_(None), row.target_on >= self.today)
        conditions = {
            "past_legal": past,
            "late": and_(late, not_past),
            "due_soon": and_(row.closed_on.is_(None), not_past, not_late, row.due_on <= self.soon),
            "green": and_(row.closed_on.is_(None), or_(row.due_on.is_(None), row.due_on > self.soon)),
            "closed": row.closed_on.is_not(None),
        }
        return conditions[light]

    def overdue(self) -> ColumnElement[bool]:
        """Open, and one of the two dates has passed."""
        return and_(case_rows.c.closed_on.is_(None), case_rows.c.due_on < self.today)


def coming_days(today: date) -> date:
    """The last of the next few days, whose dates make up a week's work."""
    return load_calendars().agency.add_working_days(today, COMING_WORKING_DAYS)


def cut_offs(today: date) -> CutOffs:
    return CutOffs(today, load_calendars().agency.add_working_days(today, SOON_WORKING_DAYS))
