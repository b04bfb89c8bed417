"""A child that writes without end does not fill the disk: its log is rotated while it goes on."""

import sys
import threading
from pathlib import Path

from flows.runtime.supervisor import Child, Pace, Supervisor
from tests.faults.stack import eventually

LIMIT, LINES = 100_000, 600  # of a thousand bytes
TALKER = f"""
import os, pathlib, sys, time
for number in range({LINES}):
    while os.fstat(1).st_size > {LIMIT * 3 // 2}:  # on a busy machine it may be quicker than the rotation
        time.sleep(0.005)
    print(f"{{number:09}}", "x" * 989, flush=True)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


def test_a_long_log_is_rotated(tmp_path: Path) -> None:
    said_all = tmp_path / "said_all"
    child = Child("talker", (sys.executable, "-c", TALKER, str(said_all)), lambda _: True)
    supervisor = Supervisor([child], {}, tmp_path, Pace(look_every=0.02), log_limit=LIMIT)

    def stop_at_the_end() -> None:
        eventually(said_all.exists, 60)
        supervisor.stopping.set()

    threading.Thread(target=stop_at_the_end, daemon=True).start()
    supervisor.start()
    try:
        supervisor.keep()
    finally:
        supervisor.stop()
    assert said_all.exists(), "it went on talking"
    log, aside = tmp_path / "talker.log", tmp_path / "talker.log.1"
    assert log.stat().st_size + aside.stat().st_size < LINES * 1000 * 2 // 3
