"""`coopcase run` with real processes: all three answer, the dead come back, and nobody is left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.conftest import free_port

pytestmark = [pytest.mark.processes, pytest.mark.prefect, pytest.mark.timeout(600)]
PATIENCE = 480.0  # seconds until a sample office is invented, on a busy machine
ROOT = Path(__file__).parents[2]
CHILDREN = {"web": "uvicorn", "prefect": "flows.runtime.prefect_server", "worker": "flows.runtime.worker"}


@dataclass
class House:
    """One `coopcase run` of the tests, with its own data folder and ports."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    output: Path

    def said(self) -> str:
        return self.output.read_text()

    def members(self) -> list[psutil.Process]:
        """Every living process that works on this data folder."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def child(self, name: str) -> psutil.Process | None:
        return next((one for one in self.members() if CHILDREN[name] in _command(one)), None)

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            theirs = process.environ().get("COOPCASE_DATA")
            return theirs == self.environment["COOPCASE_DATA"] and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def environment(data: Path) -> dict[str, str]:
    ports = {"COOPCASE_PORT": str(free_port()), "COOPCASE_PREFECT_PORT": str(free_port())}
    fixed = {"COOPCASE_LANG": "en", "COOPCASE_TODAY": "2016-03-14", "COOPCASE_SAMPLE": "no"}
    return {**os.environ, **ports, **fixed, "COOPCASE_DATA": str(data)}


def start(data: Path, chosen: dict[str, str]) -> House:
    output = data.with_suffix(".out")
    with output.open("w") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.app", "run"], cwd=ROOT, env=chosen, text=True,
            stdin=subprocess.DEVNULL, stdout=terminal, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    return House(process, chosen, output)


def eventually(true: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.2)
    return False


def opens(port: str, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """A running house, empty unless the test asks for the sample office, which takes a while to invent."""
    data = tmp_path / "var"
    started = start(data, environment(data) | {"COOPCASE_SAMPLE": getattr(request, "param", "no")})
    eventually(lambda: "Coopcase is ready" in started.said() or started.process.poll() is not None, PATIENCE)
    assert started.process.poll() is None, started.said()
    assert "Coopcase is ready" in started.said(), started.said()
    yield started
    started.process.kill()
    started.process.wait()
    for process in started.members():
        process.kill()


@pytest.mark.parametrize("house", ["yes"], indirect=True, ids=["with the sample office"])
def test_all_three_answer_and_the_dead_come_back(house: House) -> None:
    pages, prefect = house.environment["COOPCASE_PORT"], house.environment["COOPCASE_PREFECT_PORT"]
    assert opens(pages, "/healthz")
    assert opens(prefect, "/api/health")
    assert f"http://127.0.0.1:{pages}" in house.said()
    assert f"http://127.0.0.1:{prefect}" in house.said()
    killed = {}
    for name in ("web", "worker"):
        child = house.child(name)
        assert child is not None, f"{name} is not running"
        killed[name] = child.pid
        child.kill()
    assert eventually(lambda: opens(pages, "/healthz"), 60), "the pages did not come back"
    for name, pid in killed.items():
        back = eventually(lambda name=name, pid=pid: (now := house.child(name)) and now.pid != pid, 30)  # type: ignore[misc]
        assert back, f"{name} did not come back"
    _end(house, signal.SIGTERM)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill -9"])
def test_nobody_is_left_behind(house: House, how: signal.Signals) -> None:
    assert len(house.members()) >= 1 + len(CHILDREN)
    _end(house, how)


def _end(house: House, how: signal.Signals) -> None:
    house.process.send_signal(how)
    house.process.wait(30)
    assert eventually(lambda: not house.members(), 10), [_command(one) for one in house.members()]
    assert house.process.returncode == (0 if how != signal.SIGKILL else -signal.SIGKILL)


@pytest.mark.parametrize("setting", ["COOPCASE_PORT", "COOPCASE_PREFECT_PORT"])
def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path, setting: str) -> None:
    chosen = environment(tmp_path / "var")
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(chosen[setting])))
        other.listen()
        refused = start(tmp_path / "var", chosen)
        assert refused.process.wait(60) == 5
    said = refused.said()
    assert chosen[setting] in said
    assert f"{setting}=" in said
    assert "Traceback" not in said
    assert refused.members() == []


def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    chosen = {**environment(tmp_path / "var"), "COOPCASE_PORT": "many"}
    refused = start(tmp_path / "var", chosen)
    assert refused.process.wait(60) == 2
    assert "COOPCASE_PORT" in refused.said()
    assert "Traceback" not in refused.said()
