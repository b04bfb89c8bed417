"""A test run that is interrupted or killed leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
STARTS_A_SERVER = """
import subprocess, sys, time

def test_that_starts_a_server() -> None:
    server = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
    with open({reported!r}, "w") as reported:
        reported.write(str(server.pid))
    time.sleep(300)
"""


def eventually(holds: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.processes
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["alone", "xdist"])
def test_no_server_outlives_its_test_run(tmp_path: Path, ending: signal.Signals, workers: list[str]) -> None:
    reported = tmp_path / "pid"
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_configure, pytest_unconfigure\n")
    (tmp_path / "test_it.py").write_text(STARTS_A_SERVER.format(reported=str(reported)))
    chosen = {name: value for name, value in os.environ.items() if not name.startswith("COOPCASE_TEST_RUN")}
    run = subprocess.Popen(
        [
            *("env", "--default-signal=INT"),  # a shell's background job, which the tests may be, ignores it
            *(sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(tmp_path), *workers),
            str(tmp_path),
        ],
        cwd=ROOT, env=chosen | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert eventually(lambda: reported.exists() and reported.read_text() != "", 60)
        server = int(reported.read_text())
        assert psutil.pid_exists(server)
        run.send_signal(ending)
        assert eventually(lambda: not psutil.pid_exists(server))
    finally:
        run.kill()
        run.wait()
