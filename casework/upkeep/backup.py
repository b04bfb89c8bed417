"""A backup of an office: the database as of one instant, and the files that it refers to.

The database is copied first: files are written before the rows that name them and never change, so that those copied
afterwards are all that the rows name. A copy has the form of a data folder (PostgreSQL: with a dump beside the files).
With a recipient it is one encrypted file, read back and checked before it gets its name; its private key is not needed
for that, because a further key that exists in this process only reads it too. Without one it is a folder without keys.
"""

import errno
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from audit_log.checkpoints import verifiers
from casework.evidence_store import settle
from casework.upkeep import age_archive, stored_copy
from casework.upkeep.backup_key import recipients
from casework.upkeep.stored_copy import DATABASE, DUMP, Checked
from models.clock import HANOI
from models.errors import Conflict, CoopcaseError, Refused
from models.office_keys import CHANNELS, FORMER_LOG_KEYS, LOG
from models.office_kind import MARK
from models.settings import Settings
from models.tracking import Track, silent

FOLDERS = ("evidence", "letters", "incoming")
HASHED = ("evidence", "letters")  # a file's name is the hash of what is in it
ENCRYPTED = ".tar.age"
_NAME = re.compile(r"coopcase-\d{8}-\d{6}(\.tar\.age)?")
Content = Sequence[tuple[Path, str]]  # files, each with its name in the copy
_NAMED = {errno.ENOSPC: "backup_disk_full", errno.EDQUOT: "backup_disk_full", errno.EFBIG: "backup_file_too_long"}
_WORK = "backup-work"  # in the data folder: the database on its way, and the copy read back


@dataclass(frozen=True, slots=True)
class Copied:
    """Where a copy lies, what is in it, and what checking it found. `encrypted`: only its private key reads it."""

    path: Path
    files: int
    bytes: int
    encrypted: bool
    checked: Checked


def back_up(chosen: Settings, into: Path, now: datetime, *, track: Track = silent) -> Copied:
    """Copy the office to below `into`, while it is at work; whole, read back and checked, or not at all.

    Raises Conflict when that copy is there already, CoopcaseError when what was copied is not whole or a disk is full.
    """
    target = into.resolve() / f"coopcase-{now.astimezone(HANOI):%Y%m%d-%H%M%S}"
    public_keys = recipients(chosen.data)
    if public_keys:
        target = target.with_name(target.name + ENCRYPTED)
    if target.exists():
        raise Conflict("backup_is_there", path=str(target))
    work = chosen.data.resolve() / _WORK
    half = target.with_name(target.name + ".part")
    try:
        with _named_when_full(into):
            _remove(half, work)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            work.mkdir(parents=True, mode=0o700)
            return _copied(chosen, work, half, target, public_keys, track)
    finally:
        _remove(half, work)


def back_up_by_itself(chosen: Settings, now: datetime) -> Copied:
    """The copy of the night in COOPCASE_BACKUP_TO, which has to be there, and encrypted; the oldest are removed.

    Raises Refused where folder or recipient are missing, CoopcaseError.
    """
    into = chosen.backup_to
    if into is None or not into.is_dir():  # never made: an unmounted disk would fill the one below
        raise Refused("backup_folder_missing", path=str(into or ""))
    if not recipients(chosen.data):
        raise Refused("backup_key_missing")
    done = back_up(chosen, into, now)
    for old in kept_copies(into)[: -chosen.backup_keep]:
        _remove(old)
    return done


def summary_of(done: Copied) -> dict[str, Any]:
    """What is kept of a copy in the office's database."""
    return {
        "name": done.path.name, "bytes": done.bytes, "cases": done.checked.cases, "faults": done.checked.faults,
        "restored": done.checked.restored,
    }  # fmt: skip


def kept_copies(into: Path) -> list[Path]:
    """The copies in a folder, the oldest first."""
    return sorted(path for path in into.iterdir() if _NAME.fullmatch(path.name)) if into.is_dir() else []


def _copied(chosen: Settings, work: Path, half: Path, target: Path, public_keys: Sequence[str], track: Track) -> Copied:
    source = chosen.data.resolve()
    database = stored_copy.take_database(chosen, work)
    found = [(path, str(path.relative_to(source))) for folder in FOLDERS for path in _files(source / folder)]
    if (source / MARK).is_file():
        found.append((source / MARK, MARK))
    (work / FORMER_LOG_KEYS).write_text("\n".join(verifiers(source)) + "\n", encoding="ascii")
    content = [(database, database.name), (work / FORMER_LOG_KEYS, FORMER_LOG_KEYS), *found]
    if public_keys:
        content += [(source / key, key) for key in (LOG, CHANNELS) if (source / key).is_file()]
        checked = _encrypt(chosen, content, half, work, public_keys, track)
        size = half.stat().st_size
    else:
        _copy(content, half, track)
        checked = stored_copy.check(chosen, half)
        size = sum(path.stat().st_size for path in half.rglob("*") if path.is_file())
        settle({half / DATABASE})
    half.rename(target)
    settle({target})
    return Copied(target, len(found), size, bool(public_keys), checked)


def _encrypt(
    chosen: Settings, content: Content, half: Path, work: Path, public_keys: Sequence[str], track: Track
) -> Checked:
    """Write the encrypted file, read it back into a scratch folder with a key that nobody keeps, and check that."""
    own = age_archive.new_identity()
    age_archive.pack(track(content, len(content)), half, [*public_keys, age_archive.public_of(own)])
    for name in (DATABASE, DUMP):
        (work / name).unlink(missing_ok=True)
    restored = work / "restored"
    age_archive.unpack(half, restored, [own])
    return stored_copy.check(chosen, restored)


def _copy(content: Content, half: Path, track: Track) -> None:
    half.mkdir(mode=0o700)
    for path, name in track(content, len(content)):
        copy = half / name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(path, copy)
        copy.chmod(0o600)
        age_archive.sync(copy)


def _files(folder: Path) -> Iterator[Path]:
    """Without what is being written just now: its name is no hash yet, or begins with a dot."""
    hashed = folder.name in HASHED
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (len(path.name) == 64 if hashed else not path.name.startswith(".")):
            yield path


def _remove(*paths: Path) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def _named_when_full(into: Path) -> Iterator[None]:
    """A full disk, or one that takes no file so long, is named with what to do. Raises CoopcaseError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise CoopcaseError("backup_disk_full", path=str(into)) from error
        raise
    except OSError as error:
        if error.errno in _NAMED:
            raise CoopcaseError(_NAMED[error.errno], path=str(into)) from error
        raise
