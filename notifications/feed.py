"""A person's deadlines as a private calendar that phones subscribe to."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from models.errors import NotFound
from models.office_kind import is_trial
from models.tables import case_rows, deadlines, officers
from models.typed_rows import all_rows
from notifications.calendar_entries import Entry, as_text, event_of
from notifications.next_steps import next_step
from notifications.recipients import People, Person, ScopedCase
from rulebook.versions import Versions
from templates.trial_mark import prefixed
from templates.words import t

DAYS_BACK = 90  # what ended unmet longer ago is on the worklist, not in a calendar


class OpenDeadline(ScopedCase):
    """An open deadline with its case."""

    key: str
    kind: str
    ends_on: date
    who: str
    ref: str
    unit_name: str
    procedure: str
    state: str
    seq: int  # of the case's last fact: an entry of the feed that moves has a higher one


def token_of(connection: Connection, officer_id: int) -> str:
    """The secret part of a person's feed address; "" while there is none."""
    return connection.scalar(select(officers.c.feed_token).where(officers.c.id == officer_id)) or ""


def renew(connection: Connection, officer_id: int) -> str:
    """Make a new feed address, which ends the old one. Returns its secret part."""
    token = secrets.token_urlsafe(32)
    connection.execute(update(officers).where(officers.c.id == officer_id).values(feed_token=token))
    return token


def feed(connection: Connection, token: str, today: date, now: datetime) -> str:
    """The open deadlines of the owner of a token, and those of absent colleagues whose substitute they are (iCalendar).

    Raises NotFound for an unknown token.
    """
    found = select(officers.c.id, officers.c.lang).where(officers.c.feed_token == token, officers.c.active)
    owner = connection.execute(found).first() if token and token.isprintable() else None  # PostgreSQL asks for no NUL
    if owner is None:
        raise NotFound("no_such_page")
    people, versions = People(connection, today), Versions(connection)
    events, trial = [], is_trial(connection)
    for row in _open(connection, today, people.represented_by(owner.id)):
        recipients = people.with_substitutes(people.in_role(row["who"] or "case_officer", row))
        mine = next((item for item in recipients if item.person.id == owner.id), None)
        if mine:
            label = versions.label("deadlines", row["key"], owner.lang, row["procedure"])
            name = prefixed(label, trial, owner.lang)
            note = _note(versions, row, mine.absent_name, owner.lang)
            entry = Entry(row["ref"], row["key"], row["unit_name"], row["ends_on"], name, note, row["seq"])
            events.append(event_of(entry, now, alarm=True))
    return as_text(events, prefixed(t("messages.feed_name", owner.lang), trial, owner.lang))


def _note(versions: Versions, row: OpenDeadline, instead_of: str, lang: str) -> str:
    step = next_step(versions, row["state"], row["procedure"], lang, row["key"])
    parts = [t(f"messages.kind_{row['kind']}", lang)]
    parts += [t("messages.next", lang, what=step)] if step else []
    parts += [t("messages.for", lang, name=instead_of)] if instead_of else []
    return "\n".join(parts)


def _open(connection: Connection, today: date, persons: Iterable[Person]) -> list[OpenDeadline]:
    """Those that one of the persons may be responsible for; `People.in_role` decides."""
    columns, case = deadlines.c, case_rows.c
    found = (
        select(
            columns.key, columns.kind, columns.ends_on, columns.who, case.ref, case.unit_name, case.district_code,
            case.level, case.officer_id, case.procedure, case.state, case.seq,
        )
        .join(case_rows, case.id == columns.case_id)
        .where(columns.status == "open", columns.ends_on >= today - timedelta(days=DAYS_BACK), case.closed_on.is_(None))
        .where(or_(columns.kind != "programme", columns.ends_on > case.opened_on))  # older ones had passed before it
        .where(or_(*(_may_be_responsible(person) for person in persons)))
        .order_by(columns.ends_on, case.ref)
    )  # fmt: skip
    return all_rows(OpenDeadline, connection.execute(found))


def _may_be_responsible(person: Person) -> ColumnElement[bool]:
    case, who = case_rows.c, deadlines.c.who
    if person.role == "case_officer":
        return case.officer_id == person.id
    home = case.level == "city" if person.district is None else case.district_code == person.district
    at_work = select(officers.c.id).where(officers.c.active)
    return and_(home, or_(who == person.role, case.officer_id.is_(None), case.officer_id.not_in(at_work)))
