"""The outbox: effects and messages with their status, and the daily runs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String
from sqlmodel import Field, SQLModel

from models.columns import document, instant


class Effect(SQLModel, table=True):
    """An effect that an act requires; its idempotency key makes it happen once."""

    __table_args__ = (Index("effect_pending", "status", "next_at"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    case_id: int | None = Field(default=None, foreign_key="coop_case.id", index=True)
    kind: str  # letter | notice | letter_news | instruction | withdraw | annulled | version | open_case
    payload: dict[str, Any] = Field(sa_column=document())
    status: str = "pending"  # pending | done | dead_letter
    attempts: int = 0
    next_at: datetime = Field(sa_column=instant(nullable=False))
    created_at: datetime = Field(sa_column=instant(nullable=False))
    done_at: datetime | None = Field(default=None, sa_column=instant())
    note: str = ""


class Message(SQLModel, table=True):
    """A message to one person; the row serves as inbox entry, outbox entry and idempotency record."""

    __table_args__ = (
        Index("message_inbox", "officer_id", "created_at"),
        Index("message_pending", "status", "next_at"),
        Index("message_of_officer", "officer_id", "status", "attempts"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # person, kind, deadline, occasion
    officer_id: int = Field(foreign_key="officer.id")
    case_id: int | None = Field(default=None, foreign_key="coop_case.id", index=True)
    kind: str
    deadline_key: str = ""
    subject: str
    body: str
    html: str = ""
    calendar: str = ""  # iCalendar text to attach
    link: str = ""
    status: str = "pending"  # pending | held | sent | inbox | dead_letter | dropped | withdrawn
    attempts: int = 0
    created_on: date
    created_at: datetime = Field(sa_column=instant(nullable=False))
    next_at: datetime = Field(sa_column=instant(nullable=False))
    claim: int = Field(
        default=0, sa_column=Column(Integer, nullable=False, server_default="0")
    )  # number of the last one: models.leases
    claimed_until: datetime | None = Field(default=None, sa_column=instant())
    sent_at: datetime | None = Field(default=None, sa_column=instant())
    read_at: datetime | None = Field(default=None, sa_column=instant())
    message_id: str = ""
    note: str = ""
    handled_by: str = ""  # who retried or dropped it manually, and when
    handled_at: datetime | None = Field(default=None, sa_column=instant())


class DayRun(SQLModel, table=True):
    """A run of a daily job; the key makes it idempotent for that day.

    `claim`: number of the last worker's claim (models.leases), `holder`: the tag of its process while it is at work.
    """

    name: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    started_at: datetime = Field(sa_column=instant(nullable=False))
    done_at: datetime | None = Field(default=None, sa_column=instant())
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=document())
    claim: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    holder: str = Field(default="", sa_column=Column(String, nullable=False, server_default=""))
    held_until: datetime | None = Field(default=None, sa_column=instant())


class NightlyCheck(SQLModel, table=True):
    """A result of the nightly checks: `kind` backup, verify or time_stamp. `found`: counts, or why it failed."""

    __tablename__ = "nightly_check"
    __table_args__ = (Index("nightly_check_latest", "kind", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    at: datetime = Field(sa_column=instant(nullable=False))
    ok: bool
    found: dict[str, Any] = Field(sa_column=document())
