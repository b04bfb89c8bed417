"""`python -m tests.faults.cut_import FILE STATEMENT`: imports a register and waits before a statement begins."""

import sys
from pathlib import Path

from casework.register_import import commit
from models.database import engine
from tests.faults.pausing import pause_before
from tests.web.web_office import CLOCK


def main(file: Path, awaited: str) -> None:
    bind = engine()
    pause_before(bind, awaited)
    commit(bind, file.read_bytes(), file.name, by="clock", clock=CLOCK)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
