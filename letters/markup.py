"""The markup of a letter's body, parsed after its values were inserted; typed values are never parsed as markup.

Lines: `@article`, `@clause`, `@point`, `@item`, `@heading`, `@table a:30 | b:70>`, `| x | y |`, `@appendix Title`,
`@annex 12 Title` before a table (an appendix when it has more than 12 rows), or a plain paragraph. `**bold**` and
`*italic*` work outside values only: a value is wrapped in two private-use characters, a third one encodes its line
breaks.
"""

import re
from collections.abc import Iterator, Sequence

from letters.numbering import appendix_label
from letters.tree import Appendix, Block, Run, Table

OPEN, CLOSE, BREAK = "\ue000", "\ue001", "\ue002"
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LITERAL = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_STYLED = re.compile(r"\*\*(.+?)\*\*|\*(.+?)\*", re.DOTALL)
_POINTS = "abcdđeghiklmnopqrstuvxy"
_MARKED = ("article", "clause", "point", "item", "heading")


class MarkupError(ValueError):
    """A line of a template has invalid markup; the message quotes it."""


def literal(value: object) -> str:
    """Return a value wrapped so that it is not parsed as markup; hidden and private-use characters are removed."""
    text = _HIDDEN.sub("", _PRIVATE.sub("", str(value)))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return f"{OPEN}{BREAK.join(filter(None, lines))}{CLOSE}"


def read_body(text: str) -> tuple[tuple[Block | Table, ...], tuple[Appendix, ...]]:
    """Return the body with numbered articles, clauses and points, and the appendices. Raises MarkupError."""
    first, *others = _sections(text.splitlines())
    reader = _Reader(first[1])
    body = list(reader.read())
    appendices = [
        *(Appendix(title, (table,)) for title, table in reader.moved),
        *(Appendix(plain_text(head), tuple(_Reader(lines).read())) for head, lines in others),
    ]
    for place, at in enumerate(reader.moved_from, start=1):
        label = appendix_label(place, len(appendices))
        body[at] = Block("paragraph", (Run(f"(Chi tiết tại {label} kèm theo.)"),))
    return tuple(body), tuple(appendices)


def _sections(lines: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The lines before the first `@appendix` (empty title), then those of each appendix with its title."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in map(str.strip, lines):
        if line.startswith("@appendix"):
            found.append((line.removeprefix("@appendix").strip(), []))
        else:
            found[-1][1].append(line)
    return found


def runs(text: str) -> tuple[Run, ...]:
    """Return a line as styled runs; asterisks inside values are plain text."""
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
    """Return a line without markup."""
    return "".join(run.text for run in runs(text)).replace(BREAK, " ")


def _run(text: str, values: list[str], *, bold: bool = False, italic: bool = False) -> list[Run]:
    filled = _LITERAL.sub(lambda found: values[int(found[1])], text)
    return [Run(filled, bold, italic)] if filled else []


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.article = self.clause = self.point = 0
        self.annex = ""  # the `@annex` line before the next table
        self.moved: list[tuple[str, Table]] = []  # tables moved to appendices, with their titles
        self.moved_from: list[int] = []

    def read(self) -> Iterator[Block | Table]:
        place = read = 0
        while place < len(self.lines):
            line = self.lines[place]
            place += 1
            if line.startswith("@annex"):
                self.annex = line.removeprefix("@annex").strip()
            elif line.startswith("@table"):
                end = place
                while end < len(self.lines) and self.lines[end].startswith("|"):
                    end += 1
                yield self._placed(_table(line, self.lines[place:end]), read)
                place, read = end, read + 1
            elif line:
                for block in self._blocks(line):
                    yield block
                    read += 1

    def _placed(self, table: Table, at: int) -> Table:
        """The table; after `@annex 12 Title` one of more than 12 rows is moved to an appendix."""
        most, _, title = self.annex.partition(" ")
        if most and not most.isdecimal():
            raise MarkupError(f"@annex needs a number of rows and a title, not {self.annex[:40]}")
        if most and len(table.rows) > int(most):
            self.moved.append((plain_text(title), table))
            self.moved_from.append(at)
        self.annex = ""
        return table

    def _blocks(self, line: str) -> Iterator[Block]:
        """A line as a block; further lines of a multi-line value are separate paragraphs."""
        word, _, rest = line.partition(" ")
        if line.startswith("|") or (line.startswith("@") and word[1:] not in _MARKED):
            raise MarkupError(f"unknown line {plain_text(line)[:60]}")
        kind = word[1:] if line.startswith("@") else "paragraph"
        first, *further = _lines_of(runs(rest if line.startswith("@") else line))
        yield Block(kind, first, self._label(kind))  # type: ignore[arg-type]
        yield from (Block("paragraph", each) for each in further)

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


def _lines_of(listed: Sequence[Run]) -> list[tuple[Run, ...]]:
    """Runs split at the line breaks of typed values."""
    found: list[list[Run]] = [[]]
    for run in listed:
        for place, text in enumerate(run.text.split(BREAK)):
            if place:
                found.append([])
            if text or not found[-1]:
                found[-1].append(Run(text, run.bold, run.italic))
    return [tuple(each) for each in found]


def _table(head: str, lines: Sequence[str]) -> Table:
    """A table from `@table Tên:40 | Số tiền:30>`: headings with widths in per cent; `>`: right-aligned column."""
    names, widths, right = [], [], set()
    for place, cell in enumerate(head.removeprefix("@table").split("|")):
        name, _, width = cell.strip().rpartition(":")
        if width.endswith(">"):
            right.add(place)
        names.append(plain_text(name))
        widths.append(int(width.rstrip("> ")))
    rows = [tuple(plain_text(cell.strip()) for cell in _cells(line)) for line in lines]
    if any(len(row) != len(names) for row in rows):
        raise MarkupError(f"a row has not {len(names)} cells under {plain_text(head)[:60]}")
    return Table(tuple(names), tuple(rows), tuple(widths), frozenset(right))


def _cells(line: str) -> list[str]:
    """The cells of a row; a bar inside a value is no separator."""
    values: list[str] = []

    def keep(found: re.Match[str]) -> str:
        values.append(found[0])
        return f"{OPEN}{len(values) - 1}{CLOSE}"

    held = _LITERAL.sub(keep, line).strip().strip("|")
    return [_LITERAL.sub(lambda found: values[int(found[1])], cell) for cell in held.split("|")]
