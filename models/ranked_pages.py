"""A page of a list in the order of one column's few values, each of which has a place: their counts say in which values
the page lies, and only rows of these are ordered."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_

from models.from_end import Order, span_of


def ids_by_place(
    connection: Connection,
    found: Select[Any],
    column: ColumnElement[Any],
    places: Mapping[Any, Any],
    within: Order,
    *,
    down: bool,
    limit: int,
    offset: int,
) -> list[int]:
    """The ids of a page. `found`: selects the ids of the whole list, unordered.

    `places`: of the values of `column`; rows with another value, or none, come last both ways. `within`: the order of
    rows whose values have the same place.
    """
    counted = found.with_only_columns(column, func.count()).group_by(column)
    counts: dict[Any, int] = dict(connection.execute(counted).tuples().all())
    ranked = sorted((value for value in counts if value in places), key=places.__getitem__, reverse=down)
    parts = [(column == value, counts[value]) for value in ranked]
    if rest := sum(count for value, count in counts.items() if value not in places):
        parts.append((or_(column.is_(None), column.not_in(ranked)), rest))
    ids: list[int] = []
    before = 0
    for where, size in parts:
        skip = max(offset - before, 0)
        before += size
        if skip < size and len(ids) < limit:
            span = span_of(limit - len(ids), skip, size)
            page = found.where(where).order_by(*span.ordered(within)).limit(span.limit).offset(span.offset)
            own = connection.scalars(page).all()
            ids += reversed(own) if span.backwards else own
    return ids
