"""Units of the register, their cases, the facts of a case, and the projections that lists read."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import document, instant

_OPEN = text("closed_on IS NULL")
_NOBODYS = text("officer_id IS NULL AND closed_on IS NULL")
_FOUND = text("found > 0")
_ENDED = text("outcome IS NOT NULL")
_LISTED_BY = (
    "district_code", "due_on", "ref", "legal_on", "target_on", "level", "stage", "state", "officer_id", "irregular",
    "unit_id", "closed_on",
)  # fmt: skip


def _dong() -> Any:
    return Column(BigInteger, nullable=True)


class Unit(SQLModel, table=True):
    """A cooperative, union, cooperative group or credit fund of the register."""

    __table_args__ = (
        Index("unit_of_district", "district_code", "sort_key", "id"),
        Index("unit_of_commune", "commune_code", "district_code"),
    )
    id: int | None = Field(default=None, primary_key=True)
    name: str
    search: str = Field(index=True)  # search key: no diacritics, abbreviations expanded
    sort_key: str = Field(default="", index=True)  # collation key of the Vietnamese alphabet
    kind: str
    sector: str
    address: str = ""
    commune: str = ""  # as written in the register
    commune_code: str | None = None  # of the office's list; None: not identified
    district_code: str = Field(foreign_key="district.code")
    certificate_number: str = Field(default="", index=True)
    certificate_on: date | None = None
    certificate_issuer: str = ""
    tax_code: str = Field(default="", index=True)
    representative: str = ""
    phone: str = ""
    founded_on: date | None = None
    members: int | None = None
    labour: int | None = None
    charter_capital: int | None = Field(default=None, sa_column=_dong())
    turnover: int | None = Field(default=None, sa_column=_dong())
    tax_debt: int | None = Field(default=None, sa_column=_dong())
    last_meeting_on: date | None = None
    stopped_on: date | None = None
    reregistered: bool | None = None
    grade: str = "chua_xep_loai"
    status: str = ""
    notes: str = ""
    flags: list[str] = Field(default_factory=list, sa_column=document())
    is_sample: bool = False


class UnitChange(SQLModel, table=True):
    """A change of a unit in the register that a case made by its outcome, or took back when it was opened again."""

    __tablename__ = "unit_change"
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    case_id: int = Field(foreign_key="coop_case.id", index=True)
    outcome: str = ""  # empty: taken back
    fields: dict[str, Any] = Field(sa_column=document())  # by field: {old, new}
    by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))


class Case(SQLModel, table=True):
    """A case. Everything but its identity is a projection derived from its facts."""

    __tablename__ = "coop_case"
    __table_args__ = (
        # the indexes contain the dates, so that counts by status light read no row
        Index("coop_case_worklist", "officer_id", "closed_on", "due_on", "legal_on", "target_on"),
        Index("coop_case_district", "district_code", "closed_on", "due_on", "legal_on", "target_on", "opened_on"),
        # what lists and counts of a whole city choose by
        Index("coop_case_due", "closed_on", "due_on", "legal_on", "target_on", "level", "state", "irregular",
              "district_code", "officer_id", "stage"),
        # of open cases everything that lists choose, order and count by
        Index("coop_case_open", *_LISTED_BY, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("coop_case_by_unit", "district_code", "unit_sort", "ref"),
        Index("coop_case_by_opening", "district_code", "opened_on", "ref", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # the few open cases that no officer carries
        Index("coop_case_unassigned", "district_code", "level", sqlite_where=_NOBODYS, postgresql_where=_NOBODYS),
        Index("coop_case_outcome", "outcome", "district_code", sqlite_where=_ENDED, postgresql_where=_ENDED),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    unit_name: str
    unit_sort: str = Field(default="", sa_column_kwargs={"server_default": ""})  # collation key of the name
    district_code: str
    level: str  # district | city
    procedure: str  # name@version the case is pinned to
    officer_id: int | None = Field(default=None, foreign_key="officer.id")
    stage: str
    state: str
    outcome: str | None = None
    opened_on: date
    closed_on: date | None = None
    target_on: date | None = None  # earliest open internal target or programme date
    legal_on: date | None = None  # earliest open legal limit
    due_on: date | None = None  # earlier of the two
    overlays: list[str] = Field(default_factory=list, sa_column=document())
    obstacles: list[str] = Field(default_factory=list, sa_column=document())
    irregular: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # irregularities that are not settled
    seq: int = 0
    head: str = ""  # hash of the last fact
    touched_at: datetime = Field(sa_column=instant(nullable=False))


class Fact(SQLModel, table=True):
    """A recorded fact of a case; append-only."""

    __table_args__ = (UniqueConstraint("case_id", "seq"), Index("fact_kind", "kind", "occurred_on", "case_id"))
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id")
    seq: int
    kind: str
    occurred_on: date
    recorded_at: datetime = Field(sa_column=instant(nullable=False))
    by: str
    role: str
    data: dict[str, Any] = Field(sa_column=document())
    evidence: list[str] = Field(sa_column=document())  # sha256 of the files
    annuls: int | None = None
    previous: str
    hash: str


class ActDay(SQLModel, table=True):
    """A day that a fact names, on or after its own; written by `models.list_triggers` with the fact."""

    __tablename__ = "act_day"
    day: str = Field(primary_key=True)  # as the fact has it, YYYY-MM-DD, even one that no month has
    case_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    kind: str = Field(primary_key=True)
    field: str = Field(primary_key=True)


class Deadline(SQLModel, table=True):
    """A clock of a case (open or ended) with the inputs its dates were computed from."""

    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        Index("deadline_open", "status", "ends_on", "kind", "case_id", "who", "key"),
        Index("deadline_ended", "status", "ended_on", "key", "case_id", "kind", "ends_on"),  # what was met in a period
        Index("deadline_unserved", "case_id", sqlite_where=text("unserved = 1"), postgresql_where=text("unserved")),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id")
    key: str
    kind: str  # legal | programme | target | period
    starts_on: date | None = None  # None while it waits for the service of its letters
    ends_on: date | None = None  # None until then, and while the clock is stopped
    status: str  # waiting | open | met | dropped
    ended_on: date | None = None
    who: str = ""
    article: str = ""
    confidence: str = ""
    sum: dict[str, Any] = Field(sa_column=document())  # start, term, suspensions, extensions
    unserved: bool = False  # this run or another one waits for the service of its letters
    calendar: str = ""  # version it was computed with


class Obstacle(SQLModel, table=True):
    """An obstacle of a case: its kind, since when, and who can remove it."""

    __table_args__ = (Index("obstacle_open", "code", "lifted_on"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id", index=True)
    code: str
    since_on: date
    lifted_on: date | None = None
    note: str = ""


class Evidence(SQLModel, table=True):
    """A file stored outside the database under the hash of its content, and the case it belongs to."""

    __table_args__ = (UniqueConstraint("case_id", "sha256"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="coop_case.id", index=True)
    sha256: str = Field(index=True)
    name: str
    media_type: str
    size: int
    by: str
    added_at: datetime = Field(sa_column=instant(nullable=False))
    kind: str = Field(default="", sa_column_kwargs={"server_default": ""})  # a key of dossier.document_kinds
    dated_on: date | None = None
    remark: str = Field(default="", sa_column_kwargs={"server_default": ""})
    struck_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    struck_at: datetime | None = Field(default=None, sa_column=instant())
    struck_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


class ContentCheck(SQLModel, table=True):
    """That a case or a signed letter was looked at for contradictions, and how many were found in it.

    `identity`: the head of the case, or the hash of the letter's text with its status; it holds for these alone, and
    under the same `rules`. Derived: `casework/upkeep/checked_content.py` writes it.
    """

    __tablename__ = "content_check"
    __table_args__ = (Index("content_check_found", "kind", sqlite_where=_FOUND, postgresql_where=_FOUND),)
    kind: str = Field(primary_key=True)  # case | letter
    subject: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    identity: str
    rules: str
    found: int
