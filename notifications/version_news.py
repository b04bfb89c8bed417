"""News of the procedure's versions: to those who approve it, to its proposer, and to those whose cases moved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import TypedDict, cast

from sqlalchemy import Connection, func, select

from models.tables import case_rows, procedure_versions
from models.typed_rows.message_shapes import EffectRow
from notifications import message_store
from notifications.message_store import NewMessage
from notifications.message_texts import render
from notifications.notices import name_of
from notifications.recipients import People, Person
from notifications.sending_rules import allowed_from
from rulebook.office_calendar import OfficeCalendars

DECIDE = ("legal", "leader")
Place = tuple[str, int | str | None]  # ("case_officer", officer_id) or ("manager", district, None for the city)


class VersionPayload(TypedDict):
    """The payload of the effect `version`: what was done (`act`) to the version `pin`, by which login.

    `text` is the reason that was typed, or ""; `occasion` makes the key.
    """

    act: str
    pin: str
    by: str
    text: str
    occasion: str


def post_version_news(connection: Connection, effect: EffectRow, *, now: datetime, today: date) -> int:
    """Write the messages of an effect. Returns how many. The person who did the act gets none."""
    payload = cast(VersionPayload, effect["payload"])
    people, days = People(connection, today), OfficeCalendars(connection)
    new = []
    for person, count in _recipients(connection, people, payload):
        if person.login != payload["by"]:
            message = _message(
                person, count, payload, name_of(people, payload["by"], person.lang), now=now, today=today
            )
            new.append(replace(message, next_at=allowed_from(now, days.of(person.district).agency)))
    return message_store.put(connection, new)


def _recipients(connection: Connection, people: People, payload: VersionPayload) -> Iterator[tuple[Person, int]]:
    """Each person with the number of their own open cases under the version."""
    proposer = connection.scalar(
        select(procedure_versions.c.proposed_by).where(procedure_versions.c.pin == payload["pin"])
    )
    cases = _cases(connection, payload["pin"]) if payload["act"] == "approved" else {}
    for person in people.everybody():
        count = cases.get((person.role, person.id if person.role == "case_officer" else person.district), 0)
        decides = payload["act"] == "proposed" and person.district is None and person.role in DECIDE
        if count or decides or (payload["act"] != "proposed" and person.login == proposer):
            yield person, count


def _cases(connection: Connection, pin: str) -> dict[Place, int]:
    """Open cases under a version by case officer, and by the district whose manager is responsible for them."""
    row = case_rows.c
    counted = (
        select(row.officer_id, row.district_code, row.level, func.count())
        .where(row.procedure == pin, row.closed_on.is_(None))
        .group_by(row.officer_id, row.district_code, row.level)
    )
    found: dict[Place, int] = {}
    for officer, district, level, count in connection.execute(counted).tuples():
        office = district if level == "district" else None
        places: tuple[Place, Place] = (("case_officer", officer), ("manager", office))
        for place in places:
            found[place] = found.get(place, 0) + count
    return found


def _message(
    person: Person, count: int, payload: VersionPayload, who: str, *, now: datetime, today: date
) -> NewMessage:
    link = f"/office/versions/{payload['pin']}" if person.district is None else "/work"
    text = render(
        "version", person.lang, act=payload["act"], pin=payload["pin"], who=who, text=payload["text"], count=count,
        link=link,
    )  # fmt: skip
    key = f"{person.id}:{payload['occasion']}"
    return replace(message_store.new_message(person, key, "version", text, now=now, today=today), link=link)
