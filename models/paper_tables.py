"""Papers that people sign in ink: who may sign them, how their books are kept, and papers older than the software."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import instant

_ENTERED = text("status = 'entered'")


class LetterCase(SQLModel, table=True):
    """A case that a letter is about: none for a letter of the office, several for a decision with an annex."""

    __tablename__ = "letter_case"
    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id", primary_key=True, index=True)
    fact_seq: int | None = None  # of a letter about several cases: the fact of this case that it follows from
    status: str = Field(default="", sa_column_kwargs={"server_default": ""})  # and how far its service has come here


class LetterObstacle(SQLModel, table=True):
    """An obstacle of a case that one letter to the body which lifts it is about: a line of the letter's annex."""

    __tablename__ = "letter_obstacle"
    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id", primary_key=True, index=True)
    code: str = Field(primary_key=True)
    since_on: date  # tells the obstacle apart from one of the same kind that is named later
    asked: str = Field(default="", sa_column_kwargs={"server_default": ""})  # in place of the name of the obstacle


class BookMode(SQLModel, table=True):
    """How a number book is kept from a day on; the last row whose day has come counts. Empty issuer: every book."""

    __tablename__ = "book_mode"
    id: int | None = Field(default=None, primary_key=True)
    issuer: str = Field(index=True)
    mode: str  # kept_here | on_paper
    from_on: date
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))


class Signatory(SQLModel, table=True):
    """A person who signs for a body in ink and does not sign in. District None: the city's office."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    post: str
    authority: str = ""  # empty: heads the body | KT | TL | TUQ | Q
    body: str
    district_code: str | None = Field(default=None, foreign_key="district.code", index=True)
    commune_code: str | None = Field(default=None, foreign_key="commune.code")  # of a commune's committee
    from_on: date
    to_on: date | None = None
    decision: str = ""
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))
    ended_by: str = ""
    ended_at: datetime | None = Field(default=None, sa_column=instant())
    end_reason: str = ""


class SignedPaper(SQLModel, table=True):
    """A letter that was signed in ink, entered from its scan by one person and confirmed by another."""

    __tablename__ = "signed_paper"
    __table_args__ = (
        Index("signed_paper_open", "letter_id", unique=True, sqlite_where=_ENTERED, postgresql_where=_ENTERED),
    )
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    status: str = Field(index=True)  # entered | confirmed | returned | withdrawn
    signer: str
    authority: str = ""
    post: str = ""
    number: int | None = None  # none where the book is kept here: it is given at the confirmation
    signed_on: date
    before: str  # the status of the letter before it was entered
    sha256: str
    name: str
    media_type: str
    size: int
    entered_by: str
    entered_at: datetime = Field(sa_column=instant(nullable=False))
    decided_by: str = ""
    decided_at: datetime | None = Field(default=None, sa_column=instant())
    remarks: str = ""


class EarlierPaper(SQLModel, table=True):
    """A paper that an office issued before it used the software; it has no place in a number book."""

    __tablename__ = "earlier_paper"
    __table_args__ = (UniqueConstraint("office", "body", "symbol", "issued_on"),)
    id: int | None = Field(default=None, primary_key=True)
    office: str  # code of a district, or HP for the city's office
    body: str  # the issuer, as the paper names it
    symbol: str  # number and symbol, as the paper has them: 15/QĐ-UBND
    issued_on: date
    template: str = ""  # the letter type it corresponds to, where there is one
    summary: str
    signer: str = ""
    sha256: str = ""
    name: str = ""
    media_type: str = ""
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))


class EarlierPaperCase(SQLModel, table=True):
    """A case that an earlier paper is about."""

    __tablename__ = "earlier_paper_case"
    paper_id: int = Field(foreign_key="earlier_paper.id", primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id", primary_key=True, index=True)
