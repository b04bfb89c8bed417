"""Files that a person has looked at and not taken in yet, laid aside between the preview and the confirmation."""

import re
from pathlib import Path

from models.errors import NotFound
from models.settings import settings
from register.kept_readings import digest_of
from web.request_context import Visit

KEPT = 5  # of each person


def keep_upload(here: Visit, data: bytes) -> str:
    """Lay the file aside until it is confirmed; of what a person left lying only the newest few are kept."""
    key = digest_of(data)
    path = _path(here, key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(data)
    mine = sorted(path.parent.glob(f"{here.person.id}-*"), key=lambda item: item.stat().st_mtime, reverse=True)
    for old in mine[KEPT:]:
        old.unlink(missing_ok=True)
    return key


def kept_upload(here: Visit, key: str) -> bytes:
    """A file that this person laid aside. Raises NotFound."""
    path = _path(here, key)
    if not path.is_file():
        raise NotFound("upload_gone")
    return path.read_bytes()


def drop_upload(here: Visit, key: str) -> None:
    """Forget a file that was taken in."""
    _path(here, key).unlink(missing_ok=True)


def _path(here: Visit, key: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise NotFound("upload_gone")
    return settings().data.resolve() / "uploads" / f"{here.person.id}-{key}"
