"""Letters with their numbers and service; incoming documents."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from models.columns import document, instant

# SQLite reads an index of a part only for a statement that has the same words
WAITING = "status IN ('draft', 'returned', 'submitted', 'entered', 'approved', 'issued', 'undelivered')"


class LetterRow(SQLModel, table=True):
    """A letter from draft to service. From approval on template, data and hash are frozen."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("letter_of_case", "case_id", "status", "template", "number", "issued_on", "drafted_for_on",
              "submitted_at", "approved_at"),  # lists, their orders and counts are read from it alone
        Index("letter_by_template", "template"),
        # lists of a district, their counts, and the letters that nothing has answered
        Index("letter_of_district", "district_code", "status", "issued_on", "id"),
        Index("letter_of_kind", "district_code", "template", "id"),
        Index("letter_unanswered", "template", "district_code", "status", "issued_on",
              sqlite_where=text("answered = 0"), postgresql_where=text("NOT answered")),
        Index("letter_waiting", "status", "case_id", "template",
              sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # case, fact and template: each letter is drafted once
    case_id: int | None = Field(default=None, foreign_key="coop_case.id")  # whose facts it is filled from
    # kept by models.list_triggers: the district of that case, and whether an incoming document answers the letter
    district_code: str = Field(default="", sa_column_kwargs={"server_default": ""})
    answered: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    fact_seq: int | None = None
    template: str
    template_hash: str = ""
    status: str = Field(index=True)  # draft submitted returned approved issued served undelivered published cancelled
    issuer: str = ""  # the body whose register numbers it, e.g. HBG/UBND
    drafted_for_on: date
    drafted_at: datetime = Field(sa_column=instant(nullable=False))
    drafted_by: str
    data: dict[str, Any] = Field(sa_column=document())
    missing: list[str] = Field(sa_column=document())
    unverified: list[str] = Field(sa_column=document())
    remarks: str = ""
    submitted_by: str | None = None
    submitted_at: datetime | None = Field(default=None, sa_column=instant())
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_column=instant())
    content_hash: str = ""
    number: int | None = None
    symbol: str = ""
    issued_on: date | None = None
    issued_by: str | None = None
    pdf_sha: str = ""
    docx_sha: str = ""
    signed_sha: str = ""
    batch_id: int | None = Field(default=None, foreign_key="letter_batch.id", index=True)
    batch_place: int | None = None
    joint_id: int | None = Field(default=None, foreign_key="dissolution_batch.id", index=True)  # one for many cases


class Batch(SQLModel, table=True):
    """Letters of one type that are drafted, reviewed, signed and numbered together."""

    __tablename__ = "letter_batch"
    __table_args__ = (UniqueConstraint("office", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    office: str  # code of a district, or HP for the city's office
    name: str
    template: str
    common: dict[str, Any] = Field(sa_column=document())  # fields typed once for all letters
    chosen: dict[str, Any] = Field(sa_column=document())  # the filter that chose the cases
    drafted_on: date
    drafted_at: datetime = Field(sa_column=instant(nullable=False))
    drafted_by: str
    dropped_at: datetime | None = Field(default=None, sa_column=instant())


class BatchAct(SQLModel, table=True):
    """An act on a batch or on one letter of it, with person and time."""

    __tablename__ = "letter_batch_act"
    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="letter_batch.id", index=True)
    act: str  # drafted filled marked submitted approved returned taken_out issued cancelled dropped
    by: str
    at: datetime = Field(sa_column=instant(nullable=False))
    count: int
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    reason: str = ""


class Book(SQLModel, table=True):
    """A register book: the number series of one issuer in one year."""

    issuer: str = Field(primary_key=True)
    series: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last: int = 0
    start: int = 1  # number that it began with here, of an office that began within the year
    started_by: str = ""
    started_at: datetime | None = Field(default=None, sa_column=instant())


class BookEntry(SQLModel, table=True):
    """An assigned number; a cancelled one keeps its row and is never reused."""

    __tablename__ = "book_entry"
    __table_args__ = (UniqueConstraint("issuer", "series", "year", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    issuer: str
    series: str
    year: int
    number: int
    letter_id: int = Field(foreign_key="letter.id", index=True)
    issued_on: date
    on_paper: bool = False  # the clerk gave the number in a book on paper; it was typed in
    cancelled_at: datetime | None = Field(default=None, sa_column=instant())
    cancelled_by: str | None = None
    cancel_reason: str = ""


class SignedVersion(SQLModel, table=True):
    """A letter as it was signed, uploaded as a Word file or a scan and kept beside the record."""

    __tablename__ = "signed_version"
    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    sha256: str
    name: str
    media_type: str
    size: int
    by: str
    added_at: datetime = Field(sa_column=instant(nullable=False))
    reason: str = ""
    record: list[str] | None = Field(default=None, sa_column=document(nullable=True))  # the text it was compared with
    differing: int = 0  # number of differing paragraphs


class Service(SQLModel, table=True):
    """An attempt to serve a letter, with its result."""

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="coop_case.id")  # of a letter about several cases: to whom
    way: str  # hand | post | posting | newspaper
    result: str  # sent | posted (both under way) | served | returned | published
    on: date
    to_on: date | None = None
    details: dict[str, Any] = Field(sa_column=document())
    evidence: list[str] = Field(sa_column=document())
    facts: list[int] = Field(sa_column=document())  # seqs of the facts that it recorded in the case
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))
    annulled_at: datetime | None = Field(default=None, sa_column=instant())
    annulled_by: str = ""


class Incoming(SQLModel, table=True):
    """A document in the register of incoming documents."""

    __table_args__ = (UniqueConstraint("office", "year", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    office: str
    year: int
    number: int
    from_body: str
    symbol: str = ""
    dated_on: date | None = None
    received_on: date
    summary: str
    kind: str = ""  # a kind of the procedure's section `papers`; empty for any other document
    part: str = ""  # the party that answers, where one letter was sent to several
    case_id: int | None = Field(default=None, foreign_key="coop_case.id", index=True)
    answers_letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    fact_seq: int | None = None  # the fact that it recorded in the case
    evidence: list[str] = Field(sa_column=document())
    files: list[dict[str, str]] = Field(sa_column=document())  # name, sha256, media_type of files of no case
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))
