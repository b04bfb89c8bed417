"""Absences: who is away from when to when, and the substitute; entered by the person or by a head of the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Connection, delete, select

from casework.office.office_journal import note
from casework.office.people import Actor
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import absences, officers
from models.typed_rows import all_rows, first_row
from procedures.state_machine.field_values import clean_text, parse_day

ACTS = ("absent", "absence_dropped")  # as the journal of the office calls them
HEADS = frozenset({"manager", "leader", "admin"})
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class AbsenceEntry:
    """An absence as it was typed."""

    from_on: str
    to_on: str
    substitute: str
    reason: str = ""


class Away(TypedDict):
    """Whose absence it is."""

    id: int
    login: str
    name: str
    role: str
    district_code: str | None


class AbsenceRow(TypedDict):
    """An absence with the name of the substitute."""

    id: int
    officer_id: int
    substitute_id: int
    from_on: date
    to_on: date
    reason: str
    substitute: str


def away_person(connection: Connection, login: str, by: Actor) -> Away:
    """The active person whose absence a colleague asks to see or enter. Raises NotFound, as for an unknown one."""
    columns = officers.c
    found = select(columns.id, columns.login, columns.name, columns.role, columns.district_code)
    row = first_row(Away, connection.execute(found.where(columns.login == login, columns.active)))
    if row is None or not may_enter(row, by):
        raise NotFound("no_such_officer", login=login)
    return row


def may_enter(away: Away, by: Actor) -> bool:
    """The person, or a head of the person's office; the city's administrator for every office."""
    if away["login"] == by.login:
        return True
    own = by.role in HEADS and by.district == away["district_code"]
    return own or (by.role == "admin" and by.district is None)


def colleagues(connection: Connection, away: Away) -> dict[str, tuple[int, str]]:
    """Possible substitutes, by login with id and name: people of the same office and the same role."""
    home, columns = officers.c.district_code, officers.c
    at_home = home.is_(None) if away["district_code"] is None else home == away["district_code"]
    found = select(columns.login, columns.id, columns.name).where(
        at_home, columns.active, columns.role == away["role"], columns.id != away["id"]
    )
    return {login: (number, name) for login, number, name in connection.execute(found).tuples()}


def absences_of(connection: Connection, officer_id: int, today: date) -> list[AbsenceRow]:
    """The absences of a person that are not over, the next first."""
    found = (
        select(absences, officers.c.name.label("substitute"))
        .join(officers, officers.c.id == absences.c.substitute_id)
        .where(absences.c.officer_id == officer_id, absences.c.to_on >= today)
        .order_by(absences.c.from_on)
    )
    return all_rows(AbsenceRow, connection.execute(found))


def absent_until(connection: Connection, login: str, today: date) -> date | None:
    """The last day of the absence that a person is on today; None for a person who is there."""
    found = select(absences.c.to_on).join(officers, officers.c.id == absences.c.officer_id)
    now = officers.c.login == login, absences.c.from_on <= today, absences.c.to_on >= today
    return connection.scalar(found.where(*now).order_by(absences.c.to_on.desc()).limit(1))


def enter(connection: Connection, away: Away, entry: AbsenceEntry, *, by: Actor, clock: Clock) -> AbsenceRow:
    """Enter an absence. Raises Refused, WrongInput with every wrong field."""
    _require(away, by)
    errors, days = InputErrors(), dict[str, date]()
    for name, text in (("from_on", entry.from_on), ("to_on", entry.to_on)):
        with errors:
            days[name] = parse_day(name, text)
    with errors:
        if len(days) == 2 and days["to_on"] < days["from_on"]:
            raise WrongInput("to_on", "absence_reversed")
    substitute = colleagues(connection, away).get(entry.substitute)
    with errors:
        if substitute is None:
            raise WrongInput("substitute", "no_such_colleague")
    reason = ""
    with errors:
        reason = clean_text("reason", entry.reason)[:LONGEST_REASON]
    errors.raise_if_any()
    assert substitute is not None
    values: dict[str, Any] = {"officer_id": away["id"], "substitute_id": substitute[0], **days, "reason": reason}
    number = int(connection.execute(absences.insert().values(values).returning(absences.c.id)).scalar_one())
    _log(connection, "absent", away, {**days, "substitute": entry.substitute, "reason": reason}, by, clock)
    return {
        "id": number, "officer_id": away["id"], "substitute_id": substitute[0], "from_on": days["from_on"],
        "to_on": days["to_on"], "reason": reason, "substitute": substitute[1],
    }  # fmt: skip


def drop(connection: Connection, away: Away, number: int | None, *, by: Actor, clock: Clock) -> AbsenceRow | None:
    """Take an absence back. Returns it; None where the person has no such absence. Raises Refused."""
    _require(away, by)
    mine = (absences.c.id == number) & (absences.c.officer_id == away["id"])
    found = select(absences, officers.c.name.label("substitute")).where(mine)
    row = first_row(AbsenceRow, connection.execute(found.join(officers, officers.c.id == absences.c.substitute_id)))
    if row is not None:
        connection.execute(delete(absences).where(mine))
        days = {"from_on": row["from_on"], "to_on": row["to_on"]}
        _log(connection, "absence_dropped", away, days, by, clock)
    return row


def _require(away: Away, by: Actor) -> None:
    if not may_enter(away, by):
        raise Refused("absence_not_yours", name=away["name"])


def _log(connection: Connection, act: str, away: Away, data: Mapping[str, Any], by: Actor, clock: Clock) -> None:
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
    note(connection, act, away["login"], by.login, clock, said | {"district": away["district_code"]})
