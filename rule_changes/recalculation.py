"""Open deadlines derived again by other calendars: which ends change, and writing them with their calendar."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, false, or_, select, update

from models.tables import case_rows, deadlines, districts
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import end_of_sum
from rule_changes.moved_deadlines import Moved, enqueue_corrections, moved, with_news, write_ends
from rulebook.office_calendar import OfficeCalendars, office_of

Scopes = Sequence[tuple[str, str | None]]  # (layer, district): whose cases a change of the calendar is for
CITY: Scopes = (("city", None),)


def moves_under(
    connection: Connection, changed: Callable[[str | None], Calendars], first: date, scopes: Scopes, today: date
) -> list[Moved]:
    """The open deadlines whose end changes. `changed` returns the calendars of a district code (None: the city's).

    In the order of the cases, with what was announced of each. `first` is the first day that the change affects.
    """
    offices: dict[str | None, Calendars] = {
        code: changed(code) for code in (None, *connection.scalars(select(districts.c.code)))
    }
    found = []
    for row in _open_deadlines(connection, first, scopes):
        after = end_of_sum(row["sum"], offices[office_of(row)])
        if after != row["ends_on"]:
            found.append(moved(row, after, today))
    return with_news(connection, found)


def write_moves(connection: Connection, found: Sequence[Moved], scopes: Scopes, now: datetime) -> None:
    """Write the new ends, and the current calendar version on every open deadline of the scopes.

    Corrections of the announced old dates are enqueued.
    """
    write_ends(connection, found)
    for version, offices in _offices_by_version(connection).items():
        own = select(case_rows.c.id).where(or_(*offices), _in_scope(scopes))
        own_open = update(deadlines).where(deadlines.c.status == "open", deadlines.c.case_id.in_(own))
        connection.execute(own_open.values(calendar=version))
    enqueue_corrections(connection, found, "calendar", now)


def _open_deadlines(connection: Connection, first: date, scopes: Scopes) -> Iterable[Any]:
    """Those a change can affect: ending on or after `first`, counted backwards over it, or suspended (no end)."""
    columns = deadlines.c
    touched = or_(columns.ends_on >= first, columns.starts_on >= first, columns.ends_on.is_(None))
    found = (
        select(
            columns.id, columns.case_id, columns.key, columns.kind, columns.ends_on, columns.sum,
            case_rows.c.ref, case_rows.c.unit_name, case_rows.c.procedure, case_rows.c.district_code,
            case_rows.c.level,
        )
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.status == "open", touched, _in_scope(scopes))
        .order_by(case_rows.c.ref, columns.key)
    )  # fmt: skip
    return connection.execute(found).mappings()


def _in_scope(scopes: Scopes) -> Any:
    """The cases carried by the offices that the change is for."""
    if any(layer == "city" for layer, _ in scopes):
        return case_rows.c.id.is_not(None)
    own = [and_(case_rows.c.district_code == code, case_rows.c.level == "district") for _, code in scopes]
    return or_(false(), *own)


def _offices_by_version(connection: Connection) -> Mapping[str, list[Any]]:
    """Conditions on cases, by the version of the calendar that their offices use."""
    calendars = OfficeCalendars(connection)
    found = {calendars.of(None).version: [case_rows.c.level == "city"]}
    for code in connection.scalars(select(districts.c.code)):
        own = and_(case_rows.c.district_code == code, case_rows.c.level == "district")
        found.setdefault(calendars.of(code).version, []).append(own)
    return found
