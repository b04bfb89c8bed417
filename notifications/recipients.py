"""Recipients of messages: the people of each office by role, and their substitutes on a day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from sqlalchemy import Connection, select

from models.tables import absences, channels, officers
from models.typed_rows import all_rows


class ScopedCase(TypedDict):
    """The columns of a case that decide which office and which officer it concerns; rows may have more."""

    district_code: str
    level: str  # district | city
    officer_id: int | None


class PersonRow(TypedDict):
    """The columns of `officer` that a Person is made of; `district_code` is None for the people of the city."""

    id: int
    login: str
    name: str
    role: str
    district_code: str | None
    lang: str
    email: str


@dataclass(frozen=True, slots=True)
class Person:
    """An active person of the office; `reached` is True when a channel or an e-mail address is known.

    `district` is None for the people of the city.
    """

    id: int
    login: str
    name: str
    role: str
    district: str | None
    lang: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person who gets a message; `instead_of` is the absent colleague whose substitute they are, or None."""

    person: Person
    instead_of: Person | None = None

    @property
    def absent_name(self) -> str:
        """The name of the absent colleague, or ""."""
        return self.instead_of.name if self.instead_of else ""


class People:
    """All people active on a day, with their substitutes; read in three queries."""

    def __init__(self, connection: Connection, day: date) -> None:
        with_channel = set(connection.scalars(select(channels.c.officer_id).where(channels.c.active)))
        self.by_id: dict[int, Person] = {}
        self.by_login: dict[str, Person] = {}
        self._by_role: dict[tuple[str, str | None], list[Person]] = defaultdict(list)
        columns = officers.c
        found = select(
            columns.id, columns.login, columns.name, columns.role, columns.district_code, columns.lang, columns.email
        )
        for row in all_rows(PersonRow, connection.execute(found.where(columns.active).order_by(columns.id))):
            self._add(row, with_channel)
        away = select(absences.c.officer_id, absences.c.substitute_id).where(
            absences.c.from_on <= day, absences.c.to_on >= day
        )
        self._substitutes: dict[int, list[int]] = defaultdict(list)
        for absent, substitute in connection.execute(away.order_by(absences.c.id)).tuples():
            self._substitutes[absent].append(substitute)

    def _add(self, row: PersonRow, with_channel: set[int]) -> None:
        reached = row["id"] in with_channel or bool(row["email"])
        person = Person(row["id"], row["login"], row["name"], row["role"], row["district_code"], row["lang"], reached)
        self.by_id[person.id] = person
        self.by_login[person.login] = person
        self._by_role[person.role, person.district].append(person)

    def everybody(self) -> list[Person]:
        return list(self.by_id.values())

    def in_role(self, role: str, case: ScopedCase) -> list[Person]:
        """The people of a role in the office that carries a case.

        For `case_officer` the case's own officer; where it has none, the managers, who assign one.
        """
        office = case["district_code"] if case["level"] == "district" else None
        if role == "case_officer":
            officer = self.by_id.get(case["officer_id"] or 0)
            return [officer] if officer else self._by_role["manager", office]
        if role == "commune":  # communes lie in a district, whichever office carries the case
            office = case["district_code"]
        return self._by_role[role, office]

    def of_city(self, role: str) -> list[Person]:
        """The people of a role in the city's office."""
        return self._by_role[role, None]

    def represented_by(self, person: int) -> list[Person]:
        """The person of this id, and the absent people whose substitute they are, directly or in turn."""
        found = [person]
        for number in found:
            found += [
                absent for absent, others in self._substitutes.items() if number in others and absent not in found
            ]
        return [self.by_id[number] for number in found if number in self.by_id]

    def with_substitutes(self, persons: Iterable[Person]) -> list[Recipient]:
        """The persons, then the substitutes of those who are absent, and of absent substitutes; each once."""
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
class Substitution:
    """An absence and its substitute; both days are included."""

    absent: Person
    substitute: Person
    from_on: date
    to_on: date


def substitutions(connection: Connection, people: People, first: date, last: date) -> Mapping[int, list[Substitution]]:
    """The absences of active people between two days (both included), by the id of the absent and of the substitute."""
    columns = absences.c
    found = select(columns.officer_id, columns.substitute_id, columns.from_on, columns.to_on).where(
        columns.from_on <= last, columns.to_on >= first
    )
    listed: dict[int, list[Substitution]] = defaultdict(list)
    for absent, substitute, from_on, to_on in connection.execute(found.order_by(columns.from_on, columns.id)).tuples():
        if absent in people.by_id and substitute in people.by_id:
            item = Substitution(people.by_id[absent], people.by_id[substitute], from_on, to_on)
            listed[absent].append(item)
            listed[substitute].append(item)
    return listed
