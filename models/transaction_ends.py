"""What waits for the end of a transaction: writes that are sent with its last statements, and what a process may
remember once it is committed."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, RootTransaction

from models.driver_sql import Sent, Writes

_KEY = "coopcase_ends"
_MOST = 50  # a transaction of many acts remembers the last ones


@dataclass(frozen=True, slots=True)
class Ends:
    """Of one transaction. `committed`: called after its commit, never after a roll-back."""

    transaction: RootTransaction
    writes: list[Sent] = field(default_factory=list)
    committed: deque[Callable[[], None]] = field(default_factory=lambda: deque(maxlen=_MOST))


def begin_ends(connection: Connection, transaction: RootTransaction) -> Ends:
    """For the transaction that has just begun."""
    connection.info[_KEY] = ends = Ends(transaction)
    return ends


def forget_ends(connection: Connection) -> None:
    """After the transaction, however it ended."""
    if not connection.closed and not connection.invalidated:
        connection.info.pop(_KEY, None)


def leave(writes: Writes) -> None:
    """Send writes with the last statements of their transaction, in which nothing else is done after them.

    They are sent at once inside a savepoint, and in a transaction that is not one of `models.database.writing`.
    """
    ends = _ends(writes.connection)
    if ends is None:
        writes.send()
    else:
        ends.writes.extend(writes.taken())


def once_committed(connection: Connection, remember: Callable[[], None]) -> None:
    """What to do after the commit; nothing where it is not known whether this is part of it, as in `leave`."""
    ends = _ends(connection)
    if ends is not None:
        ends.committed.append(remember)


def _ends(connection: Connection) -> Ends | None:
    ends: Ends | None = connection.info.get(_KEY)
    own = ends is not None and ends.transaction is connection.get_transaction()
    return ends if own and not connection.in_nested_transaction() else None
