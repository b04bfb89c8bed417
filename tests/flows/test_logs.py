"""A child that talks without end fills no disk: its log is put aside while it goes on."""

import sys
import threading
from pathlib import Path

from flows.supervisor import Child, Pace, Supervisor

TALKER = (
    "import time\nfor number in range(10**6):\n    print(f'{number:09}', 'x' * 990, flush=True)\n    time.sleep(0.0005)"
)


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    child = Child("talker", (sys.executable, "-c", TALKER), lambda _: True)
    house = Supervisor([child], {}, tmp_path, Pace(look_every=0.02), log_limit=100_000)
    threading.Timer(2.0, house.stopping.set).start()
    house.start()
    try:
        house.keep()
    finally:
        house.stop()
    log, aside = tmp_path / "talker.log", tmp_path / "talker.log.1"
    last = int(log.read_bytes().splitlines()[-1].split()[0])
    assert last * 1000 > 300_000, "it went on talking"
    assert log.stat().st_size + aside.stat().st_size < 400_000
