"""Where a letter's text is cut so that its last two lines go with the signature."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from letters.tree import Block, Table

LINE = 75  # characters of the body on one line, about
LONG_ROW = 20  # lines; such a row may break over pages, a shorter one stays whole
MILLIMETRES, CHARACTER = 160, 2.2  # of the text's width, and of a character of a table


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table: `open` goes on after them, `continued` began before them."""

    table: Table
    open: bool = False
    continued: bool = False


Item = Block | Table | Part


def parted(body: Sequence[Block | Table]) -> tuple[list[Item], list[Item]]:
    """The body, and what of it must stand on the page of the signature: two lines or rows at least."""
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
    """Whether a row of a table is so high that it may break over pages."""
    rooms = [MILLIMETRES * width / sum(widths) / CHARACTER for width in widths]
    return max(len(cell) / room for cell, room in zip(row, rooms, strict=True)) > LONG_ROW


def _is_one_line(item: Block | Table) -> bool:
    return isinstance(item, Block) and len(item.label) + len(item.text) < LINE
