"""Sweeps up after a supervisor that could not: when its pipe closes, every process with the mark is ended.

Run as a script (`python -I -S warden.py MARK`) and imports the standard library only, so that it costs almost nothing.
"""

import os
import signal
import sys
import time
from pathlib import Path

MARK = "COOPCASE_HOUSEHOLD"


def household(mark: str) -> list[int]:
    """The processes that carry the mark in their environment, however deep and in whatever session."""
    wanted = f"{MARK}={mark}".encode()
    return [pid for pid in _processes() if pid != os.getpid() and wanted in _environment(pid)]


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def sweep(mark: str, tries: int = 20) -> None:
    """Kill until nobody of the household is left; a process may be starting another while it is killed."""
    for _ in range(tries):
        members = household(mark)
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
    for deaf in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(deaf, signal.SIG_IGN)
    sys.stdin.buffer.read()  # ends when the supervisor is gone, whatever ended it
    sweep(mark)


if __name__ == "__main__":
    main(sys.argv[1])
