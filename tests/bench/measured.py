"""`python -m tests.bench.measured WORK URL`: a long work in its own process, its seconds and its peak of memory."""

import json
import resource
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Engine

from casework.integrity import verify
from flows import reminding, watching
from models.clock import FrozenClock, stopwatch
from models.database import engine, reading

TODAY = date(2016, 3, 14)
CLOCK = FrozenClock.on(TODAY)
WORKS: dict[str, Callable[[Engine], Any]] = {
    "week": lambda bind: reminding.work(bind, TODAY, CLOCK),
    "day": lambda bind: watching.work(bind, TODAY, CLOCK),
    "verify": lambda bind: _verify(bind),
}


def _verify(bind: Engine) -> None:
    with reading(bind) as connection:
        assert list(verify(connection)) == []


def main(work: str, url: str) -> None:
    bind = engine(url)
    start = stopwatch()
    WORKS[work](bind)
    seconds = stopwatch() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
