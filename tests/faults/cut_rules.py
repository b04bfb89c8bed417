"""`python -m tests.faults.cut_rules PIN MARK STATEMENT`: approves a version and waits before a statement begins."""

import sys
import time
from typing import Any

from sqlalchemy import event

from models.database import engine
from rule_changes.version_proposals import approve
from tests.casework.desk import CITY_LEGAL, LATER


def main(pin: str, mark: str, awaited: str) -> None:
    bind = engine()

    def stand(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(awaited):
            sys.stdout.write("between\n")
            sys.stdout.flush()
            time.sleep(120)

    event.listen(bind, "before_cursor_execute", stand)
    approve(bind, pin, by=CITY_LEGAL, seen=mark, clock=LATER)


if __name__ == "__main__":
    main(*sys.argv[1:])
