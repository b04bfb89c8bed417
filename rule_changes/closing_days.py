"""Closing days of the city or an office: preview, adoption and revocation; deadlines are derived again with each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, or_, select

from casework.office.people import Actor, actor
from models.clock import Clock
from models.database import reading
from models.errors import NotFound, Refused, WrongInput
from models.tables import closings, districts, officers
from procedures.legal_time.calendar import Calendars, Closing, load_calendars
from procedures.state_machine.field_values import clean_text
from rule_changes.moved_deadlines import Moved
from rule_changes.recalculation import CITY, Moves, Scopes, rederived
from rulebook.office_calendar import OfficeCalendars, adopted_closings
from rulebook.office_edition import office_edition


@dataclass(frozen=True, slots=True)
class NewClosing:
    """A closing day about to be adopted; no district: the whole city's."""

    on: date
    layer: str
    district: str | None
    reason: str
    decision: str


ActiveClosings = Sequence[tuple[str, str | None, Closing]]  # (layer, district, day) of the closing days not revoked


def preview(connection: Connection, proposed: Sequence[NewClosing], today: date) -> list[Moved]:
    """Every open deadline that the closing days move, in the order of the cases; nothing is changed.

    Raises WrongInput: an unknown district, or a day on which that office is closed anyway.
    """
    return _moves(connection, proposed, today).found(connection)


def _moves(connection: Connection, proposed: Sequence[NewClosing], today: date) -> Moves:
    _check_districts(connection, proposed)
    _check_worked(connection, proposed)
    more = [(item.layer, item.district, Closing(item.on, item.layer, item.reason, item.decision)) for item in proposed]
    changed = _changed(connection, [*_active_closings(connection), *more])
    first = min((item.on for item in proposed), default=today)
    return Moves(connection, changed, first, _scopes(proposed), today)


def adopt(
    bind: Engine, proposed: Sequence[NewClosing], *, by: str, clock: Clock, seen: str | None = None
) -> list[Moved]:
    """Adopt the closing days and re-derive every open deadline beside other people's work. A head's act of the office.

    `seen` is the digest of the preview: Conflict where other moves result now. Raises Refused, WrongInput.
    """
    places = [item.district for item in proposed]

    def compared(connection: Connection) -> Moves:
        _require_right(actor(connection, by), places)
        return _moves(connection, proposed, clock.today())

    def record(connection: Connection, now: datetime) -> None:
        _require_right(actor(connection, by), places)
        connection.execute(closings.insert(), [_row(item, by, now) for item in proposed])

    return rederived(bind, clock, seen, compared, record)


def preview_revocation(connection: Connection, closing_id: int, today: date) -> list[Moved]:
    """Every open deadline that moves when a closing day is revoked; nothing is changed.

    Raises NotFound, Refused.
    """
    return _moves_back(connection, active_closing(connection, closing_id), today).found(connection)


def _moves_back(connection: Connection, row: Mapping[str, Any], today: date) -> Moves:
    changed = _changed(connection, _active_closings(connection, but=row["id"]))
    return Moves(connection, changed, row["on"], [(row["layer"], row["district_code"])], today)


def revoke_closing(
    bind: Engine, closing_id: int, reason: str, *, by: str, clock: Clock, seen: str | None = None
) -> list[Moved]:
    """Revoke a closing day by a further record with its reason, and derive every open deadline again.

    Raises NotFound, Refused, WrongInput, Conflict: other moves than those seen.
    """
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})

    def revocable(connection: Connection) -> Mapping[str, Any]:
        person, row = actor(connection, by), active_closing(connection, closing_id)
        if person.district is not None and row["district_code"] not in (None, person.district):
            raise NotFound("no_such_closing", closing=closing_id)
        _require_right(person, [row["district_code"]])
        return row

    def record(connection: Connection, now: datetime) -> None:
        row = revocable(connection)
        revoked = NewClosing(row["on"], row["layer"], row["district_code"], text, "")
        connection.execute(closings.insert().values(_row(revoked, by, now) | {"takes_back": closing_id}))

    def compared(connection: Connection) -> Moves:
        return _moves_back(connection, revocable(connection), clock.today())

    return rederived(bind, clock, seen, compared, record)


def active_closing(connection: Connection, closing_id: int) -> dict[str, Any]:
    """A closing day that counts. Raises NotFound, Refused when it was revoked."""
    row = connection.execute(select(closings).where(closings.c.id == closing_id)).mappings().first()
    if row is None or row["takes_back"] is not None:
        raise NotFound("no_such_closing", closing=closing_id)
    if connection.scalar(select(closings.c.id).where(closings.c.takes_back == closing_id)) is not None:
        raise Refused("closing_taken_back", on=row["on"].strftime("%d/%m/%Y"))
    return dict(row)


def listed(connection: Connection, office: str | None = None, *, everywhere: bool = True) -> list[dict[str, Any]]:
    """Closing days, newest first, each with who adopted it and, where revoked, by whom and why.

    `office` is a district code (None: the city). `everywhere`: of all offices, else of it and the city.
    """
    back = closings.alias("back")
    names = {row.login: row.name for row in connection.execute(select(officers.c.login, officers.c.name))}
    found = (
        select(
            closings, back.c.reason.label("back_reason"), back.c.adopted_by.label("back_by"),
            back.c.adopted_at.label("back_at"),
        )
        .outerjoin(back, back.c.takes_back == closings.c.id)
        .where(closings.c.takes_back.is_(None))
        .order_by(closings.c.on.desc(), closings.c.id.desc())
    )  # fmt: skip
    if not everywhere:
        found = found.where(or_(closings.c.layer == "city", closings.c.district_code == office))
    return [
        {
            **row,
            "adopter": names.get(row["adopted_by"], row["adopted_by"]),
            "taker": names.get(row["back_by"], row["back_by"]),
        }
        for row in connection.execute(found).mappings()
    ]


def may_adopt(person: Actor, district: str | None = None) -> bool:
    """The heads and the administrator: of the city for all of it, of a district for its own office."""
    return person.role in ("manager", "leader", "admin") and person.district in (None, district)


def preview_now(bind: Engine, proposed: Sequence[NewClosing], today: date) -> list[Moved]:
    """`preview` on a connection of its own."""
    with reading(bind) as connection:
        return preview(connection, proposed, today)


def compare(connection: Connection, version: str, year: int, today: date) -> list[Moved]:
    """Every open deadline that another schedule of a year would move, such as its draft; nothing is changed."""
    changed = _changed(connection, _active_closings(connection), version, year)
    return Moves(connection, changed, date(year - 1, 12, 1), CITY, today).found(connection)


def _require_right(person: Actor, places: Iterable[str | None]) -> None:
    if not all(may_adopt(person, place) for place in places):
        raise Refused("closing_not_yours")


def _check_districts(connection: Connection, proposed: Sequence[NewClosing]) -> None:
    known = set(connection.scalars(select(districts.c.code)))
    for item in proposed:
        if item.district is not None and item.district not in known:
            raise WrongInput("district", "not_an_option", value=item.district, options=", ".join(sorted(known)))


def _check_worked(connection: Connection, proposed: Sequence[NewClosing]) -> None:
    """Raises WrongInput when a day is off already: the decision would have no effect."""
    calendars = OfficeCalendars(connection)
    for item in proposed:
        off = calendars.of(item.district).agency.day_off(item.on)
        if off is not None:
            raise WrongInput("on", "closed_already", day=item.on.strftime("%d/%m/%Y"), off={"vi": off.vi, "en": off.en})


def _scopes(proposed: Sequence[NewClosing]) -> Scopes:
    return [(item.layer, item.district) for item in proposed]


def _active_closings(connection: Connection, but: int | None = None) -> ActiveClosings:
    return [
        (row["layer"], row["district_code"], Closing(row["on"], row["layer"], row["reason"], row["decision"]))
        for row in connection.execute(adopted_closings()).mappings()
        if row["id"] != but
    ]


def _changed(
    connection: Connection, rows: ActiveClosings, version: str | None = None, year: int | None = None
) -> Callable[[str | None], Calendars]:
    """Each office's calendars as they would be with these closing days, or with another schedule of a year."""
    edition = office_edition(connection)

    def of(code: str | None) -> Calendars:
        own = tuple(day for layer, place, day in rows if layer == "city" or (place == code and code))
        return load_calendars(version, own, year, edition)

    return of


def _row(item: NewClosing, by: str, now: datetime) -> dict[str, Any]:
    district = None if item.layer == "city" else item.district
    return {
        "on": item.on, "layer": item.layer, "district_code": district, "reason": item.reason,
        "decision": item.decision, "adopted_by": by, "adopted_at": now,
    }  # fmt: skip
