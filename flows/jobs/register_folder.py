"""Register files dropped into a watched folder: taken in, then moved beside the annotated workbook. No Prefect here."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from casework.register_import import commit, preview
from casework.upload_scan import require_clean
from models.clock import HANOI, Clock, SystemClock
from models.database import TRANSIENT_ERRORS, reading
from models.errors import CoopcaseError
from models.office_kind import is_trial
from models.settings import settings
from procedures.facts import CLOCK
from register.annotation import annotate
from templates.trial_mark import mark_of
from templates.words import say

SETTLED = 3.0  # seconds without a change before a file counts as wholly written
SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".csv"})
log = logging.getLogger("coopcase.intake")


def folder() -> Path:
    """Where files are dropped."""
    return settings().data.resolve() / "incoming"


def waiting(dropped: Path | None = None) -> list[Path]:
    """The files in the folder that are no longer written to, oldest first."""
    now = SystemClock().now().timestamp()  # a file's age is the machine's, whatever day the office lives on
    try:
        found = [
            (entry.stat().st_mtime, Path(entry.path)) for entry in os.scandir(dropped or folder()) if _is_ours(entry)
        ]
    except FileNotFoundError:
        return []
    return [path for changed, path in sorted(found) if abs(now - changed) > SETTLED]


def _is_ours(entry: os.DirEntry[str]) -> bool:
    """Hidden files and the lock files of office programs (`~$name.xlsx`) are none."""
    name = entry.name
    return entry.is_file() and not name.startswith((".", "~$")) and Path(name).suffix.lower() in SUFFIXES


def take_in(bind: Engine, clock: Clock, files: list[Path], lang: str = "vi") -> list[dict[str, Any]]:
    """Import each file; one that cannot be read is moved to `refused` with the reason, and the others go on."""
    done = []
    for path in files:
        with _held(path) as ours:
            if ours:
                done.append(_take_one(bind, clock, path, lang))
    return done


@contextmanager
def _held(path: Path) -> Iterator[bool]:
    """A lock on the file, which the kernel releases when the process ends; False when another worker has or had it."""
    try:
        with path.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield path.exists()
    except (FileNotFoundError, BlockingIOError):
        yield False


def _take_one(bind: Engine, clock: Clock, path: Path, lang: str) -> dict[str, Any]:
    """Import first, move after: a kill in between takes the same file in again, which changes nothing."""
    try:
        return _imported(bind, clock, path, lang)
    except TRANSIENT_ERRORS:
        raise
    except CoopcaseError as error:
        return _refused(path, say(error, lang), clock)
    except Exception:
        log.exception("intake_failed %s", path.name)
        return _refused(path, say(CoopcaseError("file_not_taken"), lang), clock)


def _imported(bind: Engine, clock: Clock, path: Path, lang: str) -> dict[str, Any]:
    data = path.read_bytes()
    require_clean(data, path.name, settings())
    looked = preview(bind, data, path.name, by=CLOCK, clock=clock)
    with reading(bind) as connection:
        mark = mark_of(is_trial(connection), lang)
    workbook = annotate(data, path.name, looked.plan, lang, mark)
    result = commit(bind, data, path.name, by=CLOCK, clock=clock)
    moved = _free(path, "done", clock.now())
    moved.with_name(f"{moved.stem}.comments.xlsx").write_bytes(workbook)
    path.replace(moved)
    return {"file": path.name, **result.counts(), "cases": len(result.cases)}


def _refused(path: Path, reason: str, clock: Clock) -> dict[str, Any]:
    moved = _free(path, "refused", clock.now())
    moved.with_name(f"{moved.stem}.txt").write_text(reason + "\n", encoding="utf-8")
    path.replace(moved)
    return {"file": path.name, "refused": reason}


def _free(path: Path, where: str, now: datetime) -> Path:
    """A free name with the instant in the folder `where`."""
    target = path.parent / where
    target.mkdir(parents=True, exist_ok=True)
    stem = f"{path.stem}.{now.astimezone(HANOI):%Y%m%d-%H%M%S}"
    number, moved = 1, target / f"{stem}{path.suffix}"
    while moved.exists():
        number += 1
        moved = target / f"{stem}-{number}{path.suffix}"
    return moved
