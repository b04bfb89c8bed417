"""Other cases on which a person may do the very same act: several at one meeting, one notice for a whole commune."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from casework.ledger import LoadedCase, load_cases
from casework.office.people import Actor
from models.errors import NotFound
from models.tables import case_rows
from procedures.facts import Doer
from procedures.state_machine.engine import available, why_not

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


def acts_open_in(cases: Collection[LoadedCase], doer: Doer, lang: str) -> list[tuple[str, str, int]]:
    """The acts that a person may do in some of the cases, each with its label and in how many, the commonest first.

    Those that ask for a table of their own for each case are left out.
    """
    counts, labels = Counter[str](), dict[str, str]()
    for case in cases:
        for choice in available(case.procedure, case.state, doer):
            if choice.allowed and choice.here and choice.fits_a_line:
                counts[choice.verb] += 1
                labels.setdefault(choice.verb, choice.label[lang])
    return [(verb, labels[verb], count) for verb, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
