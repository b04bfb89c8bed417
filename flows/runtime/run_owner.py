"""The owner of a run: every run in Prefect has a tag of its process, so that runs of ended processes are recognised.

A tag names the machine, its boot, and the process with the instant it began: neither a reboot nor a reused process id
makes an ended process look alive, and a clock that is set changes nothing.
"""

import os
import socket
from functools import cache
from pathlib import Path

PREFIX = "by:"


@cache
def tag() -> str:
    """The tag of this process."""
    return _tag(os.getpid())


def is_lost(named: str) -> bool:
    """True for an ended process of this machine, and for this one, which asks only while it carries no run.

    False for a process of another machine, of which nothing is known.
    """
    if not named.startswith(f"{PREFIX}{socket.gethostname()}:"):
        return False
    number = named.split(":")[-2]
    return named == tag() or not number.isdigit() or named != _tag(int(number))


def _tag(pid: int) -> str:
    return f"{PREFIX}{socket.gethostname()}:{_boot()}:{pid}:{began(pid)}"


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]


def began(pid: int) -> str:
    """The start of a process in ticks since the boot of the machine; "" when there is none of that id."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
