"""A stack of real processes: started under the real supervisor, killed at will, and asked for its state."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from flows.runtime import worker
from flows.runtime.health_check import opens
from flows.runtime.services import NAMES

ROOT = Path(__file__).parents[2]
COMMANDS = {"web": "uvicorn", "prefect": "flows.runtime.prefect_server", "worker": "flows.runtime.worker"}


@dataclass
class Stack:
    """Children on one data folder; Prefect may be another stack's, on the same port."""

    data: Path
    port: int
    prefect_port: int
    names: Collection[str] = NAMES
    environment: dict[str, str] = field(default_factory=dict)
    keeper: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def prefect(self) -> str:
        return f"http://127.0.0.1:{self.prefect_port}/api"

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        ports = {"COOPCASE_PORT": str(self.port), "COOPCASE_PREFECT_PORT": str(self.prefect_port)}
        chosen = {**os.environ, **ports, "COOPCASE_DATA": str(self.data), **self.environment}
        with (self.data.parent / f"{self.data.name}.keeper.log").open("ab") as log:
            self.keeper = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.keeper", *self.names], cwd=ROOT, env=chosen,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def stop(self) -> None:
        """SIGTERM; no process may be left."""
        if self.keeper is not None:
            self.keeper.send_signal(signal.SIGTERM)
            self.keeper.wait(30)
            self.keeper = None

    def child(self, name: str) -> psutil.Process | None:
        try:
            listed = psutil.Process(self.keeper.pid).children() if self.keeper else []
        except psutil.NoSuchProcess:
            return None
        return next((one for one in listed if COMMANDS[name] in command(one)), None)

    def kill(self, *names: str) -> None:
        """kill -9, all at the same moment; those not running are passed over."""
        for one in [found for name in names if (found := self.child(name))]:
            with suppress(psutil.NoSuchProcess):
                one.kill()

    def limit_files(self, size: int) -> None:
        """No process of the stack, nor one that is started, may write beyond so many bytes of a file."""
        assert self.keeper is not None
        found = (self.child(name) for name in self.names)
        for pid in [self.keeper.pid, *(one.pid for one in found if one)]:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def serves(self, name: str) -> bool:
        found = self.child(name)
        if found is None:
            return False
        if name == "worker":
            return worker.beats(self.data, found.pid)
        return opens(f"{self.site}/healthz" if name == "web" else f"{self.prefect}/health")

    def is_up(self) -> bool:
        return all(self.serves(name) for name in self.names)

    def logs(self) -> str:
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-6000:]}"
            for path in sorted((self.data / "logs").glob("*.log"))
        )


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@contextmanager
def running(stack: Stack, patience: float = 240) -> Iterator[Stack]:
    """The stack, up; ended afterwards, whatever happens."""
    stack.start()
    try:
        require(stack.is_up, patience, stack)
        yield stack
    finally:
        stack.stop()


def require(true: Callable[[], Any], seconds: float, stack: Stack, what: str = "") -> Any:
    """Returns what `true` returns once it holds; fails with the logs when it does not within the time."""
    found = eventually(true, seconds)
    assert found, f"{what or true} did not come true in {seconds} s\n{stack.logs()}"
    return found


def eventually(true: Callable[[], Any], seconds: float, every: float = 0.1) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(every)
    return found
