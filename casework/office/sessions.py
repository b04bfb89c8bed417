"""Sessions of people in the browser: the browser holds a random key, the database its hash and whose it is."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from casework.office.people import Actor, actor
from models.errors import NotFound
from models.tables import officers, sessions

LIFE = timedelta(hours=12)  # from signing in, whether it is used or not


def new_key() -> str:
    """A key that cannot be guessed; it says nothing of the person."""
    return secrets.token_urlsafe(32)


def begin(connection: Connection, person: Actor, now: datetime) -> str:
    """Open a session of the person; returns its key. Sessions that are over are deleted."""
    connection.execute(delete(sessions).where(sessions.c.began_at < now - LIFE))
    key = new_key()
    row = {"key_hash": hash_of_key(key), "officer_id": person.id, "stamp": person.stamp, "began_at": now}
    connection.execute(sessions.insert().values(row))
    return key


def end(connection: Connection, key: str) -> None:
    """Sign out: the key, and each copy of it, opens nothing any more."""
    connection.execute(delete(sessions).where(sessions.c.key_hash == hash_of_key(key)))


def person_of(connection: Connection, key: str, now: datetime) -> Actor | None:
    """Whose session it is; None when it is over, was ended, or the password has changed since."""
    columns = sessions.c
    wanted = select(officers.c.login, columns.stamp, columns.began_at).join(
        officers, officers.c.id == columns.officer_id
    )
    row = connection.execute(wanted.where(columns.key_hash == hash_of_key(key))).first() if key else None
    if row is None or now - row.began_at > LIFE:
        return None
    try:
        person = actor(connection, row.login)
    except NotFound:  # left meanwhile
        return None
    return person if person.stamp == row.stamp else None


def keep_only(connection: Connection, key: str, person: Actor) -> None:
    """After a new password: this session goes on, every other one of the person's is ended."""
    columns = sessions.c
    connection.execute(delete(sessions).where(columns.officer_id == person.id, columns.key_hash != hash_of_key(key)))
    connection.execute(update(sessions).where(columns.key_hash == hash_of_key(key)).values(stamp=person.stamp))


def hash_of_key(key: str) -> str:
    """As the database keeps it: who reads the database, or a copy of it, can open no session."""
    return hashlib.sha256(key.encode()).hexdigest()
