"""The database of a copy: taken from the office, checked in the copy, and put back."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, inspect, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from audit_log.log_faults import log_faults
from casework.upkeep.integrity import verify
from casework.upkeep.named_files import named_files
from models.database import engine, reading
from models.errors import Conflict, CoopcaseError, Refused
from models.settings import Settings
from models.tables import case_rows, sessions

DATABASE, DUMP = "coopcase.db", "coopcase.dump"  # SQLite's file; PostgreSQL's archive (pg_dump, custom format)
PAGES = 2_000  # of the database copied at a time; writers run in between


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking a copy found: cases, and faults in chains, lists and log that the office has as well.

    `restored`: the database was put back and read; of PostgreSQL this needs an account that may create databases.
    """

    cases: int
    faults: int
    restored: bool = True


def take_database(chosen: Settings, into: Path) -> Path:
    """The database as of one instant, as a file in a folder. Raises CoopcaseError."""
    url = make_url(chosen.url())
    if url.get_backend_name() == "sqlite":
        target = into / DATABASE
        source = Path(str(url.database)).resolve()
        if not source.exists():  # connecting would make an empty one, and copy that
            raise CoopcaseError("database_missing", path=source)
        with closing(sqlite3.connect(source, timeout=40)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new, pages=PAGES)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        target.chmod(0o600)
        return target
    target = into / DUMP
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], url)
    return target


def check(chosen: Settings, copy: Path) -> Checked:
    """Whether a copy is whole: its database can be read back and its files are theirs. Raises CoopcaseError."""
    if (copy / DATABASE).is_file():
        with closing(sqlite3.connect(copy / DATABASE)) as database:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise CoopcaseError("backup_not_sound", what=DATABASE)
        with _opened(f"sqlite:///{copy / DATABASE}", copy / DATABASE) as bind:
            return _checked(bind, copy)
    if not (copy / DUMP).is_file():
        raise CoopcaseError("backup_not_sound", what=copy.name)
    with _scratch_database(make_url(chosen.url())) as scratch:
        if scratch is None:  # read to its end all the same
            _run("pg_restore", ["--file=/dev/null", str(copy / DUMP)], None)
            return Checked(0, 0, restored=False)
        _put_back(copy / DUMP, scratch)
        return _checked(_passing(scratch), copy)


def put_back(chosen: Settings, copy: Path) -> None:
    """Restore the dump of a copy into the office's empty database. Raises Refused, Conflict, CoopcaseError."""
    url = make_url(chosen.url())
    if url.get_backend_name() != "postgresql":
        raise Refused("restore_needs_postgresql")
    if inspect(_passing(url)).get_table_names():
        raise Conflict("restore_database_not_empty", database=url.database)
    _put_back(copy / DUMP, url)


def end_sessions(chosen: Settings, copy: Path) -> None:
    """Everyone signs in again: no session that was open when the copy was made opens the restored office."""
    path = copy / DATABASE
    url = make_url(f"sqlite:///{path}" if path.is_file() else chosen.url())
    with _passing(url).begin() as connection:
        if inspect(connection).has_table(sessions.name):  # a copy of an earlier release has none
            connection.execute(sessions.delete())


def _put_back(dump: Path, url: URL) -> None:
    _run("pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(dump)], url)


@contextmanager
def _opened(url: str, path: Path) -> Iterator[Engine]:
    bind = engine(url)
    try:
        yield bind
    finally:
        bind.dispose()
        for log in ("-wal", "-shm"):  # one file again, as it was copied
            path.with_name(path.name + log).unlink(missing_ok=True)


def _checked(bind: Engine, copy: Path) -> Checked:
    with reading(bind) as connection:
        for folder, sha in named_files(connection):
            _require(copy / folder, sha)
        faults = sum(1 for _ in chain(verify(connection), log_faults(connection, copy)))
        return Checked(len(connection.scalars(select(case_rows.c.id)).all()), faults)


def _require(folder: Path, sha: str) -> None:
    path = folder / sha[:2] / sha
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha:
        raise CoopcaseError("backup_not_sound", what=f"{folder.name}/{sha[:12]}")


@contextmanager
def _scratch_database(url: URL) -> Iterator[URL | None]:
    """An empty database beside the office's, gone afterwards; None where the account may not create one."""
    name = f"coopcase_restore_{os.getpid()}"
    with create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as admin:
        try:
            admin.execute(text(f"CREATE DATABASE {name}"))
        except SQLAlchemyError:
            yield None
            return
        try:
            yield url.set(database=name)
        finally:
            admin.execute(text(f"DROP DATABASE {name}"))


def _passing(url: URL) -> Engine:
    """An engine that leaves no connection open, so that its database can be removed."""
    return create_engine(url, poolclass=NullPool, hide_parameters=True)


def _run(tool: str, arguments: list[str], url: URL | None) -> None:
    """Run a tool of PostgreSQL; the password is in its environment, not on its command line. Raises CoopcaseError."""
    environment = {**os.environ, "LC_ALL": "C"}
    command = [_tool(tool), *arguments]
    if url is not None:
        environment |= {"PGPASSWORD": url.password} if url.password else {}
        plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        command += [f"--dbname={plain}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        if "No space left" in done.stderr:
            raise OSError(28, "No space left on device")
        raise CoopcaseError("backup_tool_failed", tool=tool, why=done.stderr.strip()[-300:])


def _tool(name: str) -> str:
    """The tool on the path, else the newest of Debian's. Raises CoopcaseError."""
    found = shutil.which(name)
    if found is None:
        installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
        found = str(installed[-1]) if installed else None
    if found is None:
        raise CoopcaseError("backup_tool_missing", tool=name)
    return found
