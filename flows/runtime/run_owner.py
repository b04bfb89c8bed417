"""Whose run it is: every run in Prefect bears a tag of the process that carries it, so that those of the dead are told.

A tag names the machine, its start, and the process with the instant it began: neither a restart nor a number that is
given again makes a dead process look alive, and a clock that is set changes nothing.
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
    """True for a process of this machine that is no more, and for this one: it asks only while it carries nothing.

    Nothing is known of another machine's.
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
    """When a process began, in ticks since the machine's start; empty when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
