"""Cells that say "as above": nt, như trên, -//-, a quotation mark."""

import re
from dataclasses import dataclass, field

from register.cells.taken import Taken
from register.names import fold
from register.workbook import Cell

# What neighbouring units may have in common. A name, a number or a sum repeated is more likely a slip.
SHARED = frozenset(
    ("district", "commune", "address", "certificate_issuer", "certificate_on", "founded_on", "last_meeting_on",
     "stopped_on", "sector", "kind", "grade", "status", "reregistered", "notes")
)  # fmt: skip
SIGNS = re.compile(r"""[\s\-–—.,]*(?:["“”″〃]|''|’’|´´|//|,,)[\s\-–—.,"“”″〃'’´/]*""")
WORDS = frozenset(("nt", "n t", "nhu tren", "nhu hang tren", "nhu dong tren", "nhu o tren", "giong tren", "cung tren"))


def is_ditto(cell: Cell) -> bool:
    """Whether the cell repeats the one above it."""
    if not isinstance(cell, str) or not cell or len(cell) > 20:
        return False
    return bool(SIGNS.fullmatch(cell)) or fold(cell) in WORDS


@dataclass
class Above:
    """The cells of the latest unit of a table, by column."""

    cells: dict[int, Cell] = field(default_factory=dict)
    latest: dict[int, Cell] = field(default_factory=dict)

    def next_row(self) -> None:
        """Make the row just read the row above."""
        self.cells, self.latest = self.latest, {}

    def forget(self) -> None:
        """Forget the row above, after a heading or another header."""
        self.cells, self.latest = {}, {}

    def resolve(self, at: int, name: str, cell: Cell) -> Taken[Cell]:
        """The cell itself, or for "as above" the cell of the row above in column `at`.

        Doubts, for "as above" only: `ditto`; `ditto_unclear`, without a value, where the row above is blank there or
        the field `name` is not one that units share.
        """
        if not is_ditto(cell):
            self.latest[at] = cell
            return Taken(cell)
        above = self.cells.get(at, "")
        if name not in SHARED or above == "":
            return Taken(None, "ditto_unclear")
        self.latest[at] = above
        return Taken(above, "ditto")
