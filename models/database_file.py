"""The SQLite file of an office: that it is there, is still the file that was opened, and is not damaged.

A file that was deleted or replaced goes on taking writes of who has it open, and nobody finds them again; a damaged one
answers until the damaged page is needed. Both are named before anything more is written.
"""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from models.errors import CoopcaseError

_HEADER = b"SQLite format 3\0"
_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
_UNKNOWN = ("42P01", "42703")  # of PostgreSQL: no such table, no such column


class DatabaseFile:
    """The file behind an engine. Its descriptor stays open: closing one would drop SQLite's locks of this process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def open(self) -> None:
        """Before a connection is made, which would make an empty file where there is none. Raises CoopcaseError."""
        if not self.path.is_file():  # of a folder at its place no descriptor may be kept
            raise CoopcaseError("database_missing", path=self.path)
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDONLY)

    def close(self) -> None:
        """After the last connection is closed."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def require_same(self) -> None:
        """Before a transaction and before its commit. Raises CoopcaseError: gone, replaced or its head overwritten."""
        if self._descriptor is None:
            return
        opened = os.fstat(self._descriptor)
        try:
            found = self.path.stat()
        except FileNotFoundError:
            raise CoopcaseError("database_missing", path=self.path) from None
        if (found.st_dev, found.st_ino) != (opened.st_dev, opened.st_ino):
            raise CoopcaseError("database_replaced", path=self.path)
        head = os.pread(self._descriptor, len(_HEADER), 0)
        if head not in (b"", _HEADER):  # a new one is empty until its first commit is in the file
            raise CoopcaseError("database_damaged", path=self.path, why="header")


def require_whole(path: Path) -> None:
    """SQLite's own quick check of the whole file. Raises CoopcaseError naming what it found first."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=40)) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        named = trouble_of(error, path)
        if named is None:
            raise
        raise named from error
    if found != "ok":
        raise CoopcaseError("database_damaged", path=path, why=found)


def trouble_of(error: BaseException | None, path: Path | None = None) -> CoopcaseError | None:
    """What a person can do about an error of the database or the disk; None for one that passes by itself, or a bug."""
    where, why = path or getattr(error, "filename", None) or "", str(error).strip().partition("\n")[0]
    if isinstance(error, OSError) and error.errno in _READ_ONLY:
        return CoopcaseError("data_read_only", path=where)
    if getattr(error, "sqlstate", "") in _UNKNOWN or why.startswith(("no such table", "no such column")):
        return CoopcaseError("database_not_prepared", why=why)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return CoopcaseError("database_damaged", path=where, why=why)
    if code == sqlite3.SQLITE_READONLY or (code == sqlite3.SQLITE_CANTOPEN and path and not _may_write(path)):
        return CoopcaseError("data_read_only", path=where)
    return None


def _may_write(path: Path) -> bool:
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
