"""Deadlines as calendar entries: attached to a reminder, and as a private feed that phones subscribe to."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from models.errors import NotFound
from models.settings import settings
from models.tables import case_rows, deadlines, officers
from notifications.next_steps import next_step
from notifications.recipients import People, Person
from rulebook.versions import Versions
from templates.words import t

DAYS_BACK = 90  # what ended unmet longer ago is on the worklist, not in a calendar
EVERY = "PT1H"  # how often a phone should look again


def event_of(deadline: Mapping[str, Any], name: str, link: str, now: datetime, note: str = "") -> Event:
    """An all-day entry; the same deadline keeps its identity when its date moves."""
    event, day = Event(), deadline["ends_on"]
    event.add("uid", f"{deadline['ref']}-{deadline['key']}@coopcase")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{name}: {deadline['unit_name']} ({deadline['ref']})")
    if note:
        event.add("description", f"{note}\n{link}")
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    return event


def as_text(events: Iterable[Event], name: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Coopcase//VN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", EVERY)
    for event in events:
        calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def token_of(connection: Connection, officer_id: int) -> str:
    """The secret part of a person's feed address; nothing while there is none."""
    return connection.scalar(select(officers.c.feed_token).where(officers.c.id == officer_id)) or ""


def renew(connection: Connection, officer_id: int) -> str:
    """A new address, which shuts the old one."""
    token = secrets.token_urlsafe(32)
    connection.execute(update(officers).where(officers.c.id == officer_id).values(feed_token=token))
    return token


def feed(connection: Connection, token: str, today: date, now: datetime) -> str:
    """The open deadlines that a token's owner answers for, also in an absent colleague's place. Raises NotFound."""
    found = select(officers.c.id, officers.c.lang).where(officers.c.feed_token == token, officers.c.active)
    owner = connection.execute(found).first() if token and token.isprintable() else None  # PostgreSQL asks for no NUL
    if owner is None:
        raise NotFound("no_such_page")
    people, versions = People(connection, today), Versions(connection)
    events = []
    for row in _open(connection, today, people.standing_behind(owner.id)):
        told = people.with_substitutes(people.in_role(row["who"] or "case_officer", row))
        mine = next((item for item in told if item.person.id == owner.id), None)
        if mine:
            name = versions.label("deadlines", row["key"], owner.lang, row["procedure"])
            note = _note(versions, row, mine.instead_of.name if mine.instead_of else "", owner.lang)
            events.append(event_of(row, name, f"{settings().site()}/cases/{row['ref']}", now, note))
    return as_text(events, t("messages.feed_name", owner.lang))


def _note(versions: Versions, row: Mapping[str, Any], instead_of: str, lang: str) -> str:
    step = next_step(versions, row["state"], row["procedure"], lang, row["key"])
    parts = [t(f"messages.kind_{row['kind']}", lang)]
    parts += [t("messages.next", lang, what=step)] if step else []
    parts += [t("messages.for", lang, name=instead_of)] if instead_of else []
    return "\n".join(parts)


def _open(connection: Connection, today: date, persons: Iterable[Person]) -> list[dict[str, Any]]:
    """Those that one of the persons may answer for; who it is exactly, the recipients know."""
    columns, case = deadlines.c, case_rows.c
    found = (
        select(
            columns.key, columns.kind, columns.ends_on, columns.who, case.ref, case.unit_name, case.district_code,
            case.level, case.officer_id, case.procedure, case.state,
        )
        .join(case_rows, case.id == columns.case_id)
        .where(columns.status == "open", columns.ends_on >= today - timedelta(days=DAYS_BACK), case.closed_on.is_(None))
        .where(or_(*(_may_answer(person) for person in persons)))
        .order_by(columns.ends_on, case.ref)
    )  # fmt: skip
    return [dict(row) for row in connection.execute(found).mappings()]


def _may_answer(person: Person) -> ColumnElement[bool]:
    case, who = case_rows.c, deadlines.c.who
    if person.role == "case_officer":
        return case.officer_id == person.id
    home = case.level == "city" if person.district is None else case.district_code == person.district
    at_work = select(officers.c.id).where(officers.c.active)
    return and_(home, or_(who == person.role, case.officer_id.is_(None), case.officer_id.not_in(at_work)))
