"""`python -m tests.bench.one_import URL FILE`: an import of the register by itself; its start is counted too."""

import json
import sys
from datetime import date
from pathlib import Path
from time import process_time

from casework.register_import import commit
from models.clock import FrozenClock
from models.database import engine
from tests.bench.held import Held


def main(url: str, file: str) -> None:
    clock = FrozenClock.on(date(2016, 3, 14))
    held = Held(engine(url))
    result = commit(engine(url), Path(file).read_bytes(), "so.xlsx", by="clock", clock=clock)
    counts = result.counts()
    done = {"core": process_time(), "units": counts["new"] + counts["changed"], "cases": len(result.cases)}
    sys.stdout.write(json.dumps(done | {"held": held.core, "held_for": held.clock}))


if __name__ == "__main__":
    main(*sys.argv[1:])
