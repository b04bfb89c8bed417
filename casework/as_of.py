"""The point in time a case is read at: now, as of a day, or as it was known on a day (a bitemporal query)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from models.clock import HANOI
from procedures.facts import FactView


class PinnedCase(TypedDict):
    procedure: str  # name@version


@dataclass(frozen=True, slots=True)
class AsOf:
    """A point in two times: `as_of` limits when facts happened, `known_on` when they were recorded. None: no limit.

    `AsOf(as_of=d)` is day d as it is known now; `AsOf(known_on=d)` is what a reader saw at the end of day d.
    """

    as_of: date | None = None
    known_on: date | None = None

    @property
    def is_now(self) -> bool:
        return self.as_of is None and self.known_on is None

    @property
    def known_before(self) -> datetime | None:
        """Midnight (Hà Nội time) after `known_on`: only what was recorded earlier counts. None: everything counts."""
        if self.known_on is None or self.known_on == date.max:
            return None
        return datetime.combine(self.known_on + timedelta(days=1), time(), HANOI)

    def day(self, today: date) -> date:
        """The day to count days and set lights by: `as_of`, else `known_on`, else `today`."""
        return self.as_of or self.known_on or today

    def kept(self, facts: Sequence[FactView]) -> list[FactView]:
        """The facts visible at this point; empty when the opening of the case is not among them.

        An annulment always counts for `as_of`: a fact known to be annulled did not happen.
        """
        limit = self.known_before
        kept = [
            fact
            for fact in facts
            if (self.as_of is None or fact.annuls is not None or fact.occurred_on <= self.as_of)
            and (limit is None or fact.recorded_at is None or fact.recorded_at < limit)
        ]
        return kept if any(fact.kind == "opened" for fact in kept) else []


NOW = AsOf()


def pin_of(row: PinnedCase, facts: Sequence[FactView], kept: Sequence[FactView]) -> str:
    """The pinned version a case had: the one before its first migration that is not in `kept`, else the current one."""
    seen = {fact.seq for fact in kept}
    moved = next((fact for fact in facts if fact.kind == "migrated" and fact.seq not in seen), None)
    return str(moved.data["from"] if moved else row["procedure"])
