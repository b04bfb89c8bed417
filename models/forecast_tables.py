"""Forecasts that were shown, kept as they were said."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import document, instant


class KeptForecast(SQLModel, table=True):
    """A forecast of a fixed date as it was shown on a day; never changed. Another one of the same day is a new row."""

    __tablename__ = "kept_forecast"
    __table_args__ = (UniqueConstraint("day", "district", "milestone", "until_on", "method", "digest"),)
    id: int | None = Field(default=None, primary_key=True)
    day: date  # what was known on it
    district: str  # code; empty: all districts
    milestone: str  # name of the programme's date
    until_on: date
    method: int  # version of the method
    digest: str  # of the last outlook in `said`
    said: list[dict[str, Any]] = Field(sa_column=document())  # outlooks by day, the last one at `until_on`
    made_at: datetime = Field(sa_column=instant(nullable=False))


class CaseHistory(SQLModel, table=True):
    """The history of a case as forecasts read it, folded from the facts up to `head` under the version `pin`.

    Derived: `oversight/stored_histories.py` writes it and reads it only while the case has that head and version.
    """

    __tablename__ = "case_history"
    case_id: int = Field(primary_key=True, foreign_key="coop_case.id")
    head: str
    pin: str
    reading: int  # version of the reading
    seen_on: date  # the day up to which facts were read; there are none behind it
    course: dict[str, Any] = Field(sa_column=document())
