"""The little markup of a letter's body, read after the values stand in it: what people typed stays text.

Lines: `@article`, `@clause`, `@point`, `@item`, `@heading`, `@table a:30 | b:70>`, `| x | y |`, or a plain paragraph.
`**bold**` and `*italic*` are seen outside values only; a value is wrapped in two private characters when it is printed.
"""

import re
from collections.abc import Iterator

from letters.tree import Block, Run, Table

OPEN, CLOSE = "\ue000", "\ue001"
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LITERAL = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_STYLED = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*", re.DOTALL)
_POINTS = "abcdđeghiklmnopqrstuvxy"
_MARKED = ("article", "clause", "point", "item", "heading")


def literal(value: object) -> str:
    """A value as text that the markup will not read: hidden and private characters gone, one line."""
    text = _HIDDEN.sub("", _PRIVATE.sub("", str(value)))
    return f"{OPEN}{' '.join(text.split())}{CLOSE}"


def blocks(text: str) -> tuple[Block | Table, ...]:
    """The body as typed blocks, articles, clauses and points counted."""
    return tuple(_Reader(text).read())


def runs(text: str) -> tuple[Run, ...]:
    """A line as runs of style; values are never styled by what stands in them."""
    values: list[str] = []

    def keep(found: re.Match[str]) -> str:
        values.append(found[1])
        return f"{OPEN}{len(values) - 1}{CLOSE}"

    held = _LITERAL.sub(keep, text)
    found: list[Run] = []
    place = 0
    for match in _STYLED.finditer(held):
        found += _run(held[place : match.start()], values)
        found += _run(match[1] or match[2], values, bold=match[1] is not None, italic=match[2] is not None)
        place = match.end()
    return tuple(found + _run(held[place:], values)) or (Run(""),)


def plain_text(text: str) -> str:
    """A line without markup."""
    return "".join(run.text for run in runs(text))


def _run(text: str, values: list[str], *, bold: bool = False, italic: bool = False) -> list[Run]:
    filled = _LITERAL.sub(lambda found: values[int(found[1])], text)
    return [Run(filled, bold, italic)] if filled else []


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = [line.strip() for line in text.splitlines()]
        self.article = self.clause = self.point = 0

    def read(self) -> Iterator[Block | Table]:
        place = 0
        while place < len(self.lines):
            line = self.lines[place]
            place += 1
            if line.startswith("@table"):
                end = place
                while end < len(self.lines) and self.lines[end].startswith("|"):
                    end += 1
                yield _table(line, self.lines[place:end])
                place = end
            elif line:
                yield self._block(line)

    def _block(self, line: str) -> Block:
        word, _, rest = line.partition(" ")
        kind = word[1:] if word.startswith("@") else ""
        if kind not in _MARKED:
            return Block("paragraph", runs(line))
        return Block(kind, runs(rest), self._label(kind))  # type: ignore[arg-type]

    def _label(self, kind: str) -> str:
        if kind == "article":
            self.article, self.clause, self.point = self.article + 1, 0, 0
            return f"Điều {self.article}."
        if kind == "clause":
            self.clause, self.point = self.clause + 1, 0
            return f"{self.clause}."
        if kind == "point":
            self.point += 1
            return f"{_POINTS[(self.point - 1) % len(_POINTS)]})"
        return "-" if kind == "item" else ""


def _table(head: str, lines: list[str]) -> Table:
    """`@table Tên:40 | Số tiền:30>`: headings with widths in per cent; `>` sets a column flush right."""
    names, widths, right = [], [], set()
    for place, cell in enumerate(head.removeprefix("@table").split("|")):
        name, _, width = cell.strip().rpartition(":")
        if width.endswith(">"):
            right.add(place)
        names.append(plain_text(name))
        widths.append(int(width.rstrip("> ")))
    rows = [tuple(plain_text(cell.strip()) for cell in _cells(line)) for line in lines]
    return Table(tuple(names), tuple(rows), tuple(widths), frozenset(right))


def _cells(line: str) -> list[str]:
    """The cells of a row; a bar inside a value does not divide."""
    values: list[str] = []

    def keep(found: re.Match[str]) -> str:
        values.append(found[0])
        return f"{OPEN}{len(values) - 1}{CLOSE}"

    held = _LITERAL.sub(keep, line).strip().strip("|")
    return [_LITERAL.sub(lambda found: values[int(found[1])], cell) for cell in held.split("|")]
