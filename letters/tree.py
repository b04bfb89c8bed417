"""The document tree of a letter: its content without layout; input of all output formats."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

BlockKind = Literal["paragraph", "article", "clause", "point", "heading", "item", "basis", "decider", "decides"]
CENTRED: tuple[BlockKind, ...] = ("decider", "decides", "heading")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text of one style."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the body; `label`: its number (Điều 1., 1., a))."""

    kind: BlockKind
    runs: tuple[Run, ...]
    label: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def titled(self) -> bool:
        """Whether it begins with a title, so that its number is bold (Circular 01/2011 art. 11)."""
        return self.kind == "article" or (self.kind == "clause" and self.runs[0].bold)

    @property
    def leads(self) -> bool:
        """Whether it is only a title, which must not be last on a page."""
        return self.kind in ("article", "clause") and all(run.bold for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that may break over pages; `widths` in per cent, `right`: right-aligned columns."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    right: frozenset[int] = frozenset()

    @property
    def counted(self) -> bool:
        """Whether the first column only numbers the rows, and so is centred."""
        firsts = [row[0] for row in self.rows]
        return (
            bool(firsts)
            and all(text.isdecimal() for text in firsts)
            and firsts == [str(int(firsts[0]) + place) for place in range(len(firsts))]
        )


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix of a letter on separately numbered pages."""

    title: str
    body: tuple[Block | Table, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A required field of the letter without a value."""

    name: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unverified:
    """A citation of confidence `recalled`, which does not print until a person has checked it."""

    key: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter; cells are numbered as in Circular 01/2011, the standard is that of its day."""

    template: str
    standard: str  # tt01-2011 | nd30-2020
    on: date
    type_code: str  # abbreviation of the type; empty for a công văn
    symbol: str  # text after the number: QĐ-UBND
    series: str
    parent: str  # cell 2, upper line
    issuer: str  # cell 2, lower line
    place: str  # cell 4
    type_name: str  # cell 5a; empty for a công văn
    summary: str  # cell 5a or 5b
    addressees: tuple[str, ...]  # cell 9a
    body: tuple[Block | Table, ...]  # cell 6
    authority: tuple[str, ...]  # cell 7a
    signer: str  # cell 7b
    recipients: tuple[str, ...]  # cell 9b
    second_signer: tuple[str, str] | None = None  # minutes: (capacity, name) on the left
    missing: tuple[Missing, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    cited: Mapping[str, str] = field(default_factory=dict)  # every printed citation, by key
    appendices: tuple[Appendix, ...] = ()
    author: str = ""  # the issuer in running text: Ủy ban nhân dân huyện …
    secrecy: str = ""  # cell 10a
    urgency: str = ""  # cell 10b
    circulation: str = ""  # cell 11
    co_signers: tuple[tuple[str, str], ...] = ()  # minutes: further (capacity, name), under the first two
    counts_its_day: bool = False  # it prints the last day of a clock counted from its own day
    form: bool = False  # a form for another party: issued without the mark of a draft
    trial: bool = False  # of a trial office: every page says so

    @property
    def beside_each_other(self) -> tuple[tuple[str, str] | None, ...]:
        """The further signers from left to right, row by row; None in the place of the recipients."""
        if not self.co_signers:
            return ()
        *pairs, last = self.co_signers
        return (*self.co_signers, None) if len(pairs) % 2 else (*pairs, None, last)
