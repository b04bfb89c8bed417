"""Files of evidence and letters that nothing in the database names: left by an act that did not end, or by a crash.

Only those older than a day count: a file is written before the row that names it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from casework.office.office_journal import note
from casework.office.people import Actor
from casework.upkeep.named_files import FOLDERS, named_files
from models.clock import Clock
from models.errors import Refused

YOUNGEST = timedelta(days=1)
REMOVERS = frozenset({"admin", "manager", "leader"})
_KEPT = 500  # names in a line of the journal


@dataclass(frozen=True, slots=True)
class Orphan:
    """A file that nothing names, below the data folder."""

    path: Path
    name: str
    size: int
    written_at: datetime


def orphans(connection: Connection, data: Path, now: datetime) -> list[Orphan]:
    """The orphans, by folder and name."""
    known = {sha for _, sha in named_files(connection)}
    return [found for found in _files(data) if found.path.name not in known and now - found.written_at > YOUNGEST]


def remove(connection: Connection, data: Path, person: Actor, clock: Clock, now: datetime) -> list[Orphan]:
    """Delete the orphans, and enter in the journal who did so and what they were called.

    The caller's transaction has to be one that no other writer runs beside (`writing(rules=True)`): a file that is
    attached again at this moment would lose its content. Raises Refused.
    """
    if person.role not in REMOVERS or person.district is not None:
        raise Refused("orphans_not_yours")
    found = orphans(connection, data, now)
    if found:
        names = [item.name for item in found]
        note(connection, "orphans_removed", "files", person.login, clock, {"count": len(names), "names": names[:_KEPT]})
    for item in found:
        item.path.unlink(missing_ok=True)
    return found


def _files(data: Path) -> Iterable[Orphan]:
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file():
                found_stat = path.stat()
                at = datetime.fromtimestamp(found_stat.st_mtime, UTC)
                yield Orphan(path, str(path.relative_to(data)), found_stat.st_size, at)
