"""`python -m tests.bench.measured WORK URL`: a long work in its own process: seconds, those of a core, peak memory."""

import json
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import Engine, delete, update

from casework.upkeep.integrity import verify
from casework.upkeep.rebuild import rebuild
from flows.jobs import day_watch, week_digests
from models.clock import FrozenClock, stopwatch
from models.database import engine, reading, writing
from models.tables import case_rows, deadlines
from oversight.case_histories import store_histories
from oversight.forecast import forecasts
from procedures.legal_time.calendar import load_calendars
from rulebook.versions import Versions
from templates.words import catalogue

TODAY = date(2016, 3, 14)
CLOCK = FrozenClock.on(TODAY)
WORKS: dict[str, Callable[[Engine], Any]] = {
    "week": lambda bind: week_digests.work(bind, TODAY, CLOCK),
    "day": lambda bind: day_watch.work(bind, TODAY, CLOCK),
    "verify": lambda bind: _verify(bind),
    "rebuild": lambda bind: _rebuild(bind),
    "histories": lambda bind: store_histories(bind, TODAY),
    "forecasts": lambda bind: _forecasts(bind),
}


def _verify(bind: Engine) -> None:
    with reading(bind) as connection:
        assert list(verify(connection)) == []


def _forecasts(bind: Engine) -> None:
    with reading(bind) as connection:
        assert any(item.by_district for item in forecasts(connection, TODAY, fan=True))


def _rebuild(bind: Engine) -> None:
    """Every case has a wrong state and its open deadlines are gone; all is mended."""
    with writing(bind) as connection:
        connection.execute(update(case_rows).values(state="K1"))
        connection.execute(delete(deadlines).where(deadlines.c.status == "open"))
    assert sum(1 for _ in rebuild(bind, CLOCK))


def main(work: str, url: str) -> None:
    bind = engine(url)
    _warm_up(bind)
    start, core = stopwatch(), process_time()
    WORKS[work](bind)
    taken = {"seconds": stopwatch() - start, "core": process_time() - core}
    sys.stdout.write(json.dumps(taken | {"peak": peak()}))


def _warm_up(bind: Engine) -> None:
    """What a process reads once in its life: words, calendars, the procedure."""
    catalogue()
    load_calendars()
    with reading(bind) as connection:
        Versions(connection)


def peak() -> float:
    """The most memory this process had at once, in megabytes; not what the one that started it had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main(*sys.argv[1:])
