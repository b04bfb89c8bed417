"""What is kept of a case beside its facts: notes, and instructions of the heads with their answers."""

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.columns import document, instant


class CaseNote(SQLModel, table=True):
    """A note on a case. It is closed or struck out with a reason, never changed or deleted."""

    __tablename__ = "case_note"
    __table_args__ = (Index("case_note_open", "closed_at", "come_back_on"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id", index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    files: list[str] = Field(default_factory=list, sa_column=document())  # sha256 of documents of the case
    come_back_on: date | None = None  # the day on which it is shown again
    by: str
    written_at: datetime = Field(sa_column=instant(nullable=False))
    closed_by: str = ""
    closed_at: datetime | None = Field(default=None, sa_column=instant())
    struck_by: str = ""
    struck_at: datetime | None = Field(default=None, sa_column=instant())
    struck_reason: str = ""
    origin: int | None = Field(default=None, foreign_key="case_note.id")  # of the case that was transferred


class Instruction(SQLModel, table=True):
    """An instruction of a manager or leader to a person on a case; answered by a report, or withdrawn with a reason."""

    __table_args__ = (Index("instruction_unanswered", "answered_at", "withdrawn_at", "due_on"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id", index=True)
    to_id: int = Field(foreign_key="officer.id", index=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    due_on: date
    by_id: int = Field(foreign_key="officer.id", index=True)
    given_at: datetime = Field(sa_column=instant(nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    files: list[str] = Field(default_factory=list, sa_column=document())  # of the answer: sha256 of documents
    answered_by: str = ""
    answered_at: datetime | None = Field(default=None, sa_column=instant())
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant())
    withdrawn_reason: str = ""
