"""Leases on work that one worker at a time does, by the database's clock: those of the workers' machines may differ.

Each claim has a number above that of the claim before. A worker notes a result under the number of its own claim alone,
so that one who comes back after the lease ended cannot overwrite what another did meanwhile.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, or_, select

from models.clock_watch import BACK

LEASE = timedelta(minutes=5)


def database_now(connection: Connection) -> datetime:
    """What the database's clock says: the server's on PostgreSQL, on SQLite that of the one machine that has the file.

    It is never the office's clock, whose days may be chosen.
    """
    if connection.dialect.name == "sqlite":
        said = connection.execute(select(func.strftime("%Y-%m-%d %H:%M:%f", "now"))).scalar_one()
        return datetime.fromisoformat(said).replace(tzinfo=UTC)
    at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)


def is_free(until: ColumnElement[datetime | None], now: datetime) -> ColumnElement[bool]:
    """Never claimed, or the lease ended by `database_now`.

    A lease that ends later than any can was given before the database's clock was set back. A server that takes over
    for another may be a little behind it, which ends no lease.
    """
    return or_(until.is_(None), until <= now, until > now + LEASE + BACK)
