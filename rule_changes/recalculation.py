"""Open deadlines derived again by other calendars: which ends change, and writing them with their calendar.

Finding the new ends takes a while and holds nobody up; what was worked out is kept, so while nobody else writes only
deadlines that were changed meanwhile are worked out.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    Connection,
    Engine,
    Row,
    Select,
    String,
    Text,
    and_,
    case,
    cast,
    column,
    false,
    or_,
    select,
    update,
    values,
)

from models.clock import Clock
from models.tables import case_rows, deadlines, districts
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import end_of_sum
from rule_changes.beside_others import changed_beside_others
from rule_changes.moved_deadlines import (
    Moved,
    StagedEnds,
    enqueue_corrections,
    moved,
    refresh_cases,
    require_seen,
    with_news,
)
from rulebook.office_calendar import OfficeCalendars, office_of

Scopes = Sequence[tuple[str, str | None]]  # (layer, district): whose cases a change of the calendar is for
CITY: Scopes = (("city", None),)
_CITY = ""  # in place of the code of a district


class Moves:
    """The open deadlines whose end changes.

    Args:
        changed: the calendars of a district code (None: the city's) after the change.
        first: the first day that the change affects.
    """

    def __init__(
        self,
        connection: Connection,
        changed: Callable[[str | None], Calendars],
        first: date,
        scopes: Scopes,
        today: date,
    ) -> None:
        self.scopes, self._today, self._asked = scopes, today, _open_deadlines(first, scopes)
        self._offices = {code: changed(code) for code in (None, *connection.scalars(select(districts.c.code)))}
        self._known: dict[tuple[Any, ...], Moved | None] = {}  # by the row it is made from; None: the end is the same

    def found(self, connection: Connection) -> list[Moved]:
        """In the order of the cases, with what was announced of each when it was first found."""
        rows = connection.execute(self._asked).all()
        keys = [tuple(row) for row in rows]
        self._know(connection, {key: row for key, row in zip(keys, rows, strict=True) if key not in self._known})
        return [item for key in keys if (item := self._known[key]) is not None]

    def _know(self, connection: Connection, rows: Mapping[tuple[Any, ...], Row[Any]]) -> None:
        self._known |= dict.fromkeys(rows)
        after = {key: end_of_sum(json.loads(row.sum), self._calendars(row)) for key, row in rows.items()}
        shifted = [key for key, row in rows.items() if after[key] != row.ends_on]
        found = with_news(connection, [moved(rows[key], after[key], self._today) for key in shifted])
        self._known |= zip(shifted, found, strict=True)

    def _calendars(self, row: Row[Any]) -> Calendars:
        return self._offices[office_of({"district_code": row.district_code, "level": row.level})]


def rederived(
    bind: Engine,
    clock: Clock,
    seen: str | None,
    compared: Callable[[Connection], Moves],
    record: Callable[[Connection, datetime], None],
) -> list[Moved]:
    """Change the calendars by `record` and derive every open deadline again, beside other people's work.

    `compared` gives the moves; both check that the change is allowed. Raises what they raise, and Conflict where the
    moves are not those of the digest `seen`: nothing was changed.
    """

    def make(connection: Connection) -> tuple[Moves, StagedEnds]:
        moves = compared(connection)
        found = moves.found(connection)
        require_seen(found, seen)
        return moves, StagedEnds(connection, found)

    def write(connection: Connection, made: tuple[Moves, StagedEnds]) -> list[Moved]:
        moves, ready = made
        found, now = moves.found(connection), clock.now()
        require_seen(found, seen)
        record(connection, now)
        _write_moves(connection, ready.of(found), moves.scopes)
        enqueue_corrections(connection, found, "calendar", now)
        return found

    return changed_beside_others(bind, clock, make, write)


def _write_moves(connection: Connection, new: StagedEnds, scopes: Scopes) -> None:
    """Write the new ends, and the current calendar version on every open deadline of the scopes, each row once."""
    ends, columns, offices = new.ends, deadlines.c, _versions_of_offices(connection)
    office = case((case_rows.c.level == "district", case_rows.c.district_code), else_=_CITY)
    changed = (
        select(
            columns.id, offices.c.version,
            case((ends.c.id.is_not(None), ends.c.ends_on), else_=columns.ends_on).label("ends_on"),
        )
        .join(case_rows, case_rows.c.id == columns.case_id)
        .join(offices, offices.c.office == office)
        .outerjoin(ends, ends.c.id == columns.id)
        .where(columns.status == "open", _in_scope(scopes))
        .subquery("made")
    )  # fmt: skip
    own = update(deadlines).where(columns.id == changed.c.id)
    connection.execute(own.values(ends_on=changed.c.ends_on, calendar=changed.c.version))
    refresh_cases(connection, ends)


def _open_deadlines(first: date, scopes: Scopes) -> Select[Any]:
    """Those a change can affect: ending on or after `first`, counted backwards over it, or suspended (no end)."""
    columns = deadlines.c
    touched = or_(columns.ends_on >= first, columns.starts_on >= first, columns.ends_on.is_(None))
    return (
        select(
            columns.id, columns.case_id, columns.key, columns.kind, columns.ends_on,
            cast(columns.sum, Text).label("sum"), case_rows.c.ref, case_rows.c.unit_name, case_rows.c.procedure,
            case_rows.c.district_code, case_rows.c.level,
        )
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.status == "open", touched, _in_scope(scopes))
        .order_by(case_rows.c.ref, columns.key)
    )  # fmt: skip


def _in_scope(scopes: Scopes) -> Any:
    """The cases carried by the offices that the change is for."""
    if any(layer == "city" for layer, _ in scopes):
        return case_rows.c.id.is_not(None)
    own = [and_(case_rows.c.district_code == code, case_rows.c.level == "district") for _, code in scopes]
    return or_(false(), *own)


def _versions_of_offices(connection: Connection) -> CTE:
    """The version of the calendar that each office uses, by the code of its district; the city's by `_CITY`."""
    calendars, codes = OfficeCalendars(connection), connection.scalars(select(districts.c.code))
    found = [(_CITY, calendars.of(None).version), *((code, calendars.of(code).version) for code in codes)]
    return values(column("office", String), column("version", String), name="listed").data(found).cte("offices")
