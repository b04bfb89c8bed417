"""The register of unclear points of the law: the cases where the readings differ, and recording a ruling."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.office.people import Actor, actor
from casework.upkeep.open_cases import open_cases
from models.clock import Clock
from models.database import writing
from models.errors import NotFound, Refused, WrongInput
from models.tables import case_rows, deadlines, facts, rulings
from models.typed_rows.case_shapes import CaseRow
from procedures.facts import FactView
from procedures.former_names import all_names, own_name
from procedures.law.interpretations import Readings, Unclear, both_readings, read_as, unclear_points
from procedures.legal_time.deadlines import derive_current
from procedures.schema import Procedure
from procedures.state_machine.field_values import clean_text
from procedures.state_machine.fold import fold
from rule_changes.moved_deadlines import Moved, enqueue_corrections, moved, require_seen, with_news, write_ends
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.readings import OfficeReadings, Ruled, office_readings, plain_readings
from rulebook.versions import Versions


@dataclass(frozen=True, slots=True)
class Differing:
    """A case in which the two readings give different dates."""

    ref: str
    unit: str
    ends: dict[str, date | None]  # by reading


@dataclass(frozen=True, slots=True)
class Question:
    """An unclear point, the ruling in force for the office that reads it, all rulings, and the cases it affects."""

    point: Unclear
    ruling: Ruled | None
    rulings: tuple[Ruled, ...]
    cases: tuple[Differing, ...]


def questions(connection: Connection, district: str | None = None) -> list[Question]:
    """Every unclear point with the open cases, of one district or of all, in which the readings differ."""
    cases: dict[str, list[Differing]] = {key: [] for key in unclear_points()}
    calendars, readings = OfficeCalendars(connection), office_readings(connection)
    for row, procedure, listed in _affected_cases(connection, unclear_points().values(), district):
        office, state = office_of(row), fold(procedure, listed)
        ruled = plain_readings(readings.of(office))
        for key, point in unclear_points().items():
            ends = both_readings(point, procedure, state, calendars.of(office), ruled)
            if ends is not None and len(set(ends.values())) > 1:
                cases[key].append(Differing(row["ref"], row["unit_name"], ends))
    return [
        Question(
            point,
            readings.of(district).get(key),
            tuple(item for item in readings.listed if item.point == key),
            tuple(cases[key]),
        )
        for key, point in unclear_points().items()
    ]


def preview_ruling(connection: Connection, key: str, reading: str, person: Actor, today: date) -> list[Moved]:
    """Every open deadline that the ruling would move in the person's scope; nothing is changed.

    Raises NotFound, WrongInput, Refused.
    """
    point = _point(key, reading)
    _require_unruled(connection, point, person)
    return with_news(
        connection, [item for item, _ in _moves(connection, point, reading, person.district, today) if item]
    )


def rule(
    bind: Engine, key: str, reading: str, *, reason: str, by: str, clock: Clock, seen: str | None = None
) -> list[Moved]:
    """Record how an unclear point is read, once, and derive every open deadline it affects again.

    A district's legal office rules for its own cases; the city's legal office and leaders for all, above the districts.
    `seen` is the digest of the preview. Raises NotFound, WrongInput, Refused, Conflict: nothing was recorded.
    """
    point = _point(key, reading)
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    with writing(bind, rules=True) as connection:
        person = actor(connection, by)
        _require_unruled(connection, point, person)
        changed = list(_moves(connection, point, reading, person.district, clock.today()))
        found = with_news(connection, [item for item, _ in changed if item])
        require_seen(found, seen)
        now = clock.now()
        row = {"interpretation": key, "reading": reading, "ruled_by": by, "ruled_at": now, "reason": text}
        connection.execute(rulings.insert().values(**row, district_code=person.district))
        write_ends(connection, found, dict(total for _, total in changed))
        enqueue_corrections(connection, found, "ruling", now)
        return found


def may_rule(person: Actor) -> bool:
    """The legal office, and the leaders of the city."""
    return person.role == "legal" or (person.role == "leader" and person.district is None)


def _point(key: str, reading: str) -> Unclear:
    point = unclear_points().get(key)
    if point is None:
        raise NotFound("no_such_interpretation", key=key, known=", ".join(unclear_points()))
    if reading not in point.readings:
        raise WrongInput("reading", "not_an_option", value=reading, options=", ".join(point.readings))
    return point


def _require_unruled(connection: Connection, point: Unclear, person: Actor) -> None:
    """A ruling is final in its scope, and one of the city's excludes later ones of districts. Raises Refused."""
    if not may_rule(person):
        raise Refused("ruling_not_yours")
    for item in office_readings(connection).listed:
        if item.point == point.key and item.district in (None, person.district):
            raise Refused("ruled_already", reading=point.readings[item.reading])


def _moves(
    connection: Connection, point: Unclear, reading: str, district: str | None, today: date
) -> Iterator[tuple[Moved | None, tuple[int, dict[str, Any]]]]:
    """Of each open deadline that the ruling affects: its move (None: same end), and (its id, its new sum)."""
    if not point.deadline:
        return
    calendars, readings = OfficeCalendars(connection), office_readings(connection)
    open_rows = _open_deadlines(connection, all_names(Versions(connection).adopted, "deadlines", [point.deadline]))
    for case, procedure, listed in _affected_cases(connection, [point], district):
        key = own_name(procedure, "deadlines", point.deadline)
        office, row = office_of(case), open_rows.get((case["id"], key))
        if row is None or (district is not None and office != district):
            continue
        read = read_as(procedure, _ruled(readings, office, point, reading))
        state = fold(read, listed)
        item = derive_current(read, state, key, calendars.of(office))
        shifted = moved({**case, **row}, item.ends_on, today) if item.ends_on != row["ends_on"] else None
        yield shifted, (row["id"], item.sum)


def _ruled(readings: OfficeReadings, office: str | None, point: Unclear, reading: str) -> Readings:
    return {**plain_readings(readings.of(office)), point.key: reading}


def _open_deadlines(connection: Connection, keys: Collection[str]) -> dict[tuple[int, str], Mapping[str, Any]]:
    """The open deadlines of these keys, by case and key."""
    columns = deadlines.c
    found = select(columns.id, columns.case_id, columns.key, columns.kind, columns.ends_on)
    rows = connection.execute(found.where(columns.key.in_(keys), columns.status == "open")).mappings()
    return {(row["case_id"], row["key"]): dict(row) for row in rows}


def _affected_cases(
    connection: Connection, points: Iterable[Unclear], district: str | None
) -> Iterator[tuple[CaseRow, Procedure, list[FactView]]]:
    """The open cases in which one of the points can make a difference: something was stopped or extended in them."""
    pins = connection.scalars(select(case_rows.c.procedure).where(case_rows.c.closed_on.is_(None)).distinct()).all()
    versions = Versions(connection)
    procedures = {pin: versions.of(pin) for pin in pins}
    kinds = {kind for procedure in procedures.values() for point in points for kind in _verbs(procedure, point)}
    asked = all_names(procedures.values(), "verbs", kinds)
    having = case_rows.c.id.in_(select(facts.c.case_id).where(facts.c.kind.in_(asked)))
    for row, listed in open_cases(connection, district, having):
        yield row, procedures[row["procedure"]], listed


def _verbs(procedure: Procedure, point: Unclear) -> Iterator[str]:
    for name, verb in procedure.verbs.items():
        named = verb.raises if isinstance(verb.raises, str) or verb.raises is None else point.stops
        if (point.extends and verb.extends) or (point.stops and named == point.stops):
            yield name
