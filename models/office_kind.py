"""The kind of an office, marked in its database and in its data folder: real, the invented sample, or a trial.

A trial starts empty like a real one, but its day may be chosen and its pages and letters are marked.

A lost database beside an office's files, or one of another kind, is refused: nothing is begun in such a folder.
"""

from pathlib import Path

from sqlalchemy import Connection, select

from models.errors import Conflict
from models.setting_keys import OFFICE_KIND
from models.settings import Settings
from models.tables import officers, settings_table

REAL, SAMPLE, TRIAL = "real", "sample", "trial"
MARK = "office-kind"  # file in the data folder
_FILES = ("evidence", "letters")


def kind_of(connection: Connection) -> str:
    """The kind of the office in the database; "" while it has no people.

    An office of an earlier release has no mark: with invented people it is the sample, without it is real.
    """
    marked = connection.scalar(select(settings_table.c.value).where(settings_table.c.key == OFFICE_KIND))
    if marked or connection.scalar(select(officers.c.id).limit(1)) is None:
        return marked or ""
    invented = connection.scalar(select(officers.c.id).where(officers.c.is_sample).limit(1))
    return REAL if invented is None else SAMPLE


def mark_database(connection: Connection, kind: str) -> None:
    """Mark the database, once: an office never becomes one of another kind."""
    if connection.scalar(select(settings_table.c.value).where(settings_table.c.key == OFFICE_KIND)) is None:
        connection.execute(settings_table.insert().values(key=OFFICE_KIND, value=kind))


def mark_folder(data: Path, kind: str) -> None:
    """Mark the data folder; for a real office after its database is committed."""
    if _kind_of_folder(data) != kind:
        (data / MARK).write_text(f"{kind}\n", encoding="ascii")


def require_room(data: Path, kind: str) -> None:
    """Whether an office of this kind may begin in this folder, whose database is empty or missing.

    The sample may begin again where an earlier one was, for example one whose loading was cut off. Raises Conflict.
    """
    marked = _kind_of_folder(data)
    if marked == SAMPLE:
        if kind != SAMPLE:
            raise Conflict("folder_is_sample", data=data.resolve())
    elif marked or _has_files(data):
        raise Conflict("database_lost", data=data.resolve())


def require_same(connection: Connection, data: Path) -> None:
    """Whether database and folder are of one office's kind. Raises Conflict."""
    marked, kind = _kind_of_folder(data), kind_of(connection)
    if marked and marked != kind:
        raise Conflict("office_kinds_differ", data=data.resolve(), folder=marked, database=kind)


def require_not_real(connection: Connection, code: str) -> None:
    """Raises Conflict with this code in a real office, before its database is changed."""
    if kind_of(connection) == REAL:
        raise Conflict(code)


def is_trial(connection: Connection) -> bool:
    return kind_of(connection) == TRIAL


def is_missing(chosen: Settings) -> bool:
    """Whether the SQLite file is missing; connecting would make an empty one in its place."""
    path = chosen.sqlite_path()
    return path is not None and not path.exists()


def _kind_of_folder(data: Path) -> str:
    mark = data / MARK
    return mark.read_text(encoding="utf-8", errors="replace").strip() if mark.is_file() else ""


def _has_files(data: Path) -> bool:
    return any(path.is_file() for name in _FILES for path in (data / name).rglob("*"))
