"""How a person looks at lists: views saved under a name, and the columns chosen for each list."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import document


class SavedView(SQLModel, table=True):
    """A list as a person saved it: filter, columns and order are the question of its address."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("officer_id", "page", "name"),)
    id: int | None = Field(default=None, primary_key=True)
    officer_id: int = Field(foreign_key="officer.id", index=True)
    page: str  # which list
    name: str
    query: str
    is_start: bool = False  # opened by the first entry of the menu; of one view of a person at most


class ListColumns(SQLModel, table=True):
    """The columns that a person chose for a list, in their order."""

    __tablename__ = "list_columns"
    officer_id: int = Field(foreign_key="officer.id", primary_key=True)
    page: str = Field(primary_key=True)
    columns: list[str] = Field(sa_column=document())
