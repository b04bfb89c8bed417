"""Deadlines as calendar entries: attached to a reminder, and as a private feed that phones subscribe to."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event
from sqlalchemy import Connection, select, update

from models.errors import NotFound
from models.settings import settings
from models.tables import case_rows, deadlines, officers
from notifications.recipients import People
from rulebook.versions import Versions
from templates.words import t

DAYS_BACK = 90  # what ended unmet longer ago is on the worklist, not in a calendar


def event_of(deadline: Mapping[str, Any], name: str, link: str, now: datetime) -> Event:
    """An all-day entry; the same deadline keeps its identity when its date moves."""
    event, day = Event(), deadline["ends_on"]
    event.add("uid", f"{deadline['ref']}-{deadline['key']}@coopcase")
    event.add("dtstamp", now)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"{name}: {deadline['unit_name']} ({deadline['ref']})")
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    return event


def as_text(events: Iterable[Event], name: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Coopcase//VN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def token_of(connection: Connection, officer_id: int, *, renew: bool = False) -> str:
    """The secret part of a person's feed address, made when first asked for; a new one shuts the old."""
    known = connection.scalar(select(officers.c.feed_token).where(officers.c.id == officer_id))
    if known and not renew:
        return str(known)
    token = secrets.token_urlsafe(32)
    connection.execute(update(officers).where(officers.c.id == officer_id).values(feed_token=token))
    return token


def feed(connection: Connection, token: str, today: date, now: datetime) -> str:
    """The open deadlines that a token's owner answers for, also in an absent colleague's place. Raises NotFound."""
    found = select(officers.c.id, officers.c.lang).where(officers.c.feed_token == token, officers.c.active)
    owner = connection.execute(found).first() if token else None
    if owner is None:
        raise NotFound("no_such_page")
    people, versions = People(connection, today), Versions(connection)
    events = []
    for row in _open(connection, today):
        told = people.with_substitutes(people.in_role(row["who"] or "case_officer", row))
        if owner.id in {item.person.id for item in told}:
            name = versions.label("deadlines", row["key"], owner.lang, row["procedure"])
            events.append(event_of(row, name, f"{settings().site()}/cases/{row['ref']}", now))
    return as_text(events, t("messages.feed_name", owner.lang))


def _open(connection: Connection, today: date) -> list[dict[str, Any]]:
    columns, case = deadlines.c, case_rows.c
    found = (
        select(
            columns.key, columns.ends_on, columns.who,
            case.ref, case.unit_name, case.district_code, case.level, case.officer_id, case.procedure,
        )
        .join(case_rows, case.id == columns.case_id)
        .where(columns.status == "open", columns.ends_on >= today - timedelta(days=DAYS_BACK), case.closed_on.is_(None))
        .order_by(columns.ends_on, case.ref)
    )  # fmt: skip
    return [dict(row) for row in connection.execute(found).mappings()]
