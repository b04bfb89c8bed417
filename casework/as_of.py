"""From where in time a case is looked at: now, as of a day, or as it was known on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from models.clock import HANOI
from procedures.facts import FactView


class PinnedCase(TypedDict):
    procedure: str  # name@version


@dataclass(frozen=True, slots=True)
class Sight:
    """`as_of`: what had happened by then, as we know it now; `known_on`: what had been recorded by that day's end."""

    as_of: date | None = None
    known_on: date | None = None

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_on is None

    @property
    def known_before(self) -> datetime | None:
        """The instant before which facts, rulings and closing days were known; none when all count."""
        if self.known_on is None or self.known_on == date.max:
            return None
        return datetime.combine(self.known_on + timedelta(days=1), time(), HANOI)

    def day(self, today: date) -> date:
        """The day by which lights are given and days are counted."""
        return self.as_of or self.known_on or today

    def kept(self, facts: Sequence[FactView]) -> list[FactView]:
        """The facts that are seen from here: none before the case was opened, whatever is dated earlier.

        What we know to be annulled had not happened then either.
        """
        limit = self.known_before
        kept = [
            fact
            for fact in facts
            if (self.as_of is None or fact.annuls is not None or fact.occurred_on <= self.as_of)
            and (limit is None or fact.recorded_at is None or fact.recorded_at < limit)
        ]
        return kept if any(fact.kind == "opened" for fact in kept) else []


NOW = Sight()


def pin_of(row: PinnedCase, facts: Sequence[FactView], kept: Sequence[FactView]) -> str:
    """The version of the procedure that a case stood under: that before the first move out of sight."""
    seen = {fact.seq for fact in kept}
    moved = next((fact for fact in facts if fact.kind == "migrated" and fact.seq not in seen), None)
    return str(moved.data["from"] if moved else row["procedure"])
