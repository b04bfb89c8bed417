"""The register of unclear points of the law: the cases where the readings differ, and recording a ruling."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine

from casework.office.people import Actor, actor
from casework.upkeep.open_cases import open_cases
from models.clock import Clock
from models.errors import NotFound, Refused, WrongInput
from models.tables import rulings
from procedures.law.interpretations import Unclear, both_readings, unclear_points
from procedures.state_machine.field_values import clean_text
from procedures.state_machine.fold import fold
from rule_changes.beside_others import changed_beside_others
from rule_changes.moved_deadlines import Moved, StagedEnds, enqueue_corrections, require_seen, write_ends
from rule_changes.reread_deadlines import Reread, affected
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.readings import Ruled, office_readings, plain_readings
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
    versions = Versions(connection)
    for row, listed in open_cases(connection, district, affected(connection, unclear_points().values())):
        procedure = versions.of(row["procedure"])
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
    return Reread(connection, point, reading, person.district, today).found(connection)[0]


def rule(
    bind: Engine, key: str, reading: str, *, reason: str, by: str, clock: Clock, seen: str | None = None
) -> list[Moved]:
    """Record how an unclear point is read, once, and derive every open deadline it affects again beside others' work.

    A district's legal office rules for its own cases; the city's legal office and leaders for all, above the districts.
    `seen` is the digest of the preview. Raises NotFound, WrongInput, Refused, Conflict: nothing was recorded.
    """
    point = _point(key, reading)
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})

    def make(connection: Connection) -> tuple[Reread, StagedEnds]:
        person = actor(connection, by)
        _require_unruled(connection, point, person)
        reread = Reread(connection, point, reading, person.district, clock.today())
        found, sums = reread.found(connection)
        require_seen(found, seen)
        return reread, StagedEnds(connection, found, sums)

    def write(connection: Connection, made: tuple[Reread, StagedEnds]) -> list[Moved]:
        reread, ready = made
        person = actor(connection, by)
        _require_unruled(connection, point, person)
        if person.district != reread.district:
            raise Refused("ruling_not_yours")
        found, sums = reread.found(connection)
        require_seen(found, seen)
        now = clock.now()
        row = {"interpretation": key, "reading": reading, "ruled_by": by, "ruled_at": now, "reason": text}
        connection.execute(rulings.insert().values(**row, district_code=person.district))
        write_ends(connection, ready.of(found, sums))
        enqueue_corrections(connection, found, "ruling", now)
        return found

    return changed_beside_others(bind, clock, make, write)


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
