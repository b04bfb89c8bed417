"""The office's log: entries of everything that counts as history, their order, and the signed checkpoints."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field, SQLModel

from models.columns import instant

_LONG = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by INTEGER only


class LogEntry(SQLModel, table=True):
    """One recorded state of a row; append-only, committed with the change, in no agreed order yet.

    `entity`: the table. `key`: the row's primary key, of a fact `case_id|seq`. `digest`: SHA-256 of the row, of a fact
    its hash in the chain; empty when the row was deleted.
    """

    __tablename__ = "log_entry"
    __table_args__ = (Index("log_entry_subject", "entity", "key"),)
    id: int | None = Field(default=None, sa_column=Column(_LONG, primary_key=True, autoincrement=True))
    entity: str
    key: str
    digest: str


class LogLeaf(SQLModel, table=True):
    """The place of an entry in the office's Merkle tree, from 0; append-only."""

    __tablename__ = "log_leaf"
    position: int = Field(sa_column=Column(_LONG, primary_key=True, autoincrement=False))
    entry_id: int = Field(sa_column=Column(_LONG, unique=True, nullable=False))
    hash: str  # RFC 6962 leaf hash


class LogCheckpoint(SQLModel, table=True):
    """A signed checkpoint: the root over the first `size` leaves; append-only."""

    __tablename__ = "log_checkpoint"
    size: int = Field(sa_column=Column(_LONG, primary_key=True, autoincrement=False))
    root: str
    frontier: str  # roots of the complete subtrees, largest first: all that is needed to append
    note: str = Field(sa_column=Column(Text, nullable=False))  # signed note (C2SP tlog-checkpoint)
    made_at: datetime = Field(sa_column=instant(nullable=False))


class LogTimeStamp(SQLModel, table=True):
    """A time-stamp (RFC 3161) over the note of a checkpoint; append-only."""

    __tablename__ = "log_time_stamp"
    id: int | None = Field(default=None, primary_key=True)
    size: int = Field(sa_column=Column(_LONG, unique=True, nullable=False))
    token: str = Field(sa_column=Column(Text, nullable=False))  # the signed token (CMS), base64
    stamped_at: datetime = Field(sa_column=instant(nullable=False))  # by the token
    server: str


class ChangeNote(SQLModel, table=True):
    """A row changed in the running transaction, noted by a trigger; turned into a log entry before the commit."""

    __tablename__ = "change_note"
    __table_args__ = {"sqlite_autoincrement": True}  # a number is never used again: older notes are distinguished
    id: int | None = Field(default=None, sa_column=Column(_LONG, primary_key=True, autoincrement=True))
    entity: str
    key: str
    transaction: str = ""  # PostgreSQL's id of the transaction
