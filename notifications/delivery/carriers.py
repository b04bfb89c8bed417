"""Sends a message to an address: by Apprise's services, or by SMTP with a Message-ID that stays the same.

Every failure becomes a short code, a key of the words under `messages.failed_`; no address is ever part of it.
"""

import contextlib
import logging
import smtplib
import socket
import ssl
from collections.abc import Callable
from threading import Thread
from typing import Any

import apprise
from apprise.plugins.email import NotifyEmail

from models.errors import Refused, WrongInput
from models.settings import Settings
from notifications.delivery.channel_rules import service_of
from notifications.delivery.egress_guard import EgressBlocked, outward
from notifications.delivery.mailing import Mail, by_smtp
from notifications.delivery.sealing import unseal

PATIENCE = 15.0  # seconds for one address, from connecting to the last byte
LEEWAY = 5.0  # seconds more for Apprise, which reports its own time-out as a refusal: PATIENCE ends first (no_answer)
FAILURES: tuple[tuple[type[BaseException], str], ...] = (  # the first that fits
    (EgressBlocked, "internal_address"),
    (smtplib.SMTPAuthenticationError, "sign_in_refused"),
    (smtplib.SMTPRecipientsRefused, "recipient_refused"),
    (smtplib.SMTPSenderRefused, "sender_refused"),
    (smtplib.SMTPNotSupportedError, "not_supported"),
    (smtplib.SMTPServerDisconnected, "hung_up"),
    (smtplib.SMTPException, "refused"),
    (ssl.SSLCertVerificationError, "bad_certificate"),
    (ssl.SSLError, "no_tls"),
    (TimeoutError, "no_answer"),
    (socket.gaierror, "unknown_host"),
    (OSError, "no_connection"),
)

# Apprise logs whole addresses when it is asked for details.
logging.getLogger("apprise").setLevel(logging.CRITICAL)


def office_mail(chosen: Settings) -> Any:
    """The office's own mail server (COOPCASE_MAIL) as an Apprise service, None where none is set. Raises WrongInput."""
    address = chosen.mail.get_secret_value().strip()
    if not address:
        return None
    with contextlib.suppress(WrongInput):
        found = service_of(address)
        if isinstance(found, NotifyEmail):
            return found
    raise WrongInput("COOPCASE_MAIL", "wrong_office_mail")


def carry(chosen: Settings, sealed: str, mail: Mail, patience: float = PATIENCE) -> str:
    """Send to one sealed address, within `patience` seconds. Returns the code of the failure, or ""; never raises."""
    return within(patience, lambda: _to_address(chosen, sealed, mail, patience))


def carry_by_office(chosen: Settings, mail: Mail, to: tuple[str, str], patience: float = PATIENCE) -> str:
    """Send to a (name, e-mail address) by the office's server. Returns as `carry` does."""

    def send() -> str:
        by_smtp(office_mail(chosen), mail, patience, to)
        return ""

    return within(patience, send)


def within(patience: float, send: Callable[[], str]) -> str:
    """Run `send` in a thread. Returns its failure code, or "no_answer" after `patience` seconds.

    A limit of its own, because the time-outs of services count only the wait for the next byte.
    """
    result: list[str] = []
    thread = Thread(target=lambda: result.append(_failure(send)), daemon=True)
    thread.start()
    thread.join(patience)
    return result[0] if result else "no_answer"


def _to_address(chosen: Settings, sealed: str, mail: Mail, patience: float) -> str:
    service = service_of(unseal(chosen, sealed))
    with outward(chosen) as bounds:
        if isinstance(service, NotifyEmail):
            by_smtp(service, mail, patience)
            return ""
        service.socket_connect_timeout = service.socket_read_timeout = patience + LEEWAY
        service.redirects = False  # a foreign server does not choose the address that is called
        if service.notify(body=mail.body, title=mail.subject, body_format=apprise.NotifyFormat.TEXT):
            return ""
    return "internal_address" if bounds.crossed else "not_accepted"


def _failure(send: Callable[[], str]) -> str:
    try:
        return send()
    except (WrongInput, Refused) as error:
        return error.code
    except Exception as error:  # a plug-in of Apprise that breaks must not stop the others
        if isinstance(error.__context__, TimeoutError):  # smtplib calls a time-out a disconnection
            return "no_answer"
        return next((code for kind, code in FAILURES if isinstance(error, kind)), "not_accepted")
