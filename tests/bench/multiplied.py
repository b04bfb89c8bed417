"""Four cases lived part of their way, each over and over again under other references."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from casework.evidence_store import keep
from casework.ledger import case_row
from models.clock import FrozenClock
from models.tables import case_rows
from samples.paths import PATHS
from tests.acting import apply_in
from tests.web.web_office import Office, login_of

WAYS = ("consolidated", "dissolved_voluntary", "dissolved_compulsory", "reregistered")
BEFORE_ITS_END = 3  # steps that a case has still before it


def multiplied(connection: Connection, office: Office, cases: int, tables: Sequence[Table]) -> None:
    """The four cases of the office become so many; `tables` are copied with them."""
    refs = (office.first, office.second, office.elsewhere, office.city)
    for place, (ref, way) in enumerate(zip(refs, WAYS, strict=True)):
        _live(connection, ref, way)
        _multiply(connection, ref, cases // len(refs) - 1, 10_000 * (place + 1), tables)


def _live(connection: Connection, ref: str, way: str) -> None:
    row, day = case_row(connection, ref), date(2015, 3, 2)
    office = row["district_code"] if row["level"] == "district" else None
    for step in PATHS[way][:-BEFORE_ITS_END]:
        day += timedelta(days=step.after)
        by, clock = login_of(step.role, office), FrozenClock.on(day)
        proof = [keep(connection, row["id"], b"x", "x.txt", by=by, now=clock.now())] if step.proof else []
        apply_in(connection, ref, step.verb, by=by, clock=clock, data=step.fields(day), evidence=proof)


def _multiply(connection: Connection, ref: str, times: int, first: int, tables: Sequence[Table]) -> None:
    row = dict(connection.execute(select(case_rows).where(case_rows.c.ref == ref)).mappings().one())
    own = row.pop("id")
    rows = [row | {"ref": f"HP-2015-{first + place}"} for place in range(times)]
    made = connection.execute(insert(case_rows).returning(case_rows.c.id), rows).scalars().all()
    for table in tables:
        connection.execute(insert(table), list(_copies(connection, table, own, made)))


def _copies(connection: Connection, table: Table, own: int, made: Any) -> Iterator[dict[str, Any]]:
    found = [dict(row) for row in connection.execute(select(table).where(table.c.case_id == own)).mappings()]
    for number in made:
        for row in found:
            yield {name: value for name, value in row.items() if name != "id"} | {"case_id": number}
