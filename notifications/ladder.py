"""Single reminders of a deadline, rung by rung, each rung once for each recipient."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, or_, select

from models.database import give_way, reading, writing
from models.office_kind import is_trial
from models.tables import case_rows, deadlines, messages
from models.typed_rows import all_rows
from notifications import message_store
from notifications.calendar_entries import Entry, attachment
from notifications.feed import OpenDeadline
from notifications.message_store import NewMessage
from notifications.message_texts import Text, days_text, render
from notifications.next_steps import next_step
from notifications.recipients import People, Person, Recipient
from notifications.sending_rules import Rung, allowed_from, ladder_key, rules
from notifications.withdrawal import corrections_so_far, reminder_sequence, withdraw_settled
from oversight.lights import light_of_deadline
from procedures.legal_time.calendar import Calendar, load_calendars
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.versions import Versions
from templates.trial_mark import prefixed

RESPONSIBLE = "responsible"  # in the ladder: the role that has to act
AT_ONCE = 200  # reminders of one transaction
ROUNDS = 3  # times that a day is worked out where deadlines change meanwhile; what is left is due on the next day
_OPEN: Select[Any] = (
    select(
        deadlines.c.case_id, deadlines.c.key, deadlines.c.kind, deadlines.c.starts_on, deadlines.c.ends_on,
        deadlines.c.who, deadlines.c.confidence, case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code,
        case_rows.c.level, case_rows.c.officer_id, case_rows.c.procedure, case_rows.c.state, case_rows.c.seq,
    )
    .join(case_rows, case_rows.c.id == deadlines.c.case_id)
    .where(deadlines.c.status == "open", case_rows.c.closed_on.is_(None))
)  # fmt: skip


class NearDeadline(OpenDeadline):
    """An open deadline that has passed or ends soon."""

    case_id: int
    starts_on: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """One rung of a deadline for one recipient.

    `key` is the idempotency key. `responsible` names the people who have to act, "" for a recipient who is one of them.
    `held` is True beyond the recipient's daily budget: the reminder waits for the weekly digest.
    """

    deadline: NearDeadline
    recipient: Recipient
    rung: Rung
    key: str
    responsible: str
    held: bool

    @property
    def person(self) -> Person:
        return self.recipient.person

    @property
    def link(self) -> str:
        return f"/cases/{self.deadline['ref']}"


def climb(bind: Engine, day: date, *, now: datetime) -> dict[str, int]:
    """Write the reminders that are due on a day, each rung of a deadline once. Returns how many by status.

    What exceeds a person's budget is held for the weekly digest. A suspended deadline has no end and no reminders.
    They are worked out beside other people's work and written AT_ONCE in a transaction. What was interrupted is
    continued by the next call.
    """
    with writing(bind) as connection:
        withdraw_settled(connection)
    written: Counter[str] = Counter()
    for _ in range(ROUNDS):
        found, is_whole = _one_round(bind, day, now)
        written += found
        if is_whole:
            break
    return dict(written)


def _one_round(bind: Engine, day: date, now: datetime) -> tuple[Counter[str], bool]:
    """How many were written by status; whether all that were due could be, since their deadlines had not changed."""
    written, is_whole = Counter[str](), True
    with reading(bind) as snapshot:
        current = Round(snapshot, day, now)
        due = current.reminders(_near(snapshot, day, current.versions))
        while part := [(item.deadline, current.message(item)) for item in islice(due, AT_ONCE)]:
            new = _write(bind, part)
            written.update(message.status for message in new)
            is_whole = is_whole and len(new) == len(part)
            if len(part) == AT_ONCE:
                give_way(bind)
    return written, is_whole


def _write(bind: Engine, part: Sequence[tuple[NearDeadline, NewMessage]]) -> list[NewMessage]:
    """Write those whose deadline and case are still as they were when the reminder was worked out."""
    with writing(bind) as connection:
        cases = {deadline["case_id"] for deadline, _ in part}
        now = all_rows(NearDeadline, connection.execute(_OPEN.where(deadlines.c.case_id.in_(cases))))
        known = {tuple(row.values()) for row in now}
        new = [message for deadline, message in part if tuple(deadline.values()) in known]
        message_store.put(connection, new)
    return new


class Round:
    """What one day's reminders need, read once: people, calendars, versions, keys written before, budgets used."""

    def __init__(self, connection: Connection, day: date, now: datetime) -> None:
        self.day, self.now = day, now
        self.people, self.versions = People(connection, day), Versions(connection)
        self._calendars, self._trial = OfficeCalendars(connection), is_trial(connection)
        self._keys = _known(connection)
        self._corrected = corrections_so_far(connection)
        self._used = message_store.used_today(connection, day)

    def reminders(self, near: list[NearDeadline]) -> Iterator[Reminder]:
        """The reminders that are due and have not been written before; each one counts against its budget."""
        for deadline in near:
            calendar = self._calendar_of(office_of(deadline))
            for rung in due_rungs(deadline["starts_on"], deadline["ends_on"], self.day, calendar):
                for recipient in self.people.with_substitutes(self._readers(rung.to, deadline)):
                    key = ladder_key(
                        recipient.person.id, deadline["ref"], deadline["key"], deadline["ends_on"], rung.key
                    )
                    if key not in self._keys:
                        self._keys.add(key)
                        yield self._reminder(deadline, recipient, rung, key)

    def message(self, reminder: Reminder) -> NewMessage:
        """A held reminder is not sent by itself and needs no calendar entry."""
        person, deadline = reminder.person, reminder.deadline
        message = message_store.new_message(
            person, reminder.key, "ladder", self._text(reminder), now=self.now, today=self.day
        )
        return replace(
            message, status="held" if reminder.held else message.status,
            next_at=allowed_from(self.now, self._calendar_of(person.district)),
            case_id=deadline["case_id"], deadline_key=deadline["key"], link=reminder.link,
            calendar=self._calendar_entry(reminder),
        )  # fmt: skip

    def _reminder(self, deadline: NearDeadline, recipient: Recipient, rung: Rung, key: str) -> Reminder:
        responsible = self._responsible(deadline, recipient.person) if rung.to != RESPONSIBLE else ""
        return Reminder(deadline, recipient, rung, key, responsible, self._exceeds_budget(recipient.person))

    def _text(self, reminder: Reminder) -> Text:
        deadline, lang = reminder.deadline, reminder.person.lang
        ends_on, pin = deadline["ends_on"], deadline["procedure"]
        working_days = self._calendar_of(office_of(deadline)).working_days_between(self.day, ends_on)
        return render(
            "ladder", lang,
            ref=deadline["ref"], unit=deadline["unit_name"], deadline=self._name(reminder), ends_on=ends_on,
            kind=_duty(deadline),
            left=days_text(self.day, ends_on, _duty(deadline), working_days, lang),
            recalled=deadline["confidence"] == "recalled", responsible=reminder.responsible,
            light=light_of_deadline(_duty(deadline), ends_on, self.day),
            next=next_step(self.versions, deadline["state"], pin, lang, deadline["key"]),
            instead_of=reminder.recipient.absent_name,
        )  # fmt: skip

    def _calendar_entry(self, reminder: Reminder) -> str:
        if reminder.held or reminder.deadline["ends_on"] < self.day:
            return ""
        deadline, lang = reminder.deadline, reminder.person.lang
        name = prefixed(self._name(reminder), self._trial, lang)
        corrected = self._corrected.get((reminder.person.id, deadline["case_id"], deadline["key"]), 0)
        entry = Entry(
            deadline["ref"], deadline["key"], deadline["unit_name"], deadline["ends_on"], name,
            sequence=reminder_sequence(corrected),
        )  # fmt: skip
        return attachment(entry, self.now)

    def _name(self, reminder: Reminder) -> str:
        deadline = reminder.deadline
        return self.versions.label("deadlines", deadline["key"], reminder.person.lang, deadline["procedure"])

    def _responsible(self, deadline: NearDeadline, reader: Person) -> str:
        """The names of the people who have to act; "" for a reader who is one of them."""
        found = self._readers(RESPONSIBLE, deadline)
        return "" if reader in found else ", ".join(person.name for person in found)

    def _readers(self, to: str, deadline: NearDeadline) -> list[Person]:
        """The people of a role, in the office above where it has to act; `responsible`: of the role that has to act."""
        kind = self.versions.part("deadlines", deadline["key"], deadline["procedure"])
        if kind is not None and kind.above:
            return self.people.of_city(kind.above if to == RESPONSIBLE else to)
        role = deadline["who"] or "case_officer" if to == RESPONSIBLE else to
        return self.people.in_role(role, deadline)

    def _exceeds_budget(self, person: Person) -> bool:
        """True when the person's budget of the day is used up; otherwise one more of it is used."""
        if self._used.get(person.id, 0) >= rules().budget:
            return True
        self._used[person.id] = self._used.get(person.id, 0) + 1
        return False

    def _calendar_of(self, office: str | None) -> Calendar:
        return self._calendars.of(office).agency


def due_rungs(starts_on: date, ends_on: date, day: date, days: Calendar) -> list[Rung]:
    """The rungs of a deadline that a day has come to.

    Before the end only the nearest: after days off no reminder says ten days when three are left; a rung that is
    before the start of the deadline is none. After the end every one that has come, for each has other recipients.
    """
    if ends_on < day:
        return [rung for rung, on in _rung_days(ends_on, days) if rung.days < 0 and on <= day]
    reached = [(rung, on) for rung, on in _rung_days(ends_on, days) if rung.days >= 0 and on <= day]
    return [rung for rung, on in reached[-1:] if on > starts_on]


@lru_cache(maxsize=4096)  # thousands of deadlines end on a few days
def _rung_days(ends_on: date, days: Calendar) -> tuple[tuple[Rung, date], ...]:
    """Every rung of a deadline with the day on which it comes."""
    return tuple((rung, _rung_day(rung, ends_on, days)) for rung in rules().rungs)


def _rung_day(rung: Rung, ends_on: date, days: Calendar) -> date:
    return days.add_working_days(ends_on, -rung.days) if rung.days else days.previous_working(ends_on)


def _duty(deadline: NearDeadline) -> str:
    """The kind of a deadline for its reader: the term of another party is a duty of the office above."""
    return "legal" if deadline["kind"] == "period" else deadline["kind"]


def _near(connection: Connection, day: date, versions: Versions) -> list[NearDeadline]:
    """Open deadlines that have passed or end soon: legal limits first, the nearest first.

    Of the terms of other parties those that the office above has.
    """
    above = {key for procedure in versions.adopted for key, kind in procedure.deadlines.items() if kind.above}
    longest = max(rung.days for rung in rules().rungs)
    last = load_calendars().agency.add_working_days(day, longest) + timedelta(days=14)  # room for closed offices
    columns = deadlines.c
    found = _OPEN.where(columns.ends_on <= last, or_(columns.kind != "period", columns.key.in_(above)))
    rows = all_rows(NearDeadline, connection.execute(found))
    return sorted(rows, key=lambda row: (row["kind"] != "legal", row["ends_on"], row["ref"], row["key"]))


def _known(connection: Connection) -> set[str]:
    """Keys of the reminders of open deadlines."""
    same = and_(deadlines.c.case_id == messages.c.case_id, deadlines.c.key == messages.c.deadline_key)
    found = select(messages.c.key).join(deadlines, same)
    return set(connection.scalars(found.where(messages.c.kind == "ladder", deadlines.c.status == "open")))
