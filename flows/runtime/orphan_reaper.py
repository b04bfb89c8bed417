"""Ends the processes of a run whose parent could not: when its pipe closes, every process of the run is killed.

Run as a script (`python -I -S orphan_reaper.py NAME=VALUE`, the mark being an environment variable) and imports the
standard library only, so that it costs almost nothing.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MARK = "COOPCASE_RUN"


def start(mark: str) -> subprocess.Popen[bytes]:
    """Start a reaper for the processes that carry `mark` ("NAME=VALUE"); it acts once its standard input is closed."""
    return subprocess.Popen(  # noqa: S603 -- our own script
        [sys.executable, "-I", "-S", __file__, mark], stdin=subprocess.PIPE, start_new_session=True
    )


def marked(mark: str) -> list[int]:
    """The processes that carry the mark in their environment, in any session and at any depth."""
    wanted = mark.encode()
    return [pid for pid in _processes() if pid != os.getpid() and wanted in _environment(pid)]


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def sweep(mark: str, tries: int = 20) -> None:
    """Kill until no marked process is left; a process may be starting another while it is killed."""
    for _ in range(tries):
        members = marked(mark)
        if not members:
            return
        for pid in members:
            _kill(pid)
        time.sleep(0.1)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def main(mark: str) -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()  # ends when the parent is gone, whatever ended it
    sweep(mark)


if __name__ == "__main__":
    main(sys.argv[1])
