"""The files of issued letters, kept by the hash of their content: printed again is the same bytes."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from casework.evidence_store import settle, write_unsettled
from models.errors import NotFound
from models.settings import settings


def keep_bytes(data: bytes) -> str:
    """Keep a file; returns its SHA-256."""
    sha = keep_unsettled(data)
    settle_files([sha])
    return sha


def keep_unsettled(data: bytes) -> str:
    """Keep one file of many, to be settled together before anything is said of them."""
    sha = hashlib.sha256(data).hexdigest()
    write_unsettled(_path(sha), data)
    return sha


def settle_files(hashes: Iterable[str]) -> None:
    """These files are still there after a power cut."""
    settle(_path(sha) for sha in hashes)


def read_bytes(sha: str) -> bytes:
    """The file of a hash. Raises NotFound when it is gone or is no longer what it was."""
    path = _path(sha)
    if not path.is_file():
        raise NotFound("letter_file_gone", sha=sha[:12])
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha:
        raise NotFound("letter_file_gone", sha=sha[:12])
    return data


def _path(sha: str) -> Path:
    return settings().data.resolve() / "letters" / sha[:2] / sha
