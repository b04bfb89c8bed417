"""Reminders that no longer hold: unsent ones are withdrawn, announced dates are corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy import Connection, Update, and_, or_, select, update

from models.tables import case_rows, deadlines, messages
from models.typed_rows import all_rows, one_row
from models.typed_rows.case_shapes import CaseRow, DeadlineRow
from notifications import message_store
from notifications.message_store import NewMessage
from notifications.message_texts import render
from notifications.recipients import People, Person
from notifications.sending_rules import allowed_from, announced_date
from procedures.former_names import own_name
from rulebook.office_calendar import OfficeCalendars
from rulebook.versions import Versions


class AnnouncedDeadline(TypedDict):
    """A reminder that went, or is being sent: it announced the date that its `key` holds."""

    key: str
    officer_id: int
    deadline_key: str


@dataclass(frozen=True, slots=True)
class Correction:
    """An announced date of a deadline that no longer holds.

    `change` is now (the deadline ends on `ends_on` instead), stopped (it is suspended) or gone (it was dropped);
    `ends_on` is None where the deadline has no end.
    """

    case: CaseRow
    deadline: str
    announced_on: date
    change: str
    ends_on: date | None


def withdraw(connection: Connection, case_id: int, keys: Sequence[str], *, now: datetime, today: date) -> None:
    """Withdraw the unsent reminders of these deadlines; recipients of a date that no longer holds get a correction.

    The announced date of a deadline that was met is not corrected.
    """
    columns = messages.c
    known = _names_now(connection, case_id, keys)
    about = (columns.case_id == case_id, columns.kind == "ladder", columns.deadline_key.in_(known))
    connection.execute(_unsent(now).where(*about).values(status="withdrawn", note="moved"))
    found = (
        select(columns.key, columns.officer_id, columns.deadline_key)
        .where(*about, columns.status.in_(("sent", "inbox", "pending")))
        .order_by(columns.id)
    )
    if announced := all_rows(AnnouncedDeadline, connection.execute(found)):
        _correct(connection, case_id, announced, now=now, today=today)


def _names_now(connection: Connection, case_id: int, keys: Sequence[str]) -> set[str]:
    """The keys by the version of the case: it may have moved to another one since the effect was enqueued."""
    pin = connection.scalar(select(case_rows.c.procedure).where(case_rows.c.id == case_id))
    procedure = Versions(connection).of(str(pin))
    return {own_name(procedure, "deadlines", key) for key in keys}


def withdraw_many(connection: Connection, cases: Mapping[int, Sequence[str]], *, now: datetime, today: date) -> None:
    """`withdraw` for the deadline keys of many cases by case id; most of them have no reminders."""
    with_reminders = select(messages.c.case_id).where(messages.c.kind == "ladder", messages.c.case_id.in_(cases))
    for case_id in sorted(set(connection.scalars(with_reminders))):
        withdraw(connection, case_id, cases[case_id], now=now, today=today)


def withdraw_settled(connection: Connection, now: datetime) -> None:
    """Withdraw the unsent reminders of deadlines that were met or dropped meanwhile."""
    columns = deadlines.c
    same = and_(columns.case_id == messages.c.case_id, columns.key == messages.c.deadline_key)
    open_still = select(columns.id).where(same, columns.status == "open").exists()
    settled = _unsent(now).where(messages.c.kind == "ladder", messages.c.case_id.is_not(None), ~open_still)
    connection.execute(settled.values(status="withdrawn", note="settled"))


def _unsent(now: datetime) -> Update:
    """Messages that no worker has claimed and no server has accepted."""
    columns = messages.c
    unclaimed = or_(columns.claimed_until.is_(None), columns.claimed_until < now)
    tried = or_(columns.message_id == "", columns.attempts > 0)
    return update(messages).where(columns.status.in_(("pending", "held")), unclaimed, tried)


def _correct(
    connection: Connection, case_id: int, announced: Sequence[AnnouncedDeadline], *, now: datetime, today: date
) -> None:
    case = one_row(CaseRow, connection.execute(select(case_rows).where(case_rows.c.id == case_id)))
    found = connection.execute(select(deadlines).where(deadlines.c.case_id == case_id))
    current = {row["key"]: row for row in all_rows(DeadlineRow, found)}
    people, calendars, versions = People(connection, today), OfficeCalendars(connection), Versions(connection)
    new = []
    for item in announced:
        person = people.by_id.get(item["officer_id"])
        correction = _correction_of(item, case, current.get(item["deadline_key"]))
        if person and correction:
            next_at = allowed_from(now, calendars.of(person.district).agency)
            new.append(replace(_message(person, correction, versions, now=now, today=today), next_at=next_at))
    message_store.put(connection, new)


def _correction_of(announced: AnnouncedDeadline, case: CaseRow, current: DeadlineRow | None) -> Correction | None:
    """None while the announced date holds, or the deadline was met."""
    on = announced_date(announced["key"])
    change = _change(current, on)
    ends_on = current["ends_on"] if current else None
    return Correction(case, announced["deadline_key"], on, change, ends_on) if change else None


def _change(current: DeadlineRow | None, announced_on: date) -> str:
    if current is None or current["status"] == "dropped":
        return "gone"
    if current["status"] == "met" or current["ends_on"] == announced_on:
        return ""
    return "now" if current["ends_on"] else "stopped"


def _message(person: Person, correction: Correction, versions: Versions, *, now: datetime, today: date) -> NewMessage:
    case, deadline, announced_on = correction.case, correction.deadline, correction.announced_on
    text = render(
        "correction", person.lang,
        ref=case["ref"], unit=case["unit_name"], announced_on=announced_on, change=correction.change,
        deadline=versions.label("deadlines", deadline, person.lang, case["procedure"]), ends_on=correction.ends_on,
    )  # fmt: skip
    key = f"{person.id}:correction:{case['ref']}:{deadline}:{announced_on}"
    message = message_store.new_message(person, key, "correction", text, now=now, today=today)
    return replace(message, case_id=case["id"], deadline_key=deadline, link=f"/cases/{case['ref']}")
