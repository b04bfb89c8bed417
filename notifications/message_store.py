"""The rows of `message`: written once by their key, counted for a person's day."""

from collections.abc import Mapping, Sequence
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


def row_of(
    person: Person, key: str, kind: str, text: Text, *, now: datetime, today: date, **more: Any
) -> dict[str, Any]:
    """A message to a person: pending where it can be sent, else for the inbox alone."""
    return {
        "key": key, "officer_id": person.id, "case_id": None, "kind": kind, "deadline_key": "",
        "subject": text.subject, "body": text.body, "html": text.html, "calendar": "", "link": "",
        "status": "pending" if person.reached else "inbox", "attempts": 0, "created_on": today, "created_at": now,
        "next_at": now, "message_id": "", "note": "",
    } | more  # fmt: skip


def put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write the rows whose key is new; gives back how many."""
    fresh = _fresh(connection, rows)
    if fresh:
        module = sqlite if is_sqlite(connection) else postgresql
        statement = module.insert(messages).on_conflict_do_nothing(index_elements=["key"])
        connection.execute(statement, fresh)
    return len(fresh)


def _fresh(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    by_key = {row["key"]: dict(row) for row in rows}
    keys = list(by_key)
    for start in range(0, len(keys), CHUNK):
        known = select(messages.c.key).where(messages.c.key.in_(keys[start : start + CHUNK]))
        for key in connection.scalars(known):
            del by_key[key]
    return list(by_key.values())


def used_today(connection: Connection, today: date) -> dict[int, int]:
    """Single messages of a day by person; news that goes together counts once."""
    columns = messages.c
    grouped = (
        select(columns.officer_id, func.count(), func.count(columns.next_at.distinct()), columns.kind)
        .where(columns.created_on == today, columns.kind.in_(SINGLE), columns.status.not_in(BEYOND_BUDGET))
        .group_by(columns.officer_id, columns.kind)
    )
    used: dict[int, int] = {}
    for officer, rows, instants, kind in connection.execute(grouped).tuples():
        used[officer] = used.get(officer, 0) + (instants if kind == "notice" else rows)
    return used
