"""A corrected calendar: what its newest edition moves in this office, and adopting it, as a closing day is adopted.

While the product ships a newer edition than the office adopted, deadlines are still derived by the office's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.office.people import Actor, actor
from models.clock import Clock
from models.errors import Refused
from models.tables import calendar_adoptions, officers
from procedures.legal_time.calendar import Calendar, DayOff, load_calendars
from procedures.legal_time.calendar_editions import editions, newest_edition
from rule_changes.moved_deadlines import Moved
from rule_changes.recalculation import CITY, Moves, Scopes, rederived
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
    scopes: Scopes = CITY if district is None else [("office", district)]
    found = _moves(connection, newest, days, scopes, today).found(connection)
    return Waiting(newest, own, editions()[newest].changes, days, tuple(found))


def _moves(connection: Connection, newest: int, days: Sequence[OtherDay], scopes: Scopes, today: date) -> Moves:
    first = min((item.on for item in days), default=today)
    return Moves(connection, OfficeCalendars(connection, edition=newest).of, first, scopes, today)


def adopt_edition(bind: Engine, *, by: str, clock: Clock, seen: str | None = None) -> list[Moved]:
    """Adopt the newest edition for the whole city and derive every open deadline by it, beside other people's work.

    `seen` is the digest of the preview: other moves than those seen are refused. Raises Conflict then; Refused.
    """
    newest = newest_edition()

    def own(connection: Connection) -> int:
        if not may_adopt_edition(actor(connection, by)):
            raise Refused("edition_not_yours")
        if (edition := office_edition(connection)) >= newest:
            raise Refused("edition_adopted_already", edition=edition)
        return edition

    def compared(connection: Connection) -> Moves:
        return _moves(connection, newest, differing_days(own(connection), newest), CITY, clock.today())

    def record(connection: Connection, now: datetime) -> None:
        own(connection)
        record_edition(connection, newest, by, now)

    return rederived(bind, clock, seen, compared, record)


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
