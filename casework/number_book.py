"""The number books: every number given, in order; a cancelled one keeps its line."""

from typing import Any

from sqlalchemy import Connection, select

from casework.letter_queue import JOINED, scope
from casework.people import Actor
from models.tables import book_entries, case_rows, letter_rows


def book(
    connection: Connection, person: Actor, *, year: int, issuer: str = "", series: str = "", limit: int | None = None
) -> list[dict[str, Any]]:
    """The lines of the number book that a person may see, in order; a cancelled number keeps its line."""
    columns = book_entries.c
    found = (
        select(
            columns.issuer, columns.series, columns.year, columns.number, columns.issued_on, columns.cancelled_at,
            columns.cancelled_by, columns.cancel_reason, letter_rows.c.id, letter_rows.c.symbol,
            letter_rows.c.template, letter_rows.c.status, letter_rows.c.data, case_rows.c.ref, case_rows.c.unit_name,
        )
        .select_from(book_entries.join(JOINED, letter_rows.c.id == columns.letter_id))
        .where(columns.year == year, *scope(person))
        .order_by(columns.issuer, columns.series, columns.number)
    )  # fmt: skip
    if issuer:
        found = found.where(columns.issuer == issuer)
    if series:
        found = found.where(columns.series == series)
    return [dict(row) for row in connection.execute(found.limit(limit)).mappings()]


def books_of(connection: Connection, person: Actor) -> list[tuple[str, int]]:
    """(issuer, year) of every book that a person may see."""
    found = (
        select(book_entries.c.issuer, book_entries.c.year)
        .select_from(book_entries.join(JOINED, letter_rows.c.id == book_entries.c.letter_id))
        .where(*scope(person))
        .distinct()
    )
    return [(issuer, year) for issuer, year in connection.execute(found).tuples()]
