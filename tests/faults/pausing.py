"""A process that pauses in the midst of its writes, for a test that kills it there."""

import sys
import time
from typing import Any

from sqlalchemy import Engine, event


def pause_before(bind: Engine, awaited: str) -> None:
    """Pause for two minutes at each statement that begins with `awaited`, and write "between" on standard output."""

    def pause(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(awaited):
            sys.stdout.write("between\n")
            sys.stdout.flush()
            time.sleep(120)

    event.listen(bind, "before_cursor_execute", pause)
