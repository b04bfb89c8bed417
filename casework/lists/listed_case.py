"""A line of a list of cases: its columns, who carries it, and its light."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from models.tables import case_rows, officers
from oversight.lights import CutOffs, Dates, Light


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A line of a list: the columns of a case by their names, who carries it, and its light."""

    id: int
    ref: str
    unit_id: int
    unit_name: str
    district_code: str
    level: str
    procedure: str
    stage: str
    state: str
    outcome: str | None
    opened_on: date
    closed_on: date | None
    target_on: date | None
    legal_on: date | None
    due_on: date | None
    overlays: Sequence[str]
    obstacles: Sequence[str]
    seq: int
    officer: str | None  # the sign-in name of who carries it
    officer_name: str | None
    light: Light

    @property
    def office(self) -> str | None:
        """The district whose office carries the case; None: the city's."""
        return self.district_code if self.level == "district" else None


_OF_OFFICER = {"officer": officers.c.login, "officer_name": officers.c.name}
COLUMNS = tuple(
    _OF_OFFICER[item.name].label(item.name) if item.name in _OF_OFFICER else case_rows.c[item.name]
    for item in fields(ListedCase)
    if item.name != "light"
)
_LEGAL, _TARGET, _CLOSED = (
    [item.name for item in fields(ListedCase)].index(name) for name in ("legal_on", "target_on", "closed_on")
)


def listed(row: Sequence[Any], cuts: CutOffs) -> ListedCase:
    """The line of a row with COLUMNS."""
    every: tuple[Any, ...] = (*row, cuts.light(Dates(row[_LEGAL], row[_TARGET], row[_CLOSED])))
    return ListedCase(*every)
