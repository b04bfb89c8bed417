"""The edition of the national days off by which the office computes deadlines: the one it adopted last."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models.driver_sql import DriverStatement
from models.tables import calendar_adoptions, case_rows
from procedures.legal_time.calendar_editions import newest_edition

IN_FORCE = select(calendar_adoptions.c.edition).order_by(calendar_adoptions.c.id.desc()).limit(1)
_DRIVER = DriverStatement(IN_FORCE)


def office_edition(connection: Connection, known_before: datetime | None = None) -> int:
    """Return the edition in force now, or the one in force just before an instant.

    The newest one where none is recorded: such an office has no case whose deadlines could move.
    """
    adoption = _adoption(connection, known_before) or _first(connection)
    return newest_edition() if adoption is None else int(adoption["edition"])


def record_edition(connection: Connection, edition: int, by: str, now: datetime, note: str = "") -> None:
    """Record that deadlines are computed by this edition from now on; `by` is empty when the product chose it."""
    row = {"edition": edition, "adopted_by": by, "adopted_at": now, "note": note}
    connection.execute(calendar_adoptions.insert().values(row))


def sync_edition(connection: Connection, now: datetime) -> int | None:
    """Called at start: an office without cases adopts the newest edition, one with cases keeps its own.

    Returns the number of the newest edition when a person has to review and adopt it, else None.
    """
    found, newest = _adoption(connection), newest_edition()
    if found is not None and found["edition"] == newest:
        return None
    if found is None or connection.execute(select(case_rows.c.id).limit(1)).first() is None:
        record_edition(connection, newest, "", now)
        return None
    return newest if found["edition"] < newest else None


def _adoption(connection: Connection, known_before: datetime | None = None) -> dict[str, Any] | None:
    if known_before is None:
        latest = _DRIVER.first(connection, {})
        return None if latest is None else {"edition": latest[0]}
    found = IN_FORCE.where(calendar_adoptions.c.adopted_at < known_before)
    row = connection.execute(found).mappings().first()
    return None if row is None else dict(row)


def _first(connection: Connection) -> dict[str, Any] | None:
    """The first recorded edition, also used for instants before it was recorded."""
    columns = calendar_adoptions.c
    row = connection.execute(select(columns.edition).order_by(columns.id).limit(1)).mappings().first()
    return None if row is None else dict(row)
