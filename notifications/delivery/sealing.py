"""Addresses of channels are kept encrypted, with a key of their own."""

import base64
import contextlib
import hashlib
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Connection, select, update

from models.errors import Refused
from models.office_keys import CHANNELS, SESSIONS, kept_key
from models.settings import Settings
from models.tables import channels

FORMER_PURPOSE = b"coopcase channel addresses\0"  # until the office's second keys: derived from that of the sessions


def secret_of(chosen: Settings) -> str:
    """What signs the sessions: COOPCASE_SECRET, else a key made once and kept in the data folder."""
    given = chosen.secret.get_secret_value()
    if given:
        return given
    return kept_key(chosen.data.resolve() / SESSIONS, lambda: secrets.token_urlsafe(48).encode()).decode("ascii")


def seal(chosen: Settings, address: str) -> str:
    return _own(chosen).encrypt(address.encode()).decode("ascii")


def unseal(chosen: Settings, sealed: str) -> str:
    """The address again. Raises Refused when the key has changed since."""
    try:
        return _any(chosen).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken:
        raise Refused("secret_changed") from None


def reseal(connection: Connection, chosen: Settings) -> int:
    """Encrypt with the key of channels what was encrypted with one derived from that of the sessions; how many."""
    done, own = 0, _own(chosen)
    for number, sealed in connection.execute(select(channels.c.id, channels.c.address_sealed)).tuples().all():
        token = sealed.encode("ascii")
        with contextlib.suppress(InvalidToken):
            own.decrypt(token)
            continue
        with contextlib.suppress(InvalidToken):
            changed = update(channels).where(channels.c.id == number)
            connection.execute(changed.values(address_sealed=_any(chosen).rotate(token).decode("ascii")))
            done += 1
    return done


def _own(chosen: Settings) -> Fernet:
    return Fernet(kept_key(chosen.data.resolve() / CHANNELS, Fernet.generate_key))


def _any(chosen: Settings) -> MultiFernet:
    digest = hashlib.sha256(FORMER_PURPOSE + secret_of(chosen).encode()).digest()
    return MultiFernet([_own(chosen), Fernet(base64.urlsafe_b64encode(digest))])
