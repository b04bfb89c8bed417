"""Sessions that were signed out of: the cookie that carries one is signed, and a copy of it must open nothing."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from models.tables import ended_sessions

LIFE = timedelta(hours=12)  # of a cookie that nobody uses


def end(connection: Connection, key: str, now: datetime) -> None:
    """This one opens nothing any more; those whose cookies are void anyway are forgotten."""
    connection.execute(delete(ended_sessions).where(ended_sessions.c.ended_at < now - 2 * LIFE))
    if key and not has_ended(connection, key):
        connection.execute(ended_sessions.insert().values(key=key, ended_at=now))


def has_ended(connection: Connection, key: str) -> bool:
    """Whether somebody signed out of it."""
    return connection.scalar(select(ended_sessions.c.key).where(ended_sessions.c.key == key)) is not None
