"""Evidence files: kept by the hash of their content outside the database, and shown only to who may see the case."""

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from casework.ledger import case_row
from casework.office.people import Actor, require_visible
from casework.ooxml_kinds import ending_of
from casework.upload_scan import require_clean
from models.errors import NotFound, WrongInput
from models.settings import settings
from models.tables import evidence

_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_OLD_OFFICE = {".doc": "application/msword", ".xls": "application/vnd.ms-excel"}
_BEGINNINGS: tuple[tuple[bytes, dict[str, str]], ...] = (
    (b"%PDF-", {".pdf": "application/pdf"}),
    (b"\x89PNG\r\n\x1a\n", {".png": "image/png"}),
    (b"\xff\xd8\xff", {".jpg": "image/jpeg", ".jpeg": "image/jpeg"}),
    (b"II*\x00", {".tif": "image/tiff", ".tiff": "image/tiff"}),
    (b"MM\x00*", {".tif": "image/tiff", ".tiff": "image/tiff"}),
    (b"PK\x03\x04", _OFFICE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
)
NOT_STRUCK = {"struck_by": "", "struck_at": None, "struck_reason": ""}
KINDS = ("pdf", "png", "jpg", "tif", "docx", "xlsx", "doc", "xls", "txt")


def keep(connection: Connection, case_id: int, data: bytes, name: str, *, by: str, now: datetime) -> str:
    """Keep a file with a case in the caller's transaction; returns the SHA-256 of its content.

    One that was struck out and is brought again counts again.

    Raises:
        WrongInput: the file is empty, too large, or of a kind that is not taken.
    """
    shown = plain_name(name)
    media_type = media_type_of(data, shown)
    sha = hashlib.sha256(data).hexdigest()
    write_whole(_path(sha), data)
    own = (evidence.c.case_id == case_id, evidence.c.sha256 == sha)
    known = connection.execute(select(evidence.c.struck_at).where(*own)).first()
    if known is None:
        row = {"sha256": sha, "name": shown, "media_type": media_type, "size": len(data), "by": by, "added_at": now}
        connection.execute(evidence.insert().values(case_id=case_id, **row, kind="", remark="", **NOT_STRUCK))
    elif known.struck_at is not None:
        connection.execute(evidence.update().where(*own).values(**NOT_STRUCK))
    return sha


def keep_apart(data: bytes, name: str, field: str = "evidence") -> tuple[str, str, str]:
    """Keep a file that belongs to no case; returns (SHA-256, name, media type). Raises WrongInput, Refused."""
    shown = plain_name(name)
    media_type, sha = media_type_of(data, shown, field), hashlib.sha256(data).hexdigest()
    write_whole(_path(sha), data)
    return sha, shown, media_type


def share(connection: Connection, from_case: int, hashes: Sequence[str], cases: Sequence[int]) -> None:
    """Let files of one case belong to others too: one proof for many."""
    mine = select(evidence).where(evidence.c.case_id == from_case, evidence.c.sha256.in_(hashes))
    rows = [dict(row) for row in connection.execute(mine).mappings()]
    known = select(evidence.c.case_id, evidence.c.sha256).where(
        evidence.c.case_id.in_(cases), evidence.c.sha256.in_(hashes)
    )
    there = set(connection.execute(known).tuples())
    made = [
        {**{name: value for name, value in row.items() if name != "id"}, "case_id": case}
        for case in cases
        for row in rows
        if (case, row["sha256"]) not in there
    ]
    if made:
        connection.execute(evidence.insert(), made)


def fetch(connection: Connection, ref: str, sha: str, person: Actor) -> tuple[bytes, str, str]:
    """(content, name, media type) of a file of a case.

    Raises NotFound, also when the person may not see the case, and when the file is no longer what was kept.
    """
    row = case_row(connection, ref)
    require_visible(person, row["district_code"], ref)
    found = select(evidence.c.name, evidence.c.media_type).where(
        evidence.c.case_id == row["id"], evidence.c.sha256 == sha
    )
    kept = connection.execute(found).first()
    if kept is None:
        raise NotFound("no_such_file_in_case", ref=ref)
    return bytes_of(sha), kept.name, kept.media_type


def bytes_of(sha: str) -> bytes:
    """The content of a kept file. Raises NotFound when it is gone or is no longer what it was."""
    path = _path(sha)
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != sha:
        raise NotFound("evidence_altered", sha=sha[:12])
    return data


def is_whole(sha: str) -> bool:
    """Whether the file of a hash exists and its content still has that hash."""
    path = _path(sha)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha


def media_type_of(data: bytes, name: str, field: str = "evidence") -> str:
    """The media type of a file, by its first bytes and its suffix, which have to agree; of Word and Excel by its parts.

    Raises WrongInput, Refused when a scanner is set and does not answer.
    """
    limit = settings().max_upload_mb
    if not data:
        raise WrongInput(field, "evidence_empty", name=name)
    if len(data) > limit * 1_000_000:
        raise WrongInput(field, "evidence_too_large", name=name, limit=limit)
    ending = Path(name).suffix.lower()
    kinds = next((kinds for beginning, kinds in _BEGINNINGS if data.startswith(beginning)), _text_kinds(data))
    if ending not in kinds or (kinds is _OFFICE and ending_of(data, name, field) != ending):
        raise WrongInput(field, "evidence_kind", name=name, kinds=", ".join(KINDS))
    require_clean(data, name, settings(), field)
    return kinds[ending]


def _text_kinds(data: bytes) -> dict[str, str]:
    """Plain text is what reads as UTF-8 and holds no control bytes."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return {}
    return {} if _CONTROL.search(text) else {".txt": "text/plain; charset=utf-8"}


def plain_name(name: str) -> str:
    """The last part of the path without control and direction-changing characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    return _UNSEEN.sub("", last).strip()[-120:] or "tep"


def _path(sha: str) -> Path:
    return settings().data.resolve() / "evidence" / sha[:2] / sha


def write_whole(path: Path, data: bytes) -> None:
    """Write atomically and durably (fsync), readable by the office's own account alone."""
    write_unsettled(path, data)
    settle([path])


def settle(paths: Iterable[Path]) -> None:
    """Make these files durable: fsync each folder that contains them, once."""
    for folder in {folder for path in paths for folder in (path.parent, path.parent.parent)}:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_unsettled(path: Path, data: bytes) -> None:
    """Write atomically; the name is durable only after its folder is settled."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, half = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(half).replace(path)
    finally:
        Path(half).unlink(missing_ok=True)  # no partial file stays on a full disk
