"""Revoked sessions: a session cookie is signed and stateless, so signing out has to be recorded."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from models.tables import ended_sessions

LIFE = timedelta(hours=12)  # of an unused cookie


def end(connection: Connection, key: str, now: datetime) -> None:
    """Revoke a session; revocations of expired cookies are deleted."""
    connection.execute(delete(ended_sessions).where(ended_sessions.c.ended_at < now - 2 * LIFE))
    if key and not has_ended(connection, key):
        connection.execute(ended_sessions.insert().values(key=key, ended_at=now))


def has_ended(connection: Connection, key: str) -> bool:
    """Whether the session was signed out of."""
    return connection.scalar(select(ended_sessions.c.key).where(ended_sessions.c.key == key)) is not None
