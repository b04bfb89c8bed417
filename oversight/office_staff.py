"""Who works at each step of the procedure, and when they are away: officers, for the queue of an office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from foresight.stations import Absence, Staff
from models.tables import absences, officers
from oversight.answering import answering
from procedures.schema import Procedure
from procedures.state_machine.onward import moves_on


@dataclass(frozen=True, slots=True)
class Person:
    """An active officer with the days away, both ends included. No `district`: the city's own office."""

    role: str
    district: str | None
    away: tuple[tuple[date, date], ...]


def people_of(connection: Connection, district: str | None) -> list[Person]:
    """The active officers of a district, or of all offices."""
    off = absences.c
    away: dict[int, list[tuple[date, date]]] = {}
    for officer, first, last in connection.execute(select(off.officer_id, off.from_on, off.to_on)).tuples():
        away.setdefault(officer, []).append((first, last))
    found = select(officers.c.id, officers.c.role, officers.c.district_code).where(officers.c.active)
    if district:
        found = found.where(officers.c.district_code == district)
    return [Person(role, where, tuple(away.get(key, ()))) for key, role, where in connection.execute(found).tuples()]


def staff_of(procedure: Procedure, people: Sequence[Person], origin: date) -> Mapping[str, Staff]:
    """By state: the officers whose role makes the moves that lead on from it; a state that nobody's role leads on from
    is left out.

    A person counts at every step of the role: the rate measured there is what was done beside the other steps.
    `origin`: the first day of the event log, from which absences are counted.
    """
    found = {}
    for state in procedure.open_states:
        moves = moves_on(procedure, state, aside=True)
        roles = {role for verb, _ in moves for role in answering(procedure, verb)[:1]}
        here = [person for person in people if person.role in roles]
        if here:
            away = tuple(
                Absence(float((first - origin) // timedelta(days=1)), float((last - origin) // timedelta(days=1)))
                for person in here
                for first, last in person.away
            )
            found[state] = Staff(float(len(here)), away)
    return found
