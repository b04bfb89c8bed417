"""A page of a long list, read from the end of the list that is nearer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

Order = Sequence[tuple[ColumnElement[Any], bool]]
"""What to order by, each with whether it descends; no two rows may have the same values."""


@dataclass(frozen=True, slots=True)
class Span:
    """Rows to read: `limit` after `offset`, in the order of the list or, where `backwards`, in the opposite one."""

    limit: int
    offset: int
    backwards: bool = False

    def ordered(self, order: Order) -> tuple[ColumnElement[Any], ...]:
        return tuple(column.desc() if down != self.backwards else column.asc() for column, down in order)


def span_of(limit: int, offset: int, total: int) -> Span:
    """The rows of a page of a list of `total` rows: those before the middle are counted from the other end.

    A database reads every row before a page to find the page; the last one is then as near as the first.
    """
    after = total - offset - limit
    if after >= offset:
        return Span(limit, offset)
    return Span(max(min(limit, total - offset), 0), max(after, 0), backwards=True)
