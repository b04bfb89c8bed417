"""The register of unclear points of the law: where the readings differ, and the legal office's ruling, made once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.open_cases import open_cases
from casework.people import Actor, actor
from models.clock import Clock
from models.database import writing
from models.errors import NotFound, Refused, WrongInput
from models.tables import rulings
from procedures.calendar import Calendars
from procedures.fold import fold
from procedures.interpretations import Unclear, both_readings, unclear_points
from procedures.values import clean_text
from rulebook.office_calendar import calendars_of
from rulebook.versions import Versions


@dataclass(frozen=True, slots=True)
class Differing:
    """A case in which the two readings give different dates."""

    ref: str
    ends: dict[str, date | None]  # by reading


@dataclass(frozen=True, slots=True)
class Question:
    """An unclear point, the ruling if there is one, and the open cases that hang on it."""

    point: Unclear
    ruling: dict[str, Any] | None
    cases: tuple[Differing, ...]


def questions(connection: Connection, district: str | None = None) -> list[Question]:
    """Every unclear point with the open cases, of one district or of all, in which the readings differ."""
    cases: dict[str, list[Differing]] = {key: [] for key in unclear_points()}
    calendars: dict[str, Calendars] = {}
    versions = Versions(connection)
    for row, facts in open_cases(connection, district):
        code = row["district_code"]
        own = calendars.setdefault(code, calendars.get(code) or calendars_of(connection, code))
        procedure = versions.of(row["procedure"])
        state = fold(procedure, facts)
        for key, point in unclear_points().items():
            ends = both_readings(point, procedure, facts, state, own)
            if ends is not None and len(set(ends.values())) > 1:
                cases[key].append(Differing(row["ref"], ends))
    ruled = {row["interpretation"]: dict(row) for row in connection.execute(select(rulings)).mappings()}
    return [Question(point, ruled.get(key), tuple(cases[key])) for key, point in unclear_points().items()]


def rule(bind: Engine, key: str, reading: str, *, reason: str, by: str, clock: Clock) -> None:
    """Record how an unclear point is read, once. An act of the legal office or of the city's leaders.

    Raises:
        NotFound, WrongInput, Refused: nothing was recorded.
    """
    point = unclear_points().get(key)
    if point is None:
        raise NotFound("no_such_interpretation", key=key, known=", ".join(unclear_points()))
    if reading not in point.readings:
        raise WrongInput("reading", "not_an_option", value=reading, options=", ".join(point.readings))
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    with writing(bind) as connection:
        if not may_rule(actor(connection, by)):
            raise Refused("ruling_not_yours")
        standing = connection.scalar(select(rulings.c.reading).where(rulings.c.interpretation == key))
        if standing is not None:
            raise Refused("ruled_already", reading=point.readings[standing])
        row = {"interpretation": key, "reading": reading, "ruled_by": by, "ruled_at": clock.now(), "reason": text}
        connection.execute(rulings.insert().values(row))


def may_rule(person: Actor) -> bool:
    """The legal office, and the leaders of the city."""
    return person.role == "legal" or (person.role == "leader" and person.district is None)
