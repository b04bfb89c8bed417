"""Kinds of units: at which level each is registered, from which day to which, as the procedure says it."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from pydantic import Field, TypeAdapter

from models.yaml_text import read_yaml
from procedures.parts import Labelled, Part

BEFORE_VERSION_5 = "kinds_before_version_5.yaml"


class Registration(Part):
    """The level of the body that registers a kind, from a day to a day (both included; None: no limit)."""

    level: str
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    article: str

    def covers(self, on: date) -> bool:
        return (self.from_ or date.min) <= on <= (self.to or date.max)


class UnitKindRule(Labelled):
    """A kind of unit: its registrations, the earlier first."""

    registered: tuple[Registration, ...] = Field(min_length=1)

    def level_on(self, on: date) -> str:
        """The level at which it is registered on a day; of a day that no row covers, that of the latest row."""
        return next((row.level for row in self.registered if row.covers(on)), self.registered[-1].level)

    def gaps(self) -> Iterator[Registration]:
        """Rows that do not begin on the day after the row before them, or that no day can fall in."""
        for before, row in zip((None, *self.registered), self.registered, strict=False):
            day_before = row.from_ and row.from_ - timedelta(days=1)
            joined = row.from_ is None if before is None else before.to is not None and before.to == day_before
            if not joined or (row.to is not None and row.to < (row.from_ or date.min)):
                yield row


@cache
def kinds_before_version_5() -> Mapping[str, UnitKindRule]:
    """The kinds of procedure texts that have no section for them."""
    text = files("procedures").joinpath(BEFORE_VERSION_5).read_text(encoding="utf-8")
    return TypeAdapter(dict[str, UnitKindRule]).validate_python(read_yaml(text))
