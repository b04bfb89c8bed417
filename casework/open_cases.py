"""Open cases by the thousand: their rows with their facts, in two queries."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, select, true

from casework.ledger import view
from models.tables import case_rows, facts
from procedures.facts import FactView


def open_cases(connection: Connection, district: str | None = None) -> Iterator[tuple[dict[str, Any], list[FactView]]]:
    """The row and the facts of every open case, of one district or of all, in the order of their references."""
    of_district = true() if district is None else case_rows.c.district_code == district
    wanted = and_(case_rows.c.closed_on.is_(None), of_district)
    rows = connection.execute(select(case_rows).where(wanted).order_by(case_rows.c.ref)).mappings().all()
    listed = connection.execute(
        select(facts)
        .join(case_rows, case_rows.c.id == facts.c.case_id)
        .where(wanted)
        .order_by(facts.c.case_id, facts.c.seq)
    ).all()
    by_case = {case_id: [view(row) for row in own] for case_id, own in groupby(listed, key=lambda row: row.case_id)}
    for row in rows:
        yield dict(row), by_case.get(row["id"], [])
