"""Dissolution councils as bodies of an office, and batches of cases that are dissolved by the same papers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import document, instant

_STANDING = text("left_on IS NULL")
_IN_BATCH = text("left_at IS NULL")


class Council(SQLModel, table=True):
    """A dissolution council: it numbers its own letters and may serve several cases of its office."""

    __table_args__ = (UniqueConstraint("office", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    office: str = Field(index=True)  # code of a district, or HP for the city's office
    name: str
    decision: str = ""  # number and day of the decision that formed it, as its letters cite it
    formed_on: date | None = None
    uses_seal: bool = False  # it may use the seal of the People's Committee
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))


class CouncilMember(SQLModel, table=True):
    """A person in a seat from a day to a day, or an empty seat with its reason, which a second person approves."""

    __tablename__ = "council_member"
    id: int | None = Field(default=None, primary_key=True)
    council_id: int = Field(foreign_key="council.id", index=True)
    seat: str
    name: str = ""  # empty: the seat is empty
    post: str = ""
    reason: str = ""  # why the seat is empty
    from_on: date
    to_on: date | None = None  # last day in the seat
    decision: str = ""  # by which the person came in place of another
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))
    approved_by: str = ""
    approved_at: datetime | None = Field(default=None, sa_column=instant())
    ended_by: str = ""
    end_reason: str = ""


class CouncilCase(SQLModel, table=True):
    """A case that a council serves; at most one council at a time."""

    __tablename__ = "council_case"
    __table_args__ = (
        Index("council_case_open", "case_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
    )
    id: int | None = Field(default=None, primary_key=True)
    council_id: int = Field(foreign_key="council.id", index=True)
    case_id: int = Field(foreign_key="coop_case.id", index=True)
    from_on: date
    left_on: date | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))
    ended_by: str = ""
    end_reason: str = ""


class CouncilMeeting(SQLModel, table=True):
    """A meeting of a council with its minutes."""

    __tablename__ = "council_meeting"
    id: int | None = Field(default=None, primary_key=True)
    council_id: int = Field(foreign_key="council.id", index=True)
    held_on: date
    place: str = ""
    present: list[int] = Field(sa_column=document())  # ids of the members
    settled: str  # what was settled
    sha256: str = ""
    file_name: str = ""
    media_type: str = ""
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))


class CouncilTask(SQLModel, table=True):
    """A task of a member with the day by which it is due."""

    __tablename__ = "council_task"
    id: int | None = Field(default=None, primary_key=True)
    council_id: int = Field(foreign_key="council.id", index=True)
    what: str
    member_id: int | None = Field(default=None, foreign_key="council_member.id")
    due_on: date
    done_on: date | None = None
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))
    done_by: str = ""


class DissolutionBatch(SQLModel, table=True):
    """Cases of an office that are dissolved by the same submission and decision, with the council that serves them."""

    __tablename__ = "dissolution_batch"
    __table_args__ = (UniqueConstraint("office", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    office: str = Field(index=True)
    name: str
    council_id: int | None = Field(default=None, foreign_key="council.id", index=True)
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))


class BatchCase(SQLModel, table=True):
    """A case of a batch. `values`: what the annexes print of it in place of the register."""

    __tablename__ = "batch_case"
    __table_args__ = (
        Index("batch_case_open", "case_id", unique=True, sqlite_where=_IN_BATCH, postgresql_where=_IN_BATCH),
    )
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="dissolution_batch.id", index=True)
    case_id: int = Field(foreign_key="coop_case.id", index=True)
    values: dict[str, Any] = Field(sa_column=document())
    joined_by: str
    joined_at: datetime = Field(sa_column=instant(nullable=False))
    left_by: str = ""
    left_at: datetime | None = Field(default=None, sa_column=instant())
    left_reason: str = ""


class BatchStep(SQLModel, table=True):
    """A step that was taken once for several cases of a batch."""

    __tablename__ = "batch_step"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="dissolution_batch.id", index=True)
    kind: str  # created | joined | left | values | act | drafted
    verb: str = ""
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    count: int
    reason: str = ""
    by: str
    at: datetime = Field(sa_column=instant(nullable=False))
