"""The versions of the procedure stored in an office, with their approval history."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from models.columns import document, instant

_IN_FORCE = text("status = 'in_force'")


class ProcedureVersion(SQLModel, table=True):
    """A procedure version. Once in force its text never changes, since cases are pinned to it."""

    __tablename__ = "procedure_version"
    __table_args__ = (
        Index(
            "procedure_version_in_force", "status", unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE
        ),
    )  # fmt: skip
    pin: str = Field(primary_key=True)  # name@version
    text: str = Field(sa_column=Column(Text, nullable=False))
    sha256: str
    status: str  # available | proposed | returned | withdrawn | in_force | retired
    added_by: str = ""  # empty: shipped with the product
    added_at: datetime = Field(sa_column=instant(nullable=False))
    proposed_by: str | None = None
    proposed_at: datetime | None = Field(default=None, sa_column=instant())
    note: str = ""  # of the proposer
    mark: str = ""  # digest of the preview that the approver saw
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_column=instant())
    adopted_at: datetime | None = Field(default=None, sa_column=instant())  # first in force
    history: list[dict[str, Any]] = Field(default_factory=list, sa_column=document())
