"""The children of `coopcase run` import nothing from the folder it was started in, and read no settings there."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.runtime import services
from models.settings import settings
from tests.conftest import free_port

pytestmark = pytest.mark.processes
NAMES = ("letters", "web", "models", "flows", "uvicorn", "apprise", "sitecustomize")
TRAP = "from pathlib import Path\nPath({trapped!r}).touch()\nraise SystemExit(9)\n"


@pytest.fixture
def folder(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with files named like our rooms and their libraries; it is the current one, its database a relative one.

    Listening to signals is the supervisor's; the tests get theirs back.
    """
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(TRAP.format(trapped=str(tmp_path / "trapped")))
    monkeypatch.chdir(tmp_path)
    ports = {"COOPCASE_PORT": str(free_port()), "COOPCASE_PREFECT_PORT": str(free_port())}
    chosen = {"COOPCASE_DATA": "var", "COOPCASE_DATABASE_URL": "sqlite:///coopcase.db", "PYTHONPATH": os.pathsep}
    for name, value in (ports | chosen).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "var").mkdir()
    settings.cache_clear()
    heard = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(one) for one in heard]
    yield tmp_path
    for one, handler in zip(heard, before, strict=True):
        signal.signal(one, handler)


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_file_named_like_a_room_changes_nothing(folder: Path, name: str) -> None:
    supervisor = services.supervisor(settings(), names=(name,))
    supervisor.start()
    try:
        silent = supervisor.silent(120)
    finally:
        supervisor.stop()
    assert not (folder / "trapped").exists()
    assert silent == [], (folder / "var" / "logs" / f"{name}.log").read_text()


def test_paths_of_the_settings_do_not_depend_on_the_folder(folder: Path) -> None:
    given = services.supervisor(settings()).environment
    assert given["COOPCASE_DATA"] == str(folder / "var")
    assert given["COOPCASE_DATABASE_URL"] == f"sqlite:///{folder}/coopcase.db"
    assert given["PYTHONPATH"] == str(services.ROOMS)
