"""How long the longest transaction of a process kept others from writing, by its own processor time.

On a machine with other work an officer's wait says more about that work; the processor time does not change with it.
"""

from time import process_time

from sqlalchemy import Connection, Engine, event


class Held:
    """The longest transaction so far that wrote: `longest`, in seconds of this process, the time of a server left out."""

    def __init__(self, bind: Engine) -> None:
        self.longest, self._since = 0.0, 0.0
        event.listen(bind, "begin", self._begin)
        event.listen(bind, "commit", self._end)

    def _begin(self, connection: Connection) -> None:
        self._since = process_time() if connection.get_execution_options().get("coopcase_write") else 0.0

    def _end(self, _connection: Connection) -> None:
        if self._since:
            self.longest = max(self.longest, process_time() - self._since)
