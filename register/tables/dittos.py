"""Cells that say "as above": nt, như trên, -//-, a quotation mark."""

import re
from dataclasses import dataclass, field

from models.folding import fold
from register.cells.taken import Taken
from register.workbook import Cell, Row

# What neighbouring units may have in common. A name, a number or a sum repeated is more likely a slip.
SHARED = frozenset(
    ("district", "commune", "address", "certificate_issuer", "certificate_on", "founded_on", "last_meeting_on",
     "stopped_on", "sector", "kind", "grade", "status", "reregistered", "notes")
)  # fmt: skip
SIGNS = re.compile(r"""[\s\-–—.,]*(?:["“”″〃]|''|’’|´´|//|,,)[\s\-–—.,"“”″〃'’´/]*""")
WORDS = frozenset(("nt", "n t", "nhu tren", "nhu hang tren", "nhu dong tren", "nhu o tren", "giong tren", "cung tren"))
LONGEST = 20
FIRST = frozenset("nNgGcC -–—.,\"“”″〃'’´/\t\n\u00a0")  # a quick look, since every cell of a long file is asked


def is_ditto(cell: Cell) -> bool:
    """Whether the cell repeats the one above it."""
    if not isinstance(cell, str) or len(cell) > LONGEST or cell[:1] not in FIRST:
        return False
    return bool(SIGNS.fullmatch(cell)) or fold(cell) in WORDS


@dataclass
class Above:
    """The latest unit of a table: its row, and by column what cells say `instead` that are merged or say "as above"."""

    row: Row = ()
    instead: dict[int, Cell] = field(default_factory=dict)

    def is_now(self, row: Row, instead: dict[int, Cell]) -> None:
        """Record a unit that was read as the row above the next one."""
        self.row, self.instead = row, instead

    def forget(self) -> None:
        """Forget the row above, after a heading."""
        self.is_now((), {})

    def repeated(self, at: int, name: str) -> Taken[Cell]:
        """What a cell of column `at` repeats that says "as above".

        Doubts: `ditto`; `ditto_unclear`, with a blank, where the row above is blank there or the field `name` is not
        one that units share.
        """
        above = self.instead[at] if at in self.instead else self.row[at] if at < len(self.row) else ""
        return Taken("", "ditto_unclear") if name not in SHARED or above == "" else Taken(above, "ditto")
