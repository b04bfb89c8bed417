"""`python -m tests.faults.cut_import FILE STATEMENT`: imports a register and waits before a statement begins."""

import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import event

from casework.register_import import commit
from models.database import engine
from tests.web.web_office import CLOCK


def main(file: Path, awaited: str) -> None:
    bind = engine()

    def stand(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(awaited):
            sys.stdout.write("between\n")
            sys.stdout.flush()
            time.sleep(120)

    event.listen(bind, "before_cursor_execute", stand)
    commit(bind, file.read_bytes(), file.name, by="clock", clock=CLOCK)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
