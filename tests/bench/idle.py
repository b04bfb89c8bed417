"""What the whole product costs with nothing to do: `python -m tests.bench.idle [SECONDS]`.

Starts `coopcase run` with the sample office on free ports, waits until everything pending is done, then reads the
processor time of every process of the run before and after.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import create_engine, select

from models.tables import day_runs, effects
from tests.conftest import free_port

SECONDS = 30.0
NAMES = {
    "flows.runtime.prefect_server": "Prefect server",
    "uvicorn": "pages",
    "flows.runtime.worker": "worker",
    "orphan_reaper.py": "orphan reaper",
    "cli.app": "supervisor",
}


def run(seconds: float = SECONDS) -> None:
    """Print the part of one core that each process takes, its memory, and the sum."""
    with tempfile.TemporaryDirectory() as folder, house(Path(folder)) as processes:
        before = [_used(process) for process in processes]
        time.sleep(seconds)
        parts = [(_used(process) - used) / seconds for process, used in zip(processes, before, strict=True)]
        for process, part in zip(processes, parts, strict=True):
            _say(f"idle {_name(process)}: {part:.2%} of one core, {process.memory_info().rss / 1e6:.0f} MB")
        _say(f"idle together, over {seconds:.0f} s: {sum(parts):.2%} of one core")


@contextmanager
def house(folder: Path) -> Iterator[list[psutil.Process]]:
    """Everything up and nothing to do; the processes, the supervisor first."""
    ports = {"COOPCASE_PORT": str(free_port()), "COOPCASE_PREFECT_PORT": str(free_port())}
    chosen = {
        **os.environ,
        **ports,
        "COOPCASE_DATA": str(folder),
        "COOPCASE_LANG": "en",
        "COOPCASE_TODAY": "2016-03-14",
    }
    with (folder / "terminal").open("wb") as terminal:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "cli.app", "run"], env=chosen, stdin=subprocess.DEVNULL, stdout=terminal,
            stderr=terminal, start_new_session=True,
        )  # fmt: skip
    try:
        _wait(lambda: "Coopcase is ready" in (folder / "terminal").read_text(), 240)
        _wait(lambda: _is_settled(folder / "coopcase.db"), 240)
        time.sleep(20)  # the last requests and logs of the runs
        parent = psutil.Process(supervisor.pid)
        yield [parent, *parent.children(recursive=True)]
    finally:
        supervisor.send_signal(signal.SIGTERM)
        supervisor.wait(30)


def _is_settled(database: Path) -> bool:
    bind = create_engine(f"sqlite:///{database}")
    with bind.connect() as connection:
        pending = connection.execute(select(effects.c.id).where(effects.c.status == "pending").limit(1)).first()
        done = connection.execute(select(day_runs.c.name).where(day_runs.c.done_at.is_not(None))).all()
    bind.dispose()
    return pending is None and len(done) >= 3


def _wait(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.5)


def _used(process: psutil.Process) -> float:
    """Seconds of processor time, of the process and of those it has waited for."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _name(process: psutil.Process) -> str:
    command = " ".join(process.cmdline())
    return next((name for mark, name in NAMES.items() if mark in command), command[:40])


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run(*map(float, sys.argv[1:]))
