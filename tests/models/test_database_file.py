"""A database that is missing, replaced, damaged or read-only is named before anything is lost."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from cli import app as command_line
from cli.run import prepare
from flows.jobs.night import verify_share
from models.database import engine, reading, writing
from models.database_file import require_whole, trouble_of
from models.errors import CoopcaseError
from models.settings import settings
from models.tables import settings_table
from tests.web.web_office import CLOCK, build_office

Harm = Callable[[Path], None]


@pytest.fixture
def data(sqlite_form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder of a small office at work."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("COOPCASE_DATABASE_URL", raising=False)
    monkeypatch.setenv("COOPCASE_LANG", "en")
    settings.cache_clear()
    engine.cache_clear()
    (tmp_path / "var").mkdir()
    shutil.copy(sqlite_form, tmp_path / "var" / "coopcase.db")
    build_office(engine())
    yield tmp_path / "var"
    engine().dispose()
    engine.cache_clear()


def _write(bind: Engine) -> None:
    with writing(bind) as connection:
        connection.execute(settings_table.insert().values(key="x", value="x"))


def _read(bind: Engine) -> None:
    with reading(bind) as connection:
        connection.execute(select(settings_table)).all()


def _delete(path: Path) -> None:
    path.unlink()


def _replace(path: Path) -> None:
    other = path.with_name("other.db")
    shutil.copy(path, other)
    other.replace(path)


def _overwrite_head(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * 100)


AT_WORK = [(_delete, "database_missing"), (_replace, "database_replaced"), (_overwrite_head, "database_damaged")]


@pytest.mark.parametrize(("harm", "code"), AT_WORK)
def test_nothing_is_written_once_the_file_is_not_what_it_was(data: Path, harm: Harm, code: str) -> None:
    harm(data / "coopcase.db")
    for attempt in (_write, _read):
        with pytest.raises(CoopcaseError) as named:
            attempt(engine())
        assert named.value.code == code


@pytest.mark.parametrize(("harm", "code"), AT_WORK)
def test_what_is_under_way_is_not_committed(data: Path, harm: Harm, code: str) -> None:
    with pytest.raises(CoopcaseError) as named, writing(engine()) as connection:
        connection.execute(settings_table.insert().values(key="x", value="x"))
        harm(data / "coopcase.db")
    assert named.value.code == code


def _garble(path: Path) -> None:
    """Garbage in every page but the first, as a failing disk leaves it."""
    engine().dispose()
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("r+b") as file:
        for at in range(4096, size, 4096):
            file.seek(at)
            file.write(os.urandom(2048))


def test_a_damaged_database_is_found_at_the_start_and_at_night(data: Path) -> None:
    require_whole(data / "coopcase.db")
    _garble(data / "coopcase.db")
    nightly = partial(verify_share, engine(), data, CLOCK)
    for check in (partial(require_whole, data / "coopcase.db"), prepare, nightly):
        with pytest.raises(CoopcaseError) as named:
            check()
        assert named.value.code == "database_damaged"


COMMANDS = (
    ("cases",),
    ("verify",),
    ("rebuild",),
    ("rebuild", "--check"),
    ("backup", "copies"),
    ("people", "list"),
    ("clock", "show"),
    ("case", "HP-2016-0001"),
    ("prove", "HP-2016-0001", "--by", "manager.hbg"),
    ("checkpoint",),
    ("office", "plan", "show"),
)


def _lose(path: Path) -> None:
    engine().dispose()
    for file in path.parent.glob("coopcase.db*"):
        file.unlink()


def _empty(path: Path) -> None:
    _lose(path)
    path.touch()


def _no_database(path: Path) -> None:
    _lose(path)
    path.write_bytes(b"no database at all" * 500)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("harm", [_garble, _lose, _empty, _no_database])
def test_no_command_ends_in_a_traceback(
    data: Path,
    harm: Harm,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    harm(data / "coopcase.db")
    monkeypatch.chdir(data)
    monkeypatch.setattr("sys.argv", ["coopcase", *command])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    said = capsys.readouterr().err.strip()
    assert ended.value.code == 1
    assert said
    assert "\n" not in said
    assert "restore" in said or "coopcase run" in said, said
    assert harm is not _lose or not (data / "coopcase.db").exists()


def test_a_read_only_folder_gets_its_own_advice() -> None:
    for error in (PermissionError(13, "Permission denied", "/srv/x"), OSError(30, "Read-only file system", "/srv/x")):
        named = trouble_of(error)
        assert named is not None
        assert (named.code, named.params["path"]) == ("data_read_only", "/srv/x")
    assert trouble_of(OSError(28, "No space left on device")) is None, "a full disk passes when there is room again"


def test_a_database_that_may_only_be_read(data: Path) -> None:
    path = data / "coopcase.db"
    with (
        sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database,
        pytest.raises(sqlite3.OperationalError) as refused,
    ):
        database.execute("DELETE FROM setting")
    named = trouble_of(refused.value, path)
    assert named is not None
    assert named.code == "data_read_only"
