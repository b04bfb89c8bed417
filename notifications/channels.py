"""Where people want their messages: Apprise addresses, kept sealed, tried out, never logged."""

import contextlib
import logging
import smtplib
from datetime import datetime
from typing import Any

import apprise
from apprise.plugins.email import NotifyEmail
from sqlalchemy import Connection, delete, select, update

from models.errors import NotFound, Refused, WrongInput
from models.settings import Settings
from models.tables import channels, officers
from notifications.mailing import Mail, by_smtp
from notifications.sealing import seal, unseal
from notifications.texts import render

PATIENCE = 15.0  # seconds for a server to answer
LONGEST_LABEL, LONGEST_ADDRESS, MOST_CHANNELS = 60, 2000, 8
OF_THE_MACHINE = ("dbus", "qt", "glib", "gnome", "kde", "macosx", "windows", "syslog")  # reach nobody but the server

# Apprise logs whole addresses when it is asked for details.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


def add(connection: Connection, chosen: Settings, officer_id: int, label: str, address: str) -> int:
    """Keep an address for a person; gives back its number. Raises WrongInput for one that Apprise cannot read."""
    name, wanted = label.strip()[:LONGEST_LABEL], address.strip()
    if not name:
        raise WrongInput("label", "channel_needs_name")
    read(wanted)
    known = connection.scalars(select(channels.c.id).where(channels.c.officer_id == officer_id)).all()
    if len(known) >= MOST_CHANNELS:
        raise Refused("too_many_channels", most=MOST_CHANNELS)
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
    connection: Connection, chosen: Settings, officer_id: int, channel_id: int,
    *, now: datetime, patience: float = PATIENCE,
) -> str:  # fmt: skip
    """Send a test to one's own channel; gives back why it failed, or nothing. Raises NotFound."""
    found = (
        select(channels.c.address_sealed, officers.c.lang)
        .join(officers, officers.c.id == channels.c.officer_id)
        .where(channels.c.id == channel_id, channels.c.officer_id == officer_id)
    )
    row = connection.execute(found).first()
    if row is None:
        raise NotFound("no_such_channel")
    text = render("test", row.lang)
    stamp = f"<test-{channel_id}-{now:%Y%m%d%H%M%S}@coopcase>"
    failed = carry(chosen, row.address_sealed, Mail(stamp, text.subject, text.body, text.html, "", now), patience)
    note(connection, channel_id, failed, now)
    return failed


def note(connection: Connection, channel_id: int, failed: str, now: datetime) -> None:
    """Remember since when a channel fails; one success forgets it."""
    row = update(channels).where(channels.c.id == channel_id)
    if not failed:
        connection.execute(row.where(channels.c.failing_since.is_not(None)).values(failing_since=None, last_error=""))
        return
    connection.execute(row.values(last_error=failed))
    connection.execute(row.where(channels.c.failing_since.is_(None)).values(failing_since=now))


def read(address: str) -> Any:
    """The address as Apprise reads it. Raises WrongInput, which does not repeat the address."""
    scheme = address.partition("://")[0].lower()
    found = None
    if len(address) <= LONGEST_ADDRESS and address.isprintable() and scheme not in OF_THE_MACHINE:
        with contextlib.suppress(Exception):  # plug-ins raise whatever they like over a bad address
            found = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if found is None:
        raise WrongInput("address", "not_a_channel")
    return found


def carry(chosen: Settings, sealed: str, mail: Mail, patience: float = PATIENCE) -> str:
    """Send by one channel; gives back a short code of what failed, or nothing. Never raises."""
    try:
        service = read(unseal(chosen, sealed))
        if isinstance(service, NotifyEmail):
            by_smtp(service, mail, patience)
            return ""
        service.socket_connect_timeout = service.socket_read_timeout = patience
        sent = service.notify(body=mail.body, title=mail.subject, body_format=apprise.NotifyFormat.TEXT)
        return "" if sent else "not_accepted"
    except (WrongInput, Refused) as error:
        return error.code
    except smtplib.SMTPServerDisconnected:
        return "hung_up"
    except smtplib.SMTPException:
        return "refused"
    except TimeoutError:
        return "no_answer"
    except OSError:
        return "no_connection"
    except Exception:  # a plug-in of Apprise that breaks must not stop the others
        return "not_accepted"
