"""Keeps web, Prefect server and worker running as child processes, and leaves no process behind."""

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from flows.runtime import orphan_reaper
from models.clock import stopwatch

PR_SET_PDEATHSIG = 1
GRACE = 8.0  # seconds a child has to end by itself
LOG_LIMIT = 5_000_000  # bytes; a longer log is rotated

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the supervisor looks, and how soon it restarts ended children; seconds."""

    look_every: float = 0.5
    first_delay: float = 1.0
    longest_delay: float = 60.0  # the delay doubles with every death up to this
    steady_after: float = 60.0  # of life after which a child counts as healthy again


@dataclass(frozen=True)
class Child:
    """A process to keep running; `answers` takes its process id and returns True once it serves."""

    name: str
    command: Sequence[str]
    answers: Callable[[int], bool]


@dataclass
class _Running:
    child: Child
    delay: float
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    again: float | None = None  # when to start it again
    answered: bool = False


@dataclass
class Supervisor:
    """Starts the children with a mark in their environment; the mark finds every descendant at the end."""

    children: Sequence[Child]
    environment: Mapping[str, str]
    logs: Path
    pace: Pace = Pace()
    log_limit: int = LOG_LIMIT
    folder: Path | None = None  # in which the children run; None: the current one
    mark: str = field(default_factory=lambda: secrets.token_hex(12))
    stopping: threading.Event = field(default_factory=threading.Event)
    _running: list[_Running] = field(default_factory=list)
    _reaper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        self._listen()
        self._reaper = self._start_reaper()
        self._running = [_Running(child, self.pace.first_delay) for child in self.children]
        for one in self._running:
            self._spawn(one)

    def silent(self, patience: float) -> list[str]:
        """Wait until all children answer, at most `patience` seconds. Returns the names of those that do not."""
        end = stopwatch() + patience
        while not self.stopping.is_set():
            waiting = [one.child.name for one in self._running if not self._answers(one)]
            if not waiting or stopwatch() > end:
                return waiting
            self._look()
            self.stopping.wait(self.pace.look_every)
        return []

    def keep(self) -> None:
        """Restart children that end, until the supervisor is asked to stop."""
        while not self.stopping.wait(self.pace.look_every):
            self._look()

    def stop(self) -> None:
        """End all children: SIGTERM first, then SIGKILL."""
        alive = [one.process for one in self._running if one.process and one.process.poll() is None]
        for process in alive:
            process.send_signal(signal.SIGTERM)
        end = stopwatch() + GRACE
        for process in alive:
            _wait(process, max(0.1, end - stopwatch()))
        orphan_reaper.sweep(f"{orphan_reaper.MARK}={self.mark}")
        self._dismiss_reaper()

    def _listen(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda *_: self.stopping.set())

    def _spawn(self, one: _Running) -> None:
        """A machine that cannot start it now, for example because its disk is full, is asked again later."""
        one.started, one.again = stopwatch(), None
        try:
            with self._log(one.child).open("ab") as log:
                one.process = self._start(one.child, log)
        except OSError:
            self._schedule_restart(one)

    def _start(self, child: Child, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 -- the command is ours
            list(child.command),
            cwd=self.folder,
            env={**self.environment, orphan_reaper.MARK: self.mark},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # the terminal's Ctrl-C is for the supervisor alone
            preexec_fn=_dies_with(os.getpid()),
        )

    def _answers(self, one: _Running) -> bool:
        if not one.answered and one.process and one.process.poll() is None:
            one.answered = one.child.answers(one.process.pid)
        return one.answered

    def _log(self, child: Child) -> Path:
        return self.logs / f"{child.name}.log"

    def _start_reaper(self) -> subprocess.Popen[bytes]:
        return orphan_reaper.start(f"{orphan_reaper.MARK}={self.mark}")

    def _look(self) -> None:
        if self._reaper is not None and self._reaper.poll() is not None:  # killed: nothing would end the orphans
            self._reaper = self._start_reaper()
        for one in self._running:
            _rotate(self._log(one.child), self.log_limit)
            if one.again is not None:
                self._restart_when_due(one)
            elif one.process and one.process.poll() is not None:
                self._schedule_restart(one)

    def _schedule_restart(self, one: _Running) -> None:
        """Note the death and when to start again; a child that lived long enough starts with a clean slate."""
        now = stopwatch()
        if now - one.started > self.pace.steady_after:
            one.delay = self.pace.first_delay
        one.again, one.answered = now + one.delay, False
        one.delay = min(self.pace.longest_delay, one.delay * 2)

    def _restart_when_due(self, one: _Running) -> None:
        if one.again is not None and stopwatch() >= one.again:
            self._spawn(one)

    def _dismiss_reaper(self) -> None:
        if self._reaper and self._reaper.stdin:
            self._reaper.stdin.close()
            _wait(self._reaper, GRACE)


def _dies_with(parent: int) -> Callable[[], None]:
    """Asks the kernel to kill the child when its supervisor dies; runs between fork and exec."""

    def ask() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _rotate(log: Path, limit: int) -> None:
    """Keep a long log as `.log.1` and empty it; its writer appends, and goes on at the new end."""
    with contextlib.suppress(OSError):  # no log yet, or no room for a copy
        if log.stat().st_size > limit:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)
