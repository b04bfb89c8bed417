"""News of the procedure's versions: to whoever has to decide, to whoever proposed, and to those whose cases moved."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from models.tables import case_rows, procedure_versions
from notifications import message_store
from notifications.message_texts import render
from notifications.notices import name_of
from notifications.recipients import People, Person
from notifications.sending_rules import allowed_from
from rulebook.office_calendar import OfficeCalendars

DECIDE = ("legal", "leader")


def post_version_news(connection: Connection, effect_row: Mapping[str, Any], *, now: datetime, today: date) -> int:
    """Write the messages of an effect. Returns how many. Whoever did it is not told."""
    payload = effect_row["payload"]
    people, days = People(connection, today), OfficeCalendars(connection)
    rows = []
    for person, count in _told(connection, people, payload):
        if person.login != payload["by"]:
            row = _row(person, count, payload, name_of(people, payload["by"], person.lang), now=now, today=today)
            rows.append(row | {"next_at": allowed_from(now, days.of(person.district).agency)})
    return message_store.put(connection, rows)


def _told(connection: Connection, people: People, payload: Mapping[str, Any]) -> Iterator[tuple[Person, int]]:
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


def _cases(connection: Connection, pin: str) -> dict[tuple[str, Any], int]:
    """Open cases under a version by case officer, and by the district whose manager answers for them."""
    row = case_rows.c
    counted = (
        select(row.officer_id, row.district_code, row.level, func.count())
        .where(row.procedure == pin, row.closed_on.is_(None))
        .group_by(row.officer_id, row.district_code, row.level)
    )
    found: dict[tuple[str, Any], int] = {}
    for officer, district, level, count in connection.execute(counted).tuples():
        office = district if level == "district" else None
        for place in (("case_officer", officer), ("manager", office)):
            found[place] = found.get(place, 0) + count
    return found


def _row(
    person: Person, count: int, payload: Mapping[str, Any], who: str, *, now: datetime, today: date
) -> dict[str, Any]:
    link = f"/office/versions/{payload['pin']}" if person.district is None else "/work"
    text = render(
        "version", person.lang, act=payload["act"], pin=payload["pin"], who=who, text=payload["text"], count=count,
        link=link,
    )  # fmt: skip
    key = f"{person.id}:{payload['occasion']}"
    return message_store.row_of(person, key, "version", text, now=now, today=today, link=link)
