"""The rows of `message`: written once by their key, counted against the daily budget of a person."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from models.database import is_sqlite
from models.tables import messages
from notifications.message_texts import Text
from notifications.recipients import Person

SINGLE = ("notice", "ladder", "correction")
BEYOND_BUDGET = ("held", "withdrawn", "dropped")
CHUNK = 500


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message about to be written; the fields are columns of `message`.

    `key` is the idempotency key. `status` is pending, held (until the weekly digest) or inbox (nothing is sent).
    `next_at` is the earliest instant of sending, `case_id` None where the message concerns no single case, `link` a
    path of the application, `calendar` an iCalendar document or "".
    """

    key: str
    officer_id: int
    kind: str  # notice | ladder | correction | version | digest
    subject: str
    body: str
    html: str
    status: str
    created_on: date
    created_at: datetime
    next_at: datetime
    case_id: int | None = None
    deadline_key: str = ""
    link: str = ""
    calendar: str = ""


def new_message(person: Person, key: str, kind: str, text: Text, *, now: datetime, today: date) -> NewMessage:
    """A message to a person: pending where they have an address, else for the inbox alone; due at once."""
    status = "pending" if person.reached else "inbox"
    return NewMessage(key, person.id, kind, text.subject, text.body, text.html, status, today, now, now)


def put(connection: Connection, new: Sequence[NewMessage]) -> int:
    """Write the messages whose key is not in the table yet. Returns how many."""
    fresh = fresh_of(connection, new)
    if fresh:
        module = sqlite if is_sqlite(connection) else postgresql
        statement = module.insert(messages).on_conflict_do_nothing(index_elements=["key"])
        connection.execute(statement, [_values(message) for message in fresh])
    return len(fresh)


def _values(message: NewMessage) -> dict[str, Any]:
    return asdict(message) | {"attempts": 0, "message_id": "", "note": ""}


def fresh_of(connection: Connection, new: Sequence[NewMessage]) -> list[NewMessage]:
    """Those whose key is not in the table yet, each key once."""
    by_key = {message.key: message for message in new}
    keys = list(by_key)
    for start in range(0, len(keys), CHUNK):
        known = select(messages.c.key).where(messages.c.key.in_(keys[start : start + CHUNK]))
        for key in connection.scalars(known):
            del by_key[key]
    return list(by_key.values())


class UsedToday:
    """The single messages of a day by `officer_id`; notices that go as one mail count once."""

    def __init__(self, connection: Connection, today: date) -> None:
        columns = messages.c
        grouped = (
            select(columns.officer_id, columns.kind, columns.next_at, func.count())
            .where(columns.created_on == today, columns.kind.in_(SINGLE), columns.status.not_in(BEYOND_BUDGET))
            .group_by(columns.officer_id, columns.kind, columns.next_at)
        )
        self._mails: defaultdict[int, set[datetime]] = defaultdict(set)
        self._others: Counter[int] = Counter()
        for officer, kind, at, rows in connection.execute(grouped).tuples():
            if kind == "notice":
                self._mails[officer].add(at)
            else:
                self._others[officer] += rows

    @property
    def officers(self) -> set[int]:
        return {*self._mails, *self._others}

    def of(self, officer_id: int) -> int:
        return len(self._mails[officer_id]) + self._others[officer_id]

    def add_notice(self, message: NewMessage) -> None:
        """A notice that is about to be written counts for those after it."""
        if message.status not in BEYOND_BUDGET:
            self._mails[message.officer_id].add(message.next_at)


def used_today(connection: Connection, today: date) -> dict[int, int]:
    """`UsedToday` by `officer_id` of those who have any."""
    used = UsedToday(connection, today)
    return {officer: used.of(officer) for officer in used.officers}
