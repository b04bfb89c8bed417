"""Addresses of channels are kept encrypted with the office's secret."""

import base64
import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from models.errors import Refused
from models.settings import Settings

PURPOSE = b"coopcase channel addresses\0"  # the sessions are signed with the same secret, never with the same key


def secret_of(chosen: Settings) -> str:
    """COOPCASE_SECRET, else one made once and kept in the data folder, readable by its owner alone."""
    given = chosen.secret.get_secret_value()
    if given:
        return given
    path = chosen.data.resolve() / "session.key"
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii")


def _make(path: Path) -> None:
    """Whole or not at all; of several processes that make one at the same moment, the first is right."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=".session-")  # readable by its owner alone
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(half, path)
    finally:
        Path(half).unlink()


def seal(chosen: Settings, address: str) -> str:
    return _fernet(chosen).encrypt(address.encode()).decode("ascii")


def unseal(chosen: Settings, sealed: str) -> str:
    """The address again. Raises Refused when the secret has changed since."""
    try:
        return _fernet(chosen).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken:
        raise Refused("secret_changed") from None


def _fernet(chosen: Settings) -> Fernet:
    digest = hashlib.sha256(PURPOSE + secret_of(chosen).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
