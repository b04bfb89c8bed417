"""What the search reads: the words of each thing that can be found, and what waits for its words to be written anew."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel


class SearchEntry(SQLModel, table=True):
    """The words by which a unit, case, paper, note or instruction is found; derived, in no log.

    SQLite has an FTS5 table `search_words` beside it, PostgreSQL a column `vector`: models/search_triggers.py.
    """

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("kind", "subject"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # unit | case | letter | incoming | earlier | note | instruction
    subject: int  # the id of its row
    office: str  # code of the district, or HP for the city's office
    words: str = Field(sa_column=Column(Text, nullable=False))


class SearchStale(SQLModel, table=True):
    """A thing that the running transaction changed, noted by a trigger; its words are written before the commit.

    `later`: by further transactions, until which it is found by its former words.
    """

    __tablename__ = "search_stale"
    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    )
    kind: str
    subject: int
    later: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
