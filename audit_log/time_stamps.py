"""Time-stamps (RFC 3161) over checkpoints: a server outside the office says that the log was so at that instant."""

import asyncio
import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from asn1crypto import cms, x509
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from sqlalchemy import Connection, Engine, select

from audit_log.faults import Fault
from models.database import reading, writing
from models.errors import Refused
from models.settings import settings
from models.tables import log_checkpoints, log_time_stamps

SECONDS = 10  # for the server to answer


@dataclass(frozen=True, slots=True)
class Stamped:
    """A checkpoint that bears a time-stamp; `short` as it is printed."""

    short: str
    at: datetime
    server: str


def stamp_newest(bind: Engine, server: str) -> Stamped | None:
    """Have the newest checkpoint time-stamped; one that is already is not stamped again. None without a checkpoint.

    Raises Refused when the server gives no usable time-stamp of it.
    """
    with reading(bind) as connection:
        columns = log_checkpoints.c
        row = connection.execute(select(log_checkpoints).order_by(columns.size.desc()).limit(1)).first()
        known = newest_stamp(connection)
    if row is None or (known is not None and known.short == _short(row)):
        return known
    token = _asked(server, row.note)
    at = _holds(token, row.note, _roots(settings().sign_trust))
    if at is None:
        raise Refused("log_not_stamped", server=server)
    with writing(bind) as connection:
        values = {"size": row.size, "token": base64.b64encode(token).decode(), "stamped_at": at, "server": server}
        connection.execute(log_time_stamps.insert().values(values))
    return Stamped(_short(row), at, server)


def newest_stamp(connection: Connection) -> Stamped | None:
    """The newest time-stamped checkpoint."""
    row = connection.execute(_stamps().order_by(log_time_stamps.c.size.desc()).limit(1)).first()
    return None if row is None or row.root is None else Stamped(_short(row), row.stamped_at, row.server)


def stamp_faults(connection: Connection) -> Iterator[Fault]:
    """Time-stamps that do not belong to their checkpoint, were altered, or lead to no root that the office trusts."""
    roots = _roots(settings().sign_trust)
    for row in connection.execute(_stamps().order_by(log_time_stamps.c.size)):
        at = None if row.note is None else _holds(_decoded(row.token), row.note, roots)
        if at is None or at != row.stamped_at:
            yield Fault("", "fault_log_stamp", {"size": row.size})


def _stamps() -> Any:
    columns = (log_checkpoints.c.root, log_checkpoints.c.note)
    return select(log_time_stamps, *columns).join(
        log_checkpoints, log_checkpoints.c.size == log_time_stamps.c.size, isouter=True
    )


def _short(row: Any) -> str:
    return f"{row.size}-{row.root[:16]}"


def _asked(server: str, note: str) -> bytes:
    """The token of the server over a note. Raises Refused."""
    stamper = HTTPTimeStamper(server, timeout=SECONDS)
    try:
        return bytes(asyncio.run(stamper.async_timestamp(hashlib.sha256(note.encode()).digest(), "sha256")).dump())
    except (TimestampRequestError, aiohttp.ClientError, OSError, ValueError) as error:
        raise Refused("log_stamp_server", server=server, why=type(error).__name__) from None


def _holds(token: bytes, note: str, roots: Sequence[x509.Certificate]) -> datetime | None:
    """The instant that a token gives a note; None unless it is over this note, intact, and leads to one of the roots.

    Without roots the server's certificate is not checked, only its signature.
    """

    def imprint(algorithm: str) -> bytes:
        return hashlib.new(algorithm, note.encode()).digest()

    try:
        data = cms.ContentInfo.load(token)["content"]
        at: datetime = data["encap_content_info"]["content"].parsed["gen_time"].native
        trust = ValidationContext(trust_roots=list(roots), moment=at, allow_fetching=False, revocation_mode="soft-fail")
        found = asyncio.run(validate_tst_signed_data(data, trust, imprint))  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, KeyError, AttributeError, SignatureValidationError):
        return None
    whole = found["intact"] and found["valid"] and (not roots or found["trust_problem_indic"] is None)
    return at if whole else None


def _decoded(token: str) -> bytes:
    try:
        return base64.b64decode(token, validate=True)
    except ValueError:
        return b""


def _roots(path: Path | None) -> tuple[x509.Certificate, ...]:
    if path is None:
        return ()
    try:
        return tuple(load_certs_from_pemder([str(path)]))  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        raise Refused("log_trust_unreadable", path=str(path)) from None
