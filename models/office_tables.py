"""The office: districts, communes, people, substitutes, delegations, closing days, rulings and settings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import document, instant


class District(SQLModel, table=True):
    """A district-level unit of the city (quận or huyện)."""

    code: str = Field(primary_key=True)
    name: str
    kind: str  # quan | huyen | thi_xa | thanh_pho
    seat: str = ""


class Commune(SQLModel, table=True):
    code: str = Field(primary_key=True)
    district_code: str = Field(foreign_key="district.code", index=True)
    name: str  # without its type
    kind: str  # xa | phuong | thi_tran
    former: list[str] = Field(default_factory=list, sa_column=document())  # names in older documents, without type
    confidence: str = "recalled"  # recalled | confirmed
    changed_by: str = ""
    changed_at: datetime | None = Field(default=None, sa_column=instant())


class Agency(SQLModel, table=True):
    """A body outside the office that receives letters. District None: entered by the city's office."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True)  # a key of letters/addressees.yaml that an office may enter
    district_code: str | None = Field(default=None, foreign_key="district.code", index=True)
    name: str
    address: str = ""
    invented: bool = False
    changed_by: str
    changed_at: datetime = Field(sa_column=instant(nullable=False))


class ProgrammePlan(SQLModel, table=True):
    """A plan of the programme, as letters cite it; the last row of an office is in force, none is removed."""

    __tablename__ = "programme_plan"
    id: int | None = Field(default=None, primary_key=True)
    district_code: str | None = Field(default=None, foreign_key="district.code", index=True)  # None: the city's plan
    number: str
    signed_on: date
    issuer: str
    title: str
    invented: bool = False
    recorded_by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))


class Officer(SQLModel, table=True):
    """A person who signs in. District None: the city's office."""

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(unique=True)
    name: str
    title: str = ""  # ông | bà
    post: str = ""
    role: str  # a role of the procedure, or admin
    district_code: str | None = Field(default=None, foreign_key="district.code", index=True)
    email: str = ""
    lang: str = "vi"
    password_hash: str = ""
    temporary: bool = False  # set by another person, has to be changed at the next sign-in
    feed_token: str | None = Field(default=None, unique=True)
    active: bool = True
    is_sample: bool = False


class Absence(SQLModel, table=True):
    """An absence from–to inclusive; the substitute receives the absent person's messages, and both see them."""

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    substitute_id: int = Field(foreign_key="officer.id", index=True)
    from_on: date
    to_on: date
    reason: str = ""


class Delegation(SQLModel, table=True):
    """A written authority to sign for another person: KT., TL., TUQ. or Q., with dates and the authorising act."""

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    authority: str  # KT | TL | TUQ | Q
    body: str  # the issuing body signed for
    from_on: date
    to_on: date | None = None
    decision: str = ""
    post: str = ""  # post printed under TL. and TUQ.; empty: the officer's own
    added_by: str = ""
    added_at: datetime | None = Field(default=None, sa_column=instant())
    ended_on: date | None = None  # last day of validity, when ended early
    ended_by: str = ""
    ended_at: datetime | None = Field(default=None, sa_column=instant())
    end_reason: str = ""


class Channel(SQLModel, table=True):
    """A message channel of a person; the address is stored encrypted and never logged."""

    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    label: str
    address_sealed: str
    active: bool = True
    failing_since: datetime | None = Field(default=None, sa_column=instant())
    last_error: str = ""


class OfficeAct(SQLModel, table=True):
    """The journal of changes to the office data: people, communes, agencies, plans; append-only."""

    __tablename__ = "office_act"
    id: int | None = Field(default=None, primary_key=True)
    act: str
    subject: str  # login, code or number of the changed object
    by: str
    at: datetime = Field(sa_column=instant(nullable=False))
    data: dict[str, Any] = Field(sa_column=document())


class Session(SQLModel, table=True):
    """A person signed in at a browser. `stamp` is that of the password at sign-in."""

    key_hash: str = Field(primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    stamp: str
    began_at: datetime = Field(sa_column=instant(nullable=False))


class Setting(SQLModel, table=True):
    """A setting made on a page, such as the demo day."""

    key: str = Field(primary_key=True)
    value: str


class Closing(SQLModel, table=True):
    """A closing day of the city or of one office, adopted with its decision number; or the withdrawal of one."""

    id: int | None = Field(default=None, primary_key=True)
    on: date = Field(index=True)
    layer: str  # city | office
    district_code: str | None = Field(default=None, index=True)  # none of the city's
    reason: str
    decision: str
    adopted_by: str
    adopted_at: datetime = Field(sa_column=instant(nullable=False))
    takes_back: int | None = Field(default=None, foreign_key="closing.id", unique=True)


class CalendarAdoption(SQLModel, table=True):
    """An edition of the national days off by which deadlines are computed from then on; the last record counts."""

    __tablename__ = "calendar_adoption"
    id: int | None = Field(default=None, primary_key=True)
    edition: int
    adopted_by: str  # empty: adopted by the product itself
    adopted_at: datetime = Field(sa_column=instant(nullable=False))
    note: str = ""


class Clearance(SQLModel, table=True):
    """A citation of confidence `recalled` that a person has checked against the gazette."""

    __table_args__ = (UniqueConstraint("citation", "valid_from"),)
    id: int | None = Field(default=None, primary_key=True)
    citation: str
    valid_from: date | None = None
    cleared_by: str
    cleared_at: datetime = Field(sa_column=instant(nullable=False))
    note: str = ""


class Ruling(SQLModel, table=True):
    """A ruling of the legal office of a district or of the city on an unclear point of the law; final."""

    id: int | None = Field(default=None, primary_key=True)
    interpretation: str = Field(index=True)
    district_code: str | None = None  # None: the whole city
    reading: str
    ruled_by: str
    ruled_at: datetime = Field(sa_column=instant(nullable=False))
    reason: str = ""


class HeadingWord(SQLModel, table=True):
    """The meaning of a column heading of register files. District None: whole city; empty field: column ignored."""

    __tablename__ = "heading_word"
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(index=True)  # normalised heading
    heading: str
    field: str = ""
    district_code: str | None = Field(default=None, foreign_key="district.code")
    by: str
    at: datetime = Field(sa_column=instant(nullable=False))


class ImportRun(SQLModel, table=True):
    """One import of a register file, with its result."""

    id: int | None = Field(default=None, primary_key=True)
    file_name: str
    sha256: str = Field(index=True)
    by: str
    recorded_at: datetime = Field(sa_column=instant(nullable=False))
    counts: dict[str, Any] = Field(sa_column=document())
    cases: list[str] = Field(sa_column=document())
