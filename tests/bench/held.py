"""How long the longest transaction of a process kept others from writing, COMMIT included.

On a machine with other work the seconds say more about that work; the processor time changes little with it.
"""

from time import process_time
from typing import Any

from sqlalchemy import Connection, Engine, event

from models.clock import stopwatch
from models.database import begins_to_write


class Held:
    """Of the transactions so far that wrote the most seconds of this process (`core`), and that passed (`clock`)."""

    def __init__(self, bind: Engine) -> None:
        self.core = self.clock = 0.0
        self._since: tuple[float, float] | None = None
        dialect: Any = bind.dialect
        self._commit, dialect.do_commit = dialect.do_commit, self._committed
        event.listen(bind, "begin", self._begin)

    def _begin(self, connection: Connection) -> None:
        self._since = (process_time(), stopwatch()) if begins_to_write(connection) else None

    def _committed(self, connection: Any) -> None:
        self._commit(connection)
        if self._since is not None:
            core, clock = self._since
            self.core, self.clock = max(self.core, process_time() - core), max(self.clock, stopwatch() - clock)
