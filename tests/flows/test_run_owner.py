"""The owner of a run: a tag that an ended process cannot share with a running one."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from flows.runtime import run_owner


@pytest.fixture
def other() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


def tag_of(pid: int) -> str:
    """What the process itself would say."""
    return run_owner.tag().rpartition(":")[0].rpartition(":")[0] + f":{pid}:{run_owner.began(pid)}"


def test_the_runs_of_a_living_process_are_its_own(other: subprocess.Popen[bytes]) -> None:
    assert not run_owner.is_lost(tag_of(other.pid))


def test_the_runs_of_a_dead_process_are_lost(other: subprocess.Popen[bytes]) -> None:
    named = tag_of(other.pid)
    other.kill()
    other.wait()
    assert run_owner.is_lost(named)


@pytest.mark.parametrize(
    ("place", "lost"),
    [
        pytest.param("another-machine:12345678:1:1", False, id="of a machine of which nothing is known"),
        pytest.param("{host}:00000000:{pid}:{began}", True, id="of this machine before it was started again"),
        pytest.param("{host}:{boot}:{pid}:1", True, id="of a process whose number was given again"),
        pytest.param("{host}:{boot}:{pid}:{began}", True, id="of this process, which carries nothing now"),
        pytest.param("{host}:what", True, id="no process"),
    ],
)
def test_a_tag_is_read(place: str, lost: bool) -> None:
    _, host, boot, pid, began = run_owner.tag().split(":")
    assert pid == str(os.getpid())
    assert run_owner.is_lost("by:" + place.format(host=host, boot=boot, pid=pid, began=began)) is lost
