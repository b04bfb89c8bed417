"""Deadlines met in a period, by kind, and how many of them in time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, case, func, select

from models.tables import case_rows, deadlines

KINDS = ("legal", "programme", "target")  # not `period`: a term of another party


@dataclass(frozen=True, slots=True)
class Met:
    """Deadlines of one kind that were met: all, and those in time."""

    kind: str
    met: int
    in_time: int


def met_in(connection: Connection, first: date, last: date, *, district: str | None = None) -> list[Met]:
    """Return met deadlines by kind, from `first` to `last`, both inclusive; kinds without any are omitted."""
    columns = deadlines.c
    in_time: Any = func.sum(case((columns.ended_on <= columns.ends_on, 1), else_=0))
    found = select(columns.kind, func.count(), in_time).where(
        columns.status == "met", columns.ended_on.between(first, last), columns.ends_on.is_not(None)
    )
    if district:
        found = found.where(columns.case_id.in_(select(case_rows.c.id).where(case_rows.c.district_code == district)))
    rows = {kind: Met(kind, *counts) for kind, *counts in connection.execute(found.group_by(columns.kind)).tuples()}
    return [rows[kind] for kind in KINDS if kind in rows]
