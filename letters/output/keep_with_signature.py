"""Splits the text of a letter so that its last two lines are on the page of the signature."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from letters.tree import Block, Table

LINE = 75  # characters of the body per line, approximately
LONG_ROW = 20  # lines; only rows at least this high may break over pages
MILLIMETRES, CHARACTER = 160, 2.2  # width of the text and of a character of a table, in mm


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table. `open`: continued by another part; `continued`: preceded by one."""

    table: Table
    open: bool = False
    continued: bool = False


Item = Block | Table | Part


def parted(body: Sequence[Block | Table]) -> tuple[list[Item], list[Item]]:
    """Return the body and its end that must be on the page of the signature: at least two lines or rows."""
    place = len(body) - 1
    if place > 0 and _is_one_line(body[place]):
        place -= 1
    first, rest = body[place], list[Item](body[place + 1 :])
    before = list[Item](body[:place])
    if not isinstance(first, Table):
        return before, [first, *rest]
    kept = 1 if rest else 2
    widths = first.widths or (1,) * len(first.header)
    if any(is_long(row, widths) for row in first.rows[-kept:]):
        return [*before, first], rest
    if len(first.rows) <= kept:
        return before, [first, *rest]
    head = Part(replace(first, rows=first.rows[:-kept]), open=True)
    return [*before, head], [Part(replace(first, rows=first.rows[-kept:]), continued=True), *rest]


def is_long(row: Sequence[str], widths: Sequence[int]) -> bool:
    """Whether a row of a table is high enough to break over pages; `widths` in per cent."""
    rooms = [MILLIMETRES * width / sum(widths) / CHARACTER for width in widths]
    return max(len(cell) / room for cell, room in zip(row, rooms, strict=True)) > LONG_ROW


def _is_one_line(item: Block | Table) -> bool:
    return isinstance(item, Block) and len(item.label) + len(item.text) < LINE
