"""`coopcase run` when one of its children does not answer: the pages matter, the others may come later."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.run import supervise
from flows.runtime.supervisor import Child, Pace, Supervisor
from models.database import engine
from models.errors import CoopcaseError
from models.settings import Settings, settings


@pytest.fixture(autouse=True)
def _own_signals(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> Iterator[None]:
    """A supervisor listens to signals; the tests get theirs back."""
    monkeypatch.setenv("COOPCASE_LANG", "en")
    monkeypatch.setenv("COOPCASE_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    engine.cache_clear()
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(name) for name in names]
    yield
    for name, handler in zip(names, before, strict=True):
        signal.signal(name, handler)
    engine().dispose()
    engine.cache_clear()


class Brief(Supervisor):
    """Stops as soon as it would begin to keep."""

    def keep(self) -> None:
        self.stopping.set()


def supervisor(folder: Path, silent: str) -> Supervisor:
    command = (sys.executable, "-c", "import time; time.sleep(60)")
    children = [Child(name, command, lambda _, name=name: name != silent) for name in ("web", "prefect", "worker")]  # type: ignore[misc]
    return Brief(children, {}, folder, Pace(look_every=0.02))


@pytest.mark.parametrize("silent", ["prefect", "worker"])
def test_officers_work_on_while_the_clock_is_silent(
    tmp_path: Path, silent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    supervise(supervisor(tmp_path, silent), Settings(data=tmp_path), patience=0.5)
    said = capsys.readouterr().out
    assert f"No answer yet from: {silent}" in said
    assert "Coopcase is ready" in said


def test_without_pages_there_is_nothing_to_keep(tmp_path: Path) -> None:
    with pytest.raises(CoopcaseError) as refused:
        supervise(supervisor(tmp_path, "web"), Settings(data=tmp_path), patience=0.5)
    assert refused.value.code == "child_silent"
