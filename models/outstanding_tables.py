"""What a dissolved unit has not handed in, as it is recorded beside the facts of its case, also after the closing."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.columns import document, instant


class OutstandingEntry(SQLModel, table=True):
    """One entry about a thing of a case; append-only, the last one that counts is the state of the thing.

    `answers`: the entry that this one confirms or takes back.
    """

    __tablename__ = "outstanding_entry"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id", index=True)
    kind: str  # seal | certificate | tax_code | insurance | account | land | archives
    outcome: str  # one of `outstanding_entries.OUTCOMES`, confirmed or taken_back
    on: date
    paper: str = ""  # number of the receipt, decision or confirmation
    holder: str = ""  # who received it, who has it, where it was found
    reason: str = ""
    evidence: list[str] = Field(sa_column=document())  # sha256 of the files
    answers: int | None = Field(default=None, foreign_key="outstanding_entry.id", index=True)
    by: str
    at: datetime = Field(sa_column=instant(nullable=False))
