"""E-mail: one MIME message whose Message-ID stays the same, by SMTP or as a file."""

import contextlib
import os
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any

from models.clock import stopwatch
from models.settings import settings
from notifications.calendar_entries import method_of

LISTS = {  # what who sorts mail by List-Id calls the kinds of messages
    "ladder": "deadlines", "correction": "deadlines", "notice": "notices", "version": "versions",
}  # fmt: skip
APPRISE = "Apprise"  # what Apprise calls a sender without a name


class _Policy(EmailPolicy):
    """Python's own folding of a subject (3.11) loses or doubles a blank between encoded words; this does not."""

    def fold(self, name: str, value: Any) -> str:
        if name != "Subject":
            return str(super().fold(name, value))
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY = _Policy(linesep="\r\n", cte_type="7bit")  # what every server on the way takes as it is


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it is sent; `calendar` is an iCalendar attachment or "", `at` the date of the mail.

    `earlier` are the ids of mails about the same deadline, the oldest first; `kind` is that of the messages in it.
    """

    message_id: str
    subject: str
    body: str
    html: str
    calendar: str
    at: datetime
    earlier: Sequence[str] = ()
    kind: str = ""


def mime(mail: Mail, sender: tuple[str, str], to: tuple[str, str], *, own_channel: bool = False) -> EmailMessage:
    """Plain text, simple HTML, and the calendar entry where there is one.

    `own_channel`: the person added the address and can switch it off, which a mail program then offers.
    """
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.at)
    message["From"], message["To"] = formataddr(sender), formataddr(to)
    message["Subject"] = mail.subject
    message["Auto-Submitted"] = "auto-generated"  # keeps answers of absent people away (RFC 3834)
    if mail.earlier:
        message["In-Reply-To"], message["References"] = mail.earlier[-1], " ".join(mail.earlier)
    if mail.kind:
        message["List-Id"] = f"Coopcase <{LISTS.get(mail.kind, mail.kind)}.coopcase.{settings().domain()}>"
    if own_channel:
        message["List-Unsubscribe"] = f"<{settings().site()}/me#channels>"
    message.set_content(mail.body)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        entry = mail.calendar.encode()
        how = {"charset": "utf-8", "method": method_of(mail.calendar)}
        message.add_attachment(entry, maintype="text", subtype="calendar", filename="deadline.ics", params=how)
    return message


def by_smtp(server: Any, mail: Mail, patience: float, to: tuple[str, str] | None = None) -> None:
    """Send by an SMTP server as Apprise parsed it (host, port, TLS, sign-in, sender, recipients unless `to` is given).

    Not by Apprise itself, which makes a new Message-ID for every attempt, so that a repeated one would be shown twice.
    Raises OSError or smtplib.SMTPException.
    """
    end = stopwatch() + patience
    smtp = _connected(server, patience)
    try:
        sender = (_named(server.from_addr[0]), server.from_addr[1])
        for name, address in [to] if to else server.targets:
            _limit_time(smtp, end)
            made = mime(mail, sender, (name or "", address), own_channel=to is None)
            smtp.send_message(made, sender[1], [address])
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()  # accepted mail stays accepted, however the session ends
    finally:
        smtp.close()


def _connected(server: Any, patience: float) -> smtplib.SMTP:
    """Connected, encrypted and signed in as the address says; port 465 means TLS from the first byte."""
    end, context = stopwatch() + patience, ssl.create_default_context()
    if not server.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    mode = "ssl" if server.port == 465 and server.secure_mode == "starttls" else server.secure_mode
    if mode == "ssl":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.smtp_host, server.port, timeout=patience, context=context)
    else:
        smtp = smtplib.SMTP(server.smtp_host, server.port, timeout=patience)
    try:
        _limit_time(smtp, end)
        if mode == "starttls":
            smtp.starttls(context=context)
        if server.user and server.password:
            _limit_time(smtp, end)
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _limit_time(smtp: smtplib.SMTP, end: float) -> None:
    """Limit the next step to the time that is left. Raises TimeoutError when none is."""
    left = end - stopwatch()
    if left <= 0 or smtp.sock is None:
        raise TimeoutError
    smtp.sock.settimeout(left)


def _named(name: str | None) -> str:
    return name if name and name != APPRISE else "Coopcase"


def as_file(folder: Path, name: str, mail: Mail, sender: tuple[str, str], to: tuple[str, str]) -> Path:
    """Write the mail to `folder`/`name`.eml, whole or not at all. Returns its path; writing it again replaces it."""
    folder.mkdir(parents=True, exist_ok=True)
    path, part = folder / f"{name}.eml", folder / f".{name}.part"
    try:
        with part.open("wb") as file:
            file.write(mime(mail, sender, to).as_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
