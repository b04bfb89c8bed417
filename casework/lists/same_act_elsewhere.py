"""Other cases on which a person may do the very same act: several at one meeting, one notice for a whole commune."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from casework.ledger import load_cases
from casework.office.people import Actor
from models.errors import NotFound
from models.tables import case_rows
from procedures.state_machine.engine import why_not

MOST = 100  # cases in one act


@dataclass(frozen=True, slots=True)
class OtherCase:
    """A case on which the same act may be done."""

    id: int
    ref: str
    unit_name: str


def others_for(connection: Connection, row: Mapping[str, Any], verb: str, person: Actor) -> list[OtherCase]:
    """Open cases of the office in the same state that allow the act too; of a case officer, only the officer's own."""
    columns = case_rows.c
    found = select(columns.id, columns.ref, columns.unit_name).where(
        columns.closed_on.is_(None), columns.state == row["state"], columns.procedure == row["procedure"],
        columns.level == row["level"], columns.district_code == row["district_code"], columns.id != row["id"],
    )  # fmt: skip
    if person.role == "case_officer":
        found = found.where(columns.officer_id == person.id)
    listed = connection.execute(found.order_by(columns.due_on, columns.ref).limit(MOST)).tuples()
    rows = [OtherCase(number, ref, unit_name) for number, ref, unit_name in listed]
    try:
        loaded = load_cases(connection, [item.id for item in rows]) if rows else {}
    except NotFound:  # the text of their version is gone
        return []
    doer = person.doer()
    free = {number for number, case in loaded.items() if why_not(case.procedure, case.state, verb, doer) is None}
    return [item for item in rows if item.id in free]
