"""Channels of people: addresses kept sealed, switched on and off, tested, never shown again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, select, update

from models.database import reading, writing
from models.errors import NotFound
from models.settings import Settings
from models.tables import channels, officers
from notifications.delivery.carriers import PATIENCE, carry
from notifications.delivery.channel_rules import check_count, label_of, service_of
from notifications.delivery.mail_form import mail_of
from notifications.delivery.sealing import seal
from notifications.message_texts import render


@dataclass(frozen=True, slots=True)
class Channel:
    """What its owner sees of a channel; `failed` is a code of `messages.failed_`."""

    id: int
    label: str
    active: bool
    failing_since: datetime | None
    failed: str


def of(connection: Connection, officer_id: int) -> Sequence[Channel]:
    """A person's channels, oldest first; never their addresses."""
    columns = channels.c
    mine = select(columns.id, columns.label, columns.active, columns.failing_since, columns.last_error)
    found = mine.where(columns.officer_id == officer_id).order_by(columns.id)
    return [Channel(*row) for row in connection.execute(found).tuples()]


def add(connection: Connection, chosen: Settings, officer_id: int, label: str, address: str) -> int:
    """Keep an address for a person. Returns its id. Raises WrongInput or Refused by the channel rules."""
    name, wanted = label_of(label), address.strip()
    service_of(wanted)
    check_count(len(of(connection, officer_id)))
    row = channels.insert().values(
        officer_id=officer_id, label=name, address_sealed=seal(chosen, wanted), active=True, last_error=""
    )
    return int(connection.execute(row.returning(channels.c.id)).scalar_one())


def remove(connection: Connection, officer_id: int, channel_id: int) -> None:
    """Forget one's own channel. Raises NotFound."""
    mine = delete(channels).where(channels.c.id == channel_id, channels.c.officer_id == officer_id)
    if not connection.execute(mine).rowcount:
        raise NotFound("no_such_channel")


def switch(connection: Connection, officer_id: int, channel_id: int, active: bool) -> None:
    """Turn one's own channel on or off. Raises NotFound."""
    mine = update(channels).where(channels.c.id == channel_id, channels.c.officer_id == officer_id)
    if not connection.execute(mine.values(active=active)).rowcount:
        raise NotFound("no_such_channel")


def test(
    bind: Engine, chosen: Settings, officer_id: int, channel_id: int, *, now: datetime, patience: float = PATIENCE
) -> str:
    """Send a test to one's own channel. Returns the code of the failure, or "". Raises NotFound.

    No transaction is open while the server is waited for.
    """
    found = (
        select(channels.c.address_sealed, channels.c.label, officers.c.lang)
        .join(officers, officers.c.id == channels.c.officer_id)
        .where(channels.c.id == channel_id, channels.c.officer_id == officer_id)
    )
    with reading(bind) as connection:
        row = connection.execute(found).first()
        if row is None:
            raise NotFound("no_such_channel")
        stamp = f"<test-{channel_id}-{now:%Y%m%d%H%M%S%f}@coopcase>"
        mail = mail_of(connection, stamp, render("test", row.lang, label=row.label), row.lang, "", now)
    failed = carry(chosen, row.address_sealed, mail, patience)
    with writing(bind) as connection:
        note(connection, channel_id, failed, now)
    return failed


def note(connection: Connection, channel_id: int, failed: str, now: datetime) -> None:
    """Record since when a channel fails (`failed` is a code), or that it works again ("")."""
    row = update(channels).where(channels.c.id == channel_id)
    if not failed:
        connection.execute(row.where(channels.c.failing_since.is_not(None)).values(failing_since=None, last_error=""))
        return
    connection.execute(row.values(last_error=failed))
    connection.execute(row.where(channels.c.failing_since.is_(None)).values(failing_since=now))
