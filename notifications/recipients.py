"""Whom news concerns: the people of each office by role, and who stands in for whom on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from models.tables import absences, channels, officers


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who gets messages; `reached` says that a channel or an e-mail address is known."""

    id: int
    login: str
    name: str
    role: str
    district: str | None
    lang: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, and the absent colleague in whose place they get it."""

    person: Person
    instead_of: Person | None = None


class People:
    """Everybody active on a day, read in three queries."""

    def __init__(self, connection: Connection, day: date) -> None:
        with_channel = set(connection.scalars(select(channels.c.officer_id).where(channels.c.active)))
        self.by_id: dict[int, Person] = {}
        self.by_login: dict[str, Person] = {}
        self._by_role: dict[tuple[str, str | None], list[Person]] = defaultdict(list)
        for row in connection.execute(select(officers).where(officers.c.active).order_by(officers.c.id)).mappings():
            self._add(dict(row), with_channel)
        away = select(absences.c.officer_id, absences.c.substitute_id).where(
            absences.c.from_on <= day, absences.c.to_on >= day
        )
        self._substitutes: dict[int, list[int]] = defaultdict(list)
        for absent, substitute in connection.execute(away.order_by(absences.c.id)).tuples():
            self._substitutes[absent].append(substitute)

    def _add(self, row: Mapping[str, Any], with_channel: set[int]) -> None:
        reached = row["id"] in with_channel or bool(row["email"])
        person = Person(row["id"], row["login"], row["name"], row["role"], row["district_code"], row["lang"], reached)
        self.by_id[person.id] = person
        self.by_login[person.login] = person
        self._by_role[person.role, person.district].append(person)

    def everybody(self) -> list[Person]:
        return list(self.by_id.values())

    def in_role(self, role: str, case: Mapping[str, Any]) -> list[Person]:
        """Those in a role whom a case (district_code, level, officer_id) concerns.

        The case's own officer for `case_officer`; without one, those who can give it to somebody.
        """
        office = case["district_code"] if case["level"] == "district" else None
        if role == "case_officer":
            officer = self.by_id.get(case["officer_id"])
            return [officer] if officer else self._by_role["manager", office]
        if role == "commune":  # communes lie in a district, whoever carries the case
            office = case["district_code"]
        return self._by_role[role, office]

    def standing_behind(self, person: int) -> list[Person]:
        """The person, and the absent people in whose place they may get something."""
        found = [person]
        for number in found:
            found += [
                absent for absent, others in self._substitutes.items() if number in others and absent not in found
            ]
        return [self.by_id[number] for number in found if number in self.by_id]

    def with_substitutes(self, persons: Iterable[Person]) -> list[Recipient]:
        """The persons, then whoever stands in for one of them, or for an absent substitute; each once."""
        listed = {person.id: Recipient(person) for person in persons}
        waiting = [recipient.person for recipient in listed.values()]
        while waiting:
            absent = waiting.pop(0)
            for number in self._substitutes.get(absent.id, []):
                if number not in listed and number in self.by_id:
                    instead_of = listed[absent.id].instead_of or absent
                    listed[number] = Recipient(self.by_id[number], instead_of)
                    waiting.append(self.by_id[number])
        return list(listed.values())


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who stands in for whom, from and to inclusive."""

    absent: Person
    substitute: Person
    from_on: date
    to_on: date


def stand_ins(connection: Connection, people: People, first: date, last: date) -> Mapping[int, list[StandIn]]:
    """By person, absent or standing in: the absences of active people that touch these days."""
    columns = absences.c
    found = select(columns.officer_id, columns.substitute_id, columns.from_on, columns.to_on).where(
        columns.from_on <= last, columns.to_on >= first
    )
    listed: dict[int, list[StandIn]] = defaultdict(list)
    for absent, substitute, from_on, to_on in connection.execute(found.order_by(columns.from_on, columns.id)).tuples():
        if absent in people.by_id and substitute in people.by_id:
            item = StandIn(people.by_id[absent], people.by_id[substitute], from_on, to_on)
            listed[absent].append(item)
            listed[substitute].append(item)
    return listed
