"""What waits for the end of a transaction: writes that are sent with its last statements, and what a process may
remember once it is committed."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from models.driver_sql import Sent, Writes

_KEY = "coopcase_ends"


@dataclass(slots=True)
class Ends:
    """Of one transaction. `committed`: called after its commit, never after a roll-back."""

    writes: list[Sent] = field(default_factory=list)
    committed: list[Callable[[], None]] = field(default_factory=list)


def begin_ends(connection: Connection) -> Ends:
    """For the transaction that has just begun."""
    connection.info[_KEY] = ends = Ends()
    return ends


def forget_ends(connection: Connection) -> None:
    """After the transaction, however it ended."""
    if not connection.closed and not connection.invalidated:
        connection.info.pop(_KEY, None)


def leave(writes: Writes) -> None:
    """Send writes with the last statements of their transaction, in which nothing else is done after them."""
    ends: Ends | None = writes.connection.info.get(_KEY)
    if ends is None:
        writes.send()
    else:
        ends.writes += writes.taken()


def once_committed(connection: Connection, remember: Callable[[], None]) -> None:
    """What to do after the commit; nothing where the transaction is not one of `models.database.writing`."""
    ends: Ends | None = connection.info.get(_KEY)
    if ends is not None:
        ends.committed.append(remember)
