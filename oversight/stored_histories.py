"""Histories of cases as they were folded, stored by the head of the case: read instead of folding a whole city anew.

A head identifies every fact of its case, so a stored history is that of the facts or is not read: acts do not write it,
and need not be informed when a case changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from models.database import is_sqlite
from models.tables import case_histories, case_rows
from oversight.history_folding import History

READING = 2  # to be raised when the same facts make another history
_COLUMNS = ("head", "pin", "reading", "seen_on", "course")


def stored(
    connection: Connection, today: date, district: str | None = None, only: Sequence[int] | None = None
) -> dict[int, History]:
    """By case: the history of its facts as they are now, where it is stored and holds on `today`."""
    row, kept = case_rows.c, case_histories.c
    found = select(row.id, row.ref, row.district_code, row.procedure, kept.course).join(
        case_histories,
        (kept.case_id == row.id) & (kept.head == row.head) & (kept.pin == row.procedure) & (row.head != ""),
    )
    found = found.where(kept.reading == READING, kept.seen_on <= today)
    if district:
        found = found.where(row.district_code == district)
    if only is not None:
        found = found.where(row.id.in_(only))
    return {key: _history(key, *of_row) for key, *of_row in connection.execute(found).tuples()}


def identities(connection: Connection, today: date) -> dict[int, tuple[str, str]]:
    """By case: the head and the version of what is stored and holds on `today`."""
    kept = case_histories.c
    found = select(kept.case_id, kept.head, kept.pin).where(kept.reading == READING, kept.seen_on <= today)
    return {key: (head, pin) for key, head, pin in connection.execute(found).tuples()}


def store(connection: Connection, listed: Iterable[tuple[History, str, date]]) -> None:
    """Store histories, each with the head of its case and the day it was seen from: no fact lies behind that day."""
    rows = [
        {"case_id": one.case_id, "head": head, "pin": one.procedure, "reading": READING, "seen_on": seen_on,
         "course": _course(one)}
        for one, head, seen_on in listed
    ]  # fmt: skip
    if rows:
        insert = (sqlite if is_sqlite(connection) else postgresql).insert(case_histories)
        changed = {name: insert.excluded[name] for name in _COLUMNS}
        connection.execute(insert.on_conflict_do_update(index_elements=["case_id"], set_=changed), rows)


def forget(connection: Connection, cases: Sequence[int]) -> None:
    """Remove what is stored of some cases; they are folded when they are next read."""
    connection.execute(delete(case_histories).where(case_histories.c.case_id.in_(cases)))


def _course(one: History) -> dict[str, Any]:
    return {
        "steps": one.steps, "days": one.days, "bound": one.bound, "closed": one.is_closed, "held": one.held,
    }  # fmt: skip


def _history(case_id: int, ref: str, district: str, pin: str, course: Mapping[str, Any]) -> History:
    own = (course[name] for name in ("steps", "days", "bound", "closed", "held"))
    return History(case_id, ref, district, pin, *own)
