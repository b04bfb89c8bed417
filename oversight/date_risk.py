"""What heads learn of a fixed date besides its forecast: cases past their last day by law, the last days ahead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from procedures.schema import Words


@dataclass(frozen=True, slots=True)
class LastAct:
    """The last useful day of an act for `cases` cases that still have it ahead."""

    on: date
    act: Words
    cases: int


@dataclass(frozen=True, slots=True)
class DateRisk:
    """Of the `read` cases of an office that are bound to a fixed date: `past` can no longer rely on making it by law.

    `ahead`: the next last days, from today on.
    """

    read: int
    past: int
    ahead: tuple[LastAct, ...]


RiskReader = Callable[[Connection, date], Mapping[tuple[str, str | None], DateRisk]]
"""By fixed date and district (None: all of them); who writes messages is given it by who sees the cases."""
