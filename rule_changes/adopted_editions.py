"""A corrected calendar: what its newest edition moves in this office, and adopting it, as a closing day is adopted.

While the product ships a newer edition than the office adopted, deadlines are still derived by the office's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.office.people import Actor, actor
from models.clock import Clock
from models.database import writing
from models.errors import Refused
from models.tables import calendar_adoptions, officers
from procedures.legal_time.calendar import Calendar, DayOff, load_calendars
from procedures.legal_time.calendar_editions import editions, newest_edition
from rule_changes.moved_deadlines import Moved, require_seen
from rule_changes.recalculation import CITY, Scopes, moves_under, write_moves
from rulebook.office_calendar import OfficeCalendars
from rulebook.office_edition import office_edition, record_edition


@dataclass(frozen=True, slots=True)
class OtherDay:
    """A day on which two editions differ: why it is off or worked by each; None for a plain working day or weekend."""

    on: date
    before: DayOff | None
    after: DayOff | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The newest edition, not adopted yet: the days that differ from the office's own, and the deadlines it moves."""

    edition: int
    from_edition: int
    changes: Mapping[str, str]
    days: tuple[OtherDay, ...]
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Adopted:
    """A calendar edition that the office adopted. `by` is empty when the edition came with the product."""

    edition: int
    by: str
    at: datetime
    changes: Mapping[str, str]


def waiting_edition(connection: Connection, today: date, district: str | None = None) -> Waiting | None:
    """The newest edition with the open deadlines that it would move, of all offices or of one district's.

    None when the newest edition is adopted.
    """
    own, newest = office_edition(connection), newest_edition()
    if newest <= own:
        return None
    days = tuple(differing_days(own, newest))
    changed = OfficeCalendars(connection, edition=newest).of
    first = min((item.on for item in days), default=today)
    scopes: Scopes = CITY if district is None else [("office", district)]
    found = moves_under(connection, changed, first, scopes, today)
    return Waiting(newest, own, editions()[newest].changes, days, tuple(found))


def adopt_edition(bind: Engine, *, by: str, clock: Clock, seen: str | None = None) -> list[Moved]:
    """Adopt the newest edition for the whole city and derive every open deadline by it, in one transaction.

    `seen` is the digest of the preview: other moves than those seen are refused. Raises Conflict then; Refused.
    """
    with writing(bind, rules=True) as connection:
        if not may_adopt_edition(actor(connection, by)):
            raise Refused("edition_not_yours")
        waiting = waiting_edition(connection, clock.today())
        if waiting is None:
            raise Refused("edition_adopted_already", edition=office_edition(connection))
        found, now = list(waiting.moved), clock.now()
        require_seen(found, seen)
        record_edition(connection, waiting.edition, by, now)
        write_moves(connection, found, CITY, now)
        return found


def may_adopt_edition(person: Actor) -> bool:
    """The heads and the administrator of the city: the days off of the country are the same in every office."""
    return person.role in ("manager", "leader", "admin") and person.district is None


def adopted_editions(connection: Connection) -> list[Adopted]:
    """The editions that the office adopted, newest first."""
    columns = calendar_adoptions.c
    found = (
        select(columns.edition, columns.adopted_by, columns.adopted_at, officers.c.name)
        .outerjoin(officers, officers.c.login == columns.adopted_by)
        .order_by(columns.id.desc())
    )
    return [_adopted(dict(row)) for row in connection.execute(found).mappings()]


def _adopted(row: Mapping[str, Any]) -> Adopted:
    known = editions().get(row["edition"])
    name = row["name"] or row["adopted_by"]
    return Adopted(row["edition"], name, row["adopted_at"], known.changes if known else {"vi": "", "en": ""})


def differing_days(own: int, other: int) -> list[OtherDay]:
    """The days, in order, that are working in one edition and off in the other, in either of their two calendars."""
    pairs = [(getattr(load_calendars(edition=own), name), getattr(load_calendars(edition=other), name)) for name in
             ("agency", "general")]  # fmt: skip
    days = sorted({day for before, after in pairs for day in before.marked.keys() | after.marked.keys()})
    agencies, general = pairs
    return [
        OtherDay(day, agencies[0].marked.get(day), agencies[1].marked.get(day))
        for day in days
        if _differs(day, *agencies) or _differs(day, *general)
    ]


def _differs(day: date, before: Calendar, after: Calendar) -> bool:
    return before.is_working(day) != after.is_working(day)
