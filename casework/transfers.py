"""A case that was transferred to another registry: the receiving office gets a case of its own for the unit."""

from sqlalchemy import Connection, select, update

from casework.dossier.documents import documents_of
from casework.dossier.notes import copy_notes
from casework.evidence_store import share
from casework.ledger import case_row
from casework.opening import open_case
from models.clock import Clock
from models.tables import case_rows, units
from models.typed_rows import one_row
from models.typed_rows.case_shapes import CaseRow, RegisterRow
from procedures.facts import CLOCK
from rulebook.versions import procedure_of


def open_at_receiver(connection: Connection, case_id: int, office: str, clock: Clock) -> str | None:
    """Open the case at the office (city, or a district's code); returns its reference, None where another is open.

    The unit is from then on registered with that district; its commune there is not known yet.
    """
    case = one_row(CaseRow, connection.execute(select(case_rows).where(case_rows.c.id == case_id)))
    unit = one_row(
        RegisterRow, connection.execute(select(units).where(units.c.id == case["unit_id"]).with_for_update())
    )
    others = select(case_rows.c.id).where(case_rows.c.unit_id == unit["id"], case_rows.c.id != case_id)
    if connection.scalar(others.where(case_rows.c.closed_on.is_(None)).limit(1)) is not None:
        return None
    procedure = procedure_of(connection, case["procedure"])
    if office != procedure.top_level:
        unit["district_code"] = office
        moved = update(units).where(units.c.id == unit["id"])
        connection.execute(moved.values(district_code=office, commune_code=None))
    level = procedure.top_level if office == procedure.top_level else procedure.lower_level
    ref = open_case(
        connection, unit, by=CLOCK, role=CLOCK, clock=clock, on=clock.today(), level=level, origin=case["ref"]
    )
    _hand_over_dossier(connection, case_id, case_row(connection, ref)["id"])
    return ref


def _hand_over_dossier(connection: Connection, source: int, target: int) -> None:
    """The documents and notes of the case that was transferred go with it; instructions were of the former office."""
    share(connection, source, [row["sha256"] for row in documents_of(connection, source, struck=False)], [target])
    copy_notes(connection, source, target)
