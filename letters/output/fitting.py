"""Chooses the text size of a letter: smaller, within its standard, where it then fits on one page."""

from functools import lru_cache

from letters.output.fonts import widths
from letters.output.layouts import Layout, layout_of
from letters.tree import CENTRED, Block, Letter, Table

POINTS = 72 / 25.4
LINE, BETWEEN = 1.212, 6  # line height per text size; points between paragraphs, as in letter.typ
SPARE = 40  # tolerance of the estimate in points
SQUEEZED = 1.035  # factor of characters on a justified line
SIGNED = 26 * POINTS  # space for the signature
UNKNOWN = 0.55


def sizes(letter: Letter) -> tuple[int, ...]:
    """Return the text sizes to try, in points, in order: the first with which the letter fits on one page is used, else
    the last. A single size where the estimate is certain.
    """
    look = layout_of(letter.standard)
    usual, least = look.body, look.body_least
    room = (297 - look.margins.top - look.margins.bottom) * POINTS
    over, still_over = height(letter, look, usual) - room, height(letter, look, least) - room
    if over < -SPARE or still_over > SPARE:
        return (usual,)
    if over > SPARE / 2:
        return (least, usual)
    return (usual, least, usual)


def height(letter: Letter, look: Layout, size: int) -> float:
    """Return the estimated height of the letter on an endless page, in points."""
    width = (210 - look.margins.left - look.margins.right) * POINTS
    text = sum(_item(item, look, size, width) for item in letter.body)
    return _head(letter, look, size, width) + text + _foot(letter, look, size, width)


def lines(text: str, size: float, width: float, indent: float = 0) -> int:
    """Return the estimated number of lines of a text; `width` and `indent` in points."""
    room, count, used = width * SQUEEZED / size, 1, indent / size
    space, fresh = _long(" "), True
    for word in text.split():
        used += _long(word)
        if used > room and not fresh:
            count, used = count + 1, _long(word)
        used, fresh = used + space, False
    return count


@lru_cache(maxsize=10_000)
def _long(word: str) -> float:
    """The width of a word per text size."""
    have = widths()
    return sum(have.get(letter, UNKNOWN) for letter in word)


def _item(item: Block | Table, look: Layout, size: int, width: float) -> float:
    if isinstance(item, Table):
        return _table(item, look.table, width)
    if item.kind in CENTRED:
        return 0.662 * size + 27 - 0.55 * size - 6
    count = lines(f"{item.label} {item.text}", size, width, 10 * POINTS)
    return count * LINE * size + BETWEEN


def _table(table: Table, size: int, width: float) -> float:
    shares = table.widths or (1,) * len(table.header)
    rooms = [width * share / sum(shares) - 8 for share in shares]
    rows = [table.header, *table.rows]
    counts = (max(lines(cell, size, room) for cell, room in zip(row, rooms, strict=True)) for row in rows)
    return sum(count * 1.112 * size - 0.45 * size + 8 for count in counts) + BETWEEN


def _head(letter: Letter, look: Layout, size: int, width: float) -> float:
    own = len(letter.parent.splitlines()) + len(letter.issuer.splitlines())
    above = 40 + 14 * max(0, own - 2)
    if letter.type_name:
        above += 65 + 17 * (lines(letter.summary, look.summary * 1.06, width * 0.84) - 1)
    else:
        above += 14 * lines(letter.summary, look.summary_plain, width * 0.38)
    if letter.addressees:
        above += 36 + (len(letter.addressees) - 1) * 17
    return above


def _foot(letter: Letter, look: Layout, size: int, width: float) -> float:
    received = sum(lines(f"- {name}", look.recipients, width * 0.48) for name in letter.recipients) + 1
    left = received * 13.0
    right = len(letter.authority) * 14 + SIGNED + size
    left += (SIGNED + 40) * (bool(letter.second_signer) + len(letter.co_signers) // 2)
    return 14 + max(left, right + (SIGNED + 40) * ((len(letter.co_signers) + 1) // 2))
