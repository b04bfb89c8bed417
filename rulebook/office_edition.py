"""By which edition of the country's days off the office's deadlines are derived: that which it adopted last."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models.tables import calendar_adoptions, case_rows
from procedures.legal_time.calendar_editions import newest_edition


def office_edition(connection: Connection, known_before: datetime | None = None) -> int:
    """The edition in force now, or the one that was in force just before an instant.

    The newest one where none is recorded: an office without a case has nothing that could move.
    """
    adoption = _adoption(connection, known_before) or _first(connection)
    return newest_edition() if adoption is None else int(adoption["edition"])


def record_edition(connection: Connection, edition: int, by: str, now: datetime, note: str = "") -> None:
    """From now on deadlines are derived by this edition; `by` is empty when the product itself chose it."""
    row = {"edition": edition, "adopted_by": by, "adopted_at": now, "note": note}
    connection.execute(calendar_adoptions.insert().values(row))


def sync_edition(connection: Connection, now: datetime) -> int | None:
    """At every start: an office without cases goes over to the newest edition, one with cases keeps its own.

    Gives back the number of the newest edition when a person should look at it and adopt it, else None.
    """
    found, newest = _adoption(connection), newest_edition()
    if found is not None and found["edition"] == newest:
        return None
    if found is None or connection.execute(select(case_rows.c.id).limit(1)).first() is None:
        record_edition(connection, newest, "", now)
        return None
    return newest if found["edition"] < newest else None


def _adoption(connection: Connection, known_before: datetime | None = None) -> dict[str, Any] | None:
    columns = calendar_adoptions.c
    found = select(columns.edition).order_by(columns.id.desc()).limit(1)
    if known_before is not None:
        found = found.where(columns.adopted_at < known_before)
    row = connection.execute(found).mappings().first()
    return None if row is None else dict(row)


def _first(connection: Connection) -> dict[str, Any] | None:
    """What the office began with: a look back to before its first record counts by it too."""
    columns = calendar_adoptions.c
    row = connection.execute(select(columns.edition).order_by(columns.id).limit(1)).mappings().first()
    return None if row is None else dict(row)
