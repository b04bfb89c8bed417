"""Whether the papers are all there: files as their hashes say, books without gaps, numbers as the letters bear them."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import Connection, Select, select

from audit_log.faults import Fault
from casework.evidence_store import is_whole
from correspondence.letter_files import read_bytes
from models.errors import NotFound
from models.tables import book_entries, books, case_rows, evidence, letter_rows, signed_versions

INCOMING = "incoming"


def verify_papers(connection: Connection, ref: str | None = None) -> Iterator[Fault]:
    """Every fault found in the papers of one case, or of all with the number books."""
    yield from _letter_files(connection, ref)
    yield from _evidence_files(connection, ref)
    if ref is None:
        yield from book_faults(connection)


def _letter_files(connection: Connection, ref: str | None) -> Iterator[Fault]:
    """The records of letters that have a number, and what was signed."""
    columns = letter_rows.c
    records = select(columns.id, columns.pdf_sha.label("sha"), case_rows.c.ref).where(columns.number.is_not(None))
    signed = select(columns.id, signed_versions.c.sha256.label("sha"), case_rows.c.ref).join_from(
        signed_versions, letter_rows, letter_rows.c.id == signed_versions.c.letter_id
    )
    for found in (records, signed):
        joined = found.join(case_rows, case_rows.c.id == columns.case_id)
        for row in connection.execute(_of(joined, ref).order_by(columns.id)).all():
            try:
                read_bytes(row.sha)
            except NotFound:
                yield Fault(row.ref, "fault_letter_file", {"letter": row.id, "sha": row.sha[:12]})


def _evidence_files(connection: Connection, ref: str | None) -> Iterator[Fault]:
    columns = evidence.c
    found = select(columns.sha256, columns.name, case_rows.c.ref).join(case_rows, case_rows.c.id == columns.case_id)
    for row in connection.execute(_of(found, ref).order_by(columns.id)).all():
        if not is_whole(row.sha256):
            yield Fault(row.ref, "fault_evidence_file", {"name": row.name, "sha": row.sha256[:12]})


def book_faults(connection: Connection) -> Iterator[Fault]:
    """Numbers given here run from the book's start to its counter without a gap; letters bear the numbers it says."""
    columns = book_entries.c
    lines = connection.execute(
        select(
            columns.issuer,
            columns.series,
            columns.year,
            columns.number,
            letter_rows.c.id,
            letter_rows.c.number,
            columns.on_paper,
        )
        .join(letter_rows, letter_rows.c.id == columns.letter_id)
        .order_by(columns.issuer, columns.series, columns.year, columns.number)
    ).all()
    held = connection.execute(select(books).where(books.c.series != INCOMING)).all()
    last = {tuple(row[:3]): (row.start, row.last) for row in held}
    for key, listed in groupby(lines, key=lambda row: tuple(row[:3])):
        given = list(listed)
        book = {"book": f"{key[0]} {key[1]} {key[2]}"}
        start, end = last.get(key, (1, 0))
        if _has_gap([(row[3], row[6]) for row in given], start, end):
            yield Fault("", "fault_book_gap", book | {"count": len(given), "last": end})
        for row in given:
            if row[5] != row[3]:
                yield Fault("", "fault_book_letter", book | {"number": row[3], "letter": row[4]})


def _has_gap(given: Sequence[tuple[int, bool]], start: int, end: int) -> bool:
    """Whether a number is missing that was given here; between numbers of a book on paper, gaps are right."""
    bounds = [(start - 1, False), *given]
    gaps = any(
        number - before > 1 and not (on_paper or was_on_paper)
        for (before, was_on_paper), (number, on_paper) in pairwise(bounds)
    )
    return gaps or given[-1][0] != end


def _of(found: Select[Any], ref: str | None) -> Select[Any]:
    return found if ref is None else found.where(case_rows.c.ref == ref)
