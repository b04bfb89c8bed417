"""Acts that one person did for several cases or letters at once, and which of them were undone together."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import instant


class Operation(SQLModel, table=True):
    """One press that did the same for several cases or letters, in one transaction; append-only.

    `undoes`: the operation that this one takes back. An operation is undone where such a row exists.
    """

    id: int | None = Field(default=None, primary_key=True)
    office: str = Field(index=True)  # code of a district, or HP for the city's office
    kind: str  # act | service | undo
    verb: str = ""  # of an act: the verb of the procedure; of a service: the way
    by: str
    at: datetime = Field(sa_column=instant(nullable=False))
    undoes: int | None = Field(default=None, foreign_key="operation.id", unique=True)
    reason: str = ""


class OperationLine(SQLModel, table=True):
    """What an operation recorded about one case or letter; append-only."""

    __tablename__ = "operation_line"
    id: int | None = Field(default=None, primary_key=True)
    operation_id: int = Field(foreign_key="operation.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="coop_case.id", index=True)
    seq: int | None = None  # of the fact: of the act, of its preparation, of the annulment
    service_id: int | None = Field(default=None, foreign_key="service.id", index=True)
