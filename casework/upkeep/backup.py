"""A backup of an office: the database as of one instant, and the files that it refers to.

The database is copied first: files are written before the rows that name them and never change, so that those copied
afterwards are all that the rows name. A copy has the form of a data folder and is worked on by naming it as such.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from casework.evidence_store import settle
from models.clock import HANOI
from models.errors import Conflict, CoopcaseError, Refused
from models.settings import Settings
from models.tracking import Track, silent

FOLDERS = ("evidence", "letters", "incoming")
HASHED = ("evidence", "letters")  # a file's name is the hash of what is in it
KEY = "session.key"
PAGES = 2_000  # of the database copied at a time; writers run in between


@dataclass(frozen=True, slots=True)
class Copied:
    """Where a copy lies, and what is in it."""

    path: Path
    cases: int
    files: int
    bytes: int


def back_up(chosen: Settings, into: Path, now: datetime, *, track: Track = silent) -> Copied:
    """Copy the office into a new folder below `into`, while it is at work; whole and checked, or not at all.

    Raises Refused for a database other than SQLite, Conflict when that copy is there already, CoopcaseError when what
    was copied is not sound.
    """
    if chosen.database_url and not chosen.database_url.startswith("sqlite"):
        raise Refused("backup_is_sqlites")
    source, target = chosen.data.resolve(), into.resolve() / f"coopcase-{now.astimezone(HANOI):%Y%m%d-%H%M%S}"
    if target.exists():
        raise Conflict("backup_is_there", path=str(target))
    half = target.with_suffix(".part")
    half.mkdir(parents=True, mode=0o700)
    try:
        _copy_database(database_of(chosen), half / "coopcase.db")
        files = _copy_files(source, half, track)
        cases = _check(half)
        settle({half})
        half.rename(target)
        settle({target.parent})
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return Copied(target, cases, len(files), sum(path.stat().st_size for path in target.rglob("*") if path.is_file()))


def database_of(chosen: Settings) -> Path:
    return Path(chosen.url().partition(":///")[2])


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=40)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=PAGES)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    target.chmod(0o600)


def _copy_files(source: Path, target: Path, track: Track) -> list[Path]:
    """Every file of the folders, and the key that the addresses are sealed with."""
    found = [path for folder in FOLDERS for path in _files(source / folder)]
    if (source / KEY).is_file():
        found.append(source / KEY)
    for path in track(found, len(found)):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(path, copy)
        with copy.open("rb") as file:
            os.fsync(file.fileno())
    return found


def _files(folder: Path) -> Iterator[Path]:
    """Without what is being written just now: its name is no hash yet, or begins with a dot."""
    hashed = folder.name in HASHED
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (len(path.name) == 64 if hashed else not path.name.startswith(".")):
            yield path


def _check(copy: Path) -> int:
    """How many cases are in a copy. Raises CoopcaseError unless its database is whole and its files are theirs."""
    with closing(sqlite3.connect(copy / "coopcase.db")) as database:
        if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise CoopcaseError("backup_not_sound", what="coopcase.db")
        _require(copy / "evidence", database.execute("SELECT DISTINCT sha256 FROM evidence"))
        _require(copy / "letters", database.execute("SELECT pdf_sha FROM letter WHERE pdf_sha <> ''"))
        _require(copy / "letters", database.execute("SELECT DISTINCT sha256 FROM signed_version"))
        return int(database.execute("SELECT count(*) FROM coop_case").fetchone()[0])


def _require(folder: Path, hashes: Iterable[tuple[str]]) -> None:
    for (sha,) in hashes:
        path = folder / sha[:2] / sha
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha:
            raise CoopcaseError("backup_not_sound", what=f"{folder.name}/{sha[:12]}")
