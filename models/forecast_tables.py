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
