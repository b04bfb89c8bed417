"""E-mail as it travels: one MIME message with a lasting Message-ID, by SMTP or as a file."""

import contextlib
import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Mail:
    """What a person is sent, whatever carries it."""

    message_id: str
    subject: str
    body: str
    html: str
    calendar: str
    at: datetime


def mime(mail: Mail, sender: tuple[str, str], to: tuple[str, str]) -> EmailMessage:
    """Plain text, simple HTML, and the calendar entry where there is one."""
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = mail.message_id
    message["Date"] = format_datetime(mail.at)
    message["From"], message["To"] = formataddr(sender), formataddr(to)
    message["Subject"] = mail.subject
    message.set_content(mail.body)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        entry = mail.calendar.encode()
        message.add_attachment(entry, maintype="text", subtype="calendar", filename="deadline.ics")
    return message


def by_smtp(server: Any, mail: Mail, patience: float) -> None:
    """Hand the mail to the SMTP server of an e-mail address as Apprise read it (host, port, TLS, sign-in).

    Apprise itself gives every attempt another Message-ID, so that a repeated one would be shown twice.
    Raises OSError or smtplib.SMTPException.
    """
    context = ssl.create_default_context()
    if not server.verify_certificate:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if server.secure_mode == "ssl":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.smtp_host, server.port, timeout=patience, context=context)
    else:
        smtp = smtplib.SMTP(server.smtp_host, server.port, timeout=patience)
    try:
        if server.secure_mode == "starttls":
            smtp.starttls(context=context)
        if server.user and server.password:
            smtp.login(server.user, server.password)
        sender = (server.from_addr[0] or "", server.from_addr[1])
        for name, address in server.targets:
            smtp.send_message(mime(mail, sender, (name or "", address)), sender[1], [address])
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()  # what was taken is taken, however the server says good-bye
    finally:
        smtp.close()


def as_file(folder: Path, name: str, mail: Mail, sender: tuple[str, str], to: tuple[str, str]) -> Path:
    """Write the mail whole or not at all; writing it again replaces the same file."""
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
