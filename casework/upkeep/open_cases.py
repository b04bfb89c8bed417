"""Cases by the thousand: their rows with their facts, batch by batch."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from casework.ledger import view
from models.tables import case_rows, facts
from models.tracking import Track, silent
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import CaseRow
from procedures.facts import FactView

BATCH = 500
_FACT = (
    facts.c.case_id, facts.c.seq, facts.c.kind, facts.c.occurred_on, facts.c.recorded_at, facts.c.by, facts.c.role,
    facts.c.data, facts.c.evidence, facts.c.annuls,
)  # fmt: skip
CaseFacts = tuple[CaseRow, list[FactView]]


def open_cases(
    connection: Connection, district: str | None = None, having: ColumnElement[bool] | None = None
) -> Iterator[CaseFacts]:
    """The row and the facts of every open case, of one district or of all, in the order of their references."""
    of_district = true() if district is None else case_rows.c.district_code == district
    chosen = true() if having is None else having
    for batch in batches(connection, and_(case_rows.c.closed_on.is_(None), of_district, chosen)):
        yield from batch


def open_elsewhere(
    connection: Connection, pin: str, refs: Collection[str] = (), *, track: Track = silent
) -> Iterator[list[CaseFacts]]:
    """Batches of the open cases pinned to another version, of these references or all."""
    return batches(connection, _elsewhere(pin, refs), track=track)


def heads_elsewhere(connection: Connection, pin: str, refs: Collection[str] = ()) -> dict[int, tuple[str, str]]:
    """The reference and the head of the same cases, by their ids: a case whose head is the same was not changed."""
    columns = case_rows.c
    found = select(columns.id, columns.ref, columns.head).where(_elsewhere(pin, refs)).order_by(columns.ref)
    return {case_id: (ref, head) for case_id, ref, head in connection.execute(found).tuples()}


def count_elsewhere(connection: Connection, pin: str) -> int:
    """How many open cases are pinned to another version."""
    return connection.scalar(select(func.count()).select_from(case_rows).where(_elsewhere(pin))) or 0


def _elsewhere(pin: str, refs: Collection[str] = ()) -> ColumnElement[bool]:
    chosen = case_rows.c.ref.in_(refs) if refs else true()
    return and_(case_rows.c.closed_on.is_(None), case_rows.c.procedure != pin, chosen)


def cases_of(connection: Connection, ids: Sequence[int]) -> Iterator[CaseFacts]:
    """The row and the facts of these cases."""
    for start in range(0, len(ids), BATCH):
        yield from _batch(connection, ids[start : start + BATCH], true())


def closed_cases(connection: Connection) -> Iterator[CaseFacts]:
    """The row and the facts of every closed case."""
    for batch in batches(connection, case_rows.c.closed_on.is_not(None)):
        yield from batch


def batches(
    connection: Connection, condition: ColumnElement[bool], *, track: Track = silent
) -> Iterator[list[CaseFacts]]:
    """Two queries a batch, whatever its size; `track` sees the batches."""
    ids = connection.scalars(select(case_rows.c.id).where(condition).order_by(case_rows.c.ref)).all()
    starts = range(0, len(ids), BATCH)
    for start in track(starts, len(starts)):
        yield _batch(connection, ids[start : start + BATCH], condition)


def _batch(connection: Connection, ids: Sequence[int], condition: ColumnElement[bool]) -> list[CaseFacts]:
    found = select(case_rows).where(case_rows.c.id.in_(ids), condition).order_by(case_rows.c.ref)
    rows = all_rows(CaseRow, connection.execute(found))
    of_these = select(*_FACT).where(facts.c.case_id.in_(ids)).order_by(facts.c.case_id, facts.c.seq)
    listed = connection.execute(of_these).all()
    by_case = {case_id: [view(row) for row in own] for case_id, own in groupby(listed, key=lambda row: row.case_id)}
    return [(row, by_case.get(row["id"], [])) for row in rows]
