"""A copy put back: into a new data folder, and with PostgreSQL into an empty database; checked before it counts."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from casework.upkeep import age_archive, stored_copy
from casework.upkeep.stored_copy import DATABASE, DUMP, Checked
from models.errors import Conflict, CoopcaseError, NotFound, WrongInput
from models.office_keys import CHANNELS, LOG, SESSIONS
from models.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the office lies now. `checked` None: a copy of an earlier release, checked after its migration.

    `keys`: which keys came with it; without that of channels their addresses have to be entered again.
    """

    path: Path
    checked: Checked | None
    keys: tuple[str, ...]


def restore(chosen: Settings, source: Path, into: Path, identities: list[str]) -> Restored:
    """Put a copy into a folder that is not there or empty; of several faults the first is raised, and nothing stays.

    Raises NotFound, WrongInput without a key for an encrypted copy, Conflict when something is there, CoopcaseError.
    """
    target = into.resolve()
    if not source.exists():
        raise NotFound("no_such_copy", path=str(source))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict("restore_folder_not_empty", path=str(target))
    half = target.with_name(target.name + ".part")
    shutil.rmtree(half, ignore_errors=True)
    try:
        _fetch(source, half, identities)
        (half / SESSIONS).unlink(missing_ok=True)  # a copy of an earlier release has it
        keys = tuple(name for name in (LOG, CHANNELS) if (half / name).is_file())
        checked = _checked(chosen, half)
        if (half / DUMP).is_file():
            stored_copy.put_back(chosen, half)
            (half / DUMP).unlink()
        stored_copy.end_sessions(chosen, half)
        if target.is_dir():
            target.rmdir()
        half.rename(target)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return Restored(target, checked, keys)


def _fetch(source: Path, half: Path, identities: list[str]) -> None:
    if source.is_dir():
        shutil.copytree(source, half)
        half.chmod(0o700)
        return
    if not identities:
        raise WrongInput("--identity", "identity_needed")
    age_archive.unpack(source, half, identities)


def _checked(chosen: Settings, half: Path) -> Checked | None:
    if not (half / DATABASE).is_file() and not (half / DUMP).is_file():
        raise CoopcaseError("backup_not_sound", what=DATABASE)
    try:
        return stored_copy.check(chosen, half)
    except SQLAlchemyError:
        return None
