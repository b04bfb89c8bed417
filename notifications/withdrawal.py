"""Reminders that no longer hold: unsent ones are withdrawn, announced dates are corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy import Connection, Update, and_, func, or_, select, update

from models.leases import database_now, is_free
from models.office_kind import is_trial
from models.tables import case_rows, deadlines, messages
from models.typed_rows import all_rows, one_row
from models.typed_rows.case_shapes import CaseRow, DeadlineRow
from notifications import message_store
from notifications.calendar_entries import Entry, attachment
from notifications.message_store import NewMessage
from notifications.message_texts import render
from notifications.recipients import People, Person
from notifications.sending_rules import allowed_from, announced_date, corrected_date, correction_key
from procedures.former_names import own_name
from rulebook.office_calendar import OfficeCalendars
from rulebook.versions import Versions
from templates.trial_mark import prefixed

ANNOUNCING = ("ladder", "correction")  # kinds of messages that tell a date


class Announcement(TypedDict):
    """A reminder or a correction that went, or is being sent: its `key` holds the date that it announced."""

    key: str
    kind: str
    officer_id: int
    deadline_key: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Known:
    """What was announced to a person of a deadline: the last date, the date that holds by the last message (None: that
    it has none), and whether a calendar entry went with any of them.
    """

    announced_on: date
    holds: date | None
    in_calendar: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """What was announced to a person of a deadline and no longer holds.

    `change` is now (the deadline ends on `ends_on` instead), stopped (it is suspended) or gone (it was dropped);
    `ends_on` is None where the deadline has no end. `number`: of the corrections of this deadline to this person.
    `trial`: of a trial office.
    """

    case: CaseRow
    deadline: str
    known: Known
    change: str
    ends_on: date | None
    number: int
    trial: bool


def withdraw(connection: Connection, case_id: int, keys: Sequence[str], *, now: datetime, today: date) -> None:
    """Withdraw what is unsent about these deadlines; recipients of a date that no longer holds get a correction.

    It takes back or moves the entry in their calendars. The announced date of a deadline that was met is not corrected.
    """
    columns = messages.c
    known = _names_now(connection, case_id, keys)
    about = (columns.case_id == case_id, columns.kind.in_(ANNOUNCING), columns.deadline_key.in_(known))
    connection.execute(unsent(connection).where(*about).values(status="withdrawn", note="moved"))
    found = (
        select(columns.key, columns.kind, columns.officer_id, columns.deadline_key, columns.calendar)
        .where(*about, columns.status.in_(("sent", "inbox", "pending")))
        .order_by(columns.id)
    )
    if announced := all_rows(Announcement, connection.execute(found)):
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


def withdraw_settled(connection: Connection) -> None:
    """Withdraw the unsent reminders of deadlines that were met or dropped meanwhile."""
    columns = deadlines.c
    same = and_(columns.case_id == messages.c.case_id, columns.key == messages.c.deadline_key)
    open_still = select(columns.id).where(same, columns.status == "open").exists()
    settled = unsent(connection).where(messages.c.kind == "ladder", messages.c.case_id.is_not(None), ~open_still)
    connection.execute(settled.values(status="withdrawn", note="settled"))


def unsent(connection: Connection) -> Update:
    """Messages that no worker has claimed and no server has accepted."""
    columns = messages.c
    unclaimed = is_free(columns.claimed_until, database_now(connection))
    tried = or_(columns.message_id == "", columns.attempts > 0)
    return update(messages).where(columns.status.in_(("pending", "held")), unclaimed, tried)


def corrections_so_far(connection: Connection, case_id: int | None = None) -> dict[tuple[int, int, str], int]:
    """How many corrections there have been, sent or not, by person, case and deadline; of one case, or of all."""
    columns = messages.c
    about = (columns.officer_id, columns.case_id, columns.deadline_key)
    found = select(*about, func.count()).where(columns.kind == "correction", columns.case_id.is_not(None))
    found = found if case_id is None else found.where(columns.case_id == case_id)
    return {
        (person, case, key): count for person, case, key, count in connection.execute(found.group_by(*about)).tuples()
    }


def reminder_sequence(corrected: int) -> int:
    """The sequence of a reminder's calendar entry: above that of the last correction, below that of the next."""
    return 2 * corrected


def _correct(
    connection: Connection, case_id: int, announced: Sequence[Announcement], *, now: datetime, today: date
) -> None:
    case = one_row(CaseRow, connection.execute(select(case_rows).where(case_rows.c.id == case_id)))
    found = connection.execute(select(deadlines).where(deadlines.c.case_id == case_id))
    current = {row["key"]: row for row in all_rows(DeadlineRow, found)}
    people, calendars, versions = People(connection, today), OfficeCalendars(connection), Versions(connection)
    so_far, trial, new = corrections_so_far(connection, case_id), is_trial(connection), []
    for (officer, deadline), known in _known_to(announced).items():
        person, row = people.by_id.get(officer), current.get(deadline)
        if person and (change := _change(row, known)):
            number = so_far.get((officer, case_id, deadline), 0) + 1
            correction = Correction(case, deadline, known, change, row["ends_on"] if row else None, number, trial)
            next_at = allowed_from(now, calendars.of(person.district).agency)
            new.append(replace(_message(person, correction, versions, now=now, today=today), next_at=next_at))
    message_store.put(connection, new)


def _known_to(announced: Sequence[Announcement]) -> dict[tuple[int, str], Known]:
    """By person and deadline, from messages in the order in which they were written."""
    known: dict[tuple[int, str], Known] = {}
    for item in announced:
        before = known.get(key := (item["officer_id"], item["deadline_key"]))
        holds = announced_date(item["key"]) if item["kind"] == "ladder" else corrected_date(item["key"])
        last = holds or (before.announced_on if before else None)
        if last is not None:
            known[key] = Known(last, holds, bool(item["calendar"] or (before and before.in_calendar)))
    return known


def _change(current: DeadlineRow | None, known: Known) -> str:
    """Nothing while what was announced holds, or once the deadline was met."""
    if current is None or current["status"] == "dropped":
        return "gone" if known.holds else ""
    if current["status"] == "met" or current["ends_on"] == known.holds:
        return ""
    return "now" if current["ends_on"] else "stopped"


def _message(person: Person, correction: Correction, versions: Versions, *, now: datetime, today: date) -> NewMessage:
    case, deadline, known = correction.case, correction.deadline, correction.known
    name = versions.label("deadlines", deadline, person.lang, case["procedure"])
    text = render(
        "correction", person.lang,
        ref=case["ref"], unit=case["unit_name"], announced_on=known.announced_on, change=correction.change,
        deadline=name, ends_on=correction.ends_on,
    )  # fmt: skip
    entry = Entry(
        case["ref"], deadline, case["unit_name"], correction.ends_on or known.announced_on,
        prefixed(name, correction.trial, person.lang),
        sequence=reminder_sequence(correction.number) - 1, cancelled=correction.change != "now",
    )  # fmt: skip
    key = correction_key(person.id, case["ref"], deadline, correction.number, correction.ends_on)
    message = message_store.new_message(person, key, "correction", text, now=now, today=today)
    return replace(
        message, case_id=case["id"], deadline_key=deadline, link=f"/cases/{case['ref']}",
        calendar=attachment(entry, now) if known.in_calendar else "",
    )  # fmt: skip
