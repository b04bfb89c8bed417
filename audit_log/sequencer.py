"""Orders the log's entries: each gets its place in the Merkle tree, and the tree a signed checkpoint.

Acts only append entries, so writers never wait for each other; one sequencer at a time orders what is there.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from audit_log.checkpoints import log_key
from audit_log.merkle import Frontier, leaf_hash
from models.database import is_sqlite, writing
from models.tables import log_checkpoints, log_entries, log_leaves

AT_ONCE = 5_000  # entries ordered in one transaction
_LATE = 100_000  # PostgreSQL: how far behind the newest ordered entry a transaction may still commit
_LOCK = 2014_03


def sequence(bind: Engine, folder: Path, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Order every entry that is committed; returns how many. `folder`: the data folder, with the signing key."""
    done = 0
    while True:
        with writing(bind) as connection:
            if not is_sqlite(connection):
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            found = connection.execute(_unordered(connection).limit(at_once)).all()
            if found:
                _append(connection, found, folder, now)
        done += len(found)
        if len(found) < at_once:
            return done


def unordered(connection: Connection) -> int:
    """How many entries have no place yet."""
    return int(connection.scalar(select(func.count()).select_from(_unordered(connection).subquery())) or 0)


def entry_bytes(number: int, entity: str, key: str, digest: str) -> bytes:
    """An entry as the tree hashes it: four fields separated by spaces, which the first, second and last never hold."""
    return f"{number} {entity} {digest or '-'} {key}".encode()


def latest(connection: Connection) -> Any:
    """The row of the newest checkpoint; None while there is none."""
    return connection.execute(select(log_checkpoints).order_by(log_checkpoints.c.size.desc()).limit(1)).first()


def printed(connection: Connection) -> str:
    """The newest checkpoint as messages and reports print it: size and the first 8 bytes of the root; empty if none."""
    row = latest(connection)
    return "" if row is None else f"{row.size}-{row.root[:16]}"


def _unordered(connection: Connection) -> Any:
    """Entries without a place, oldest first. One that commits late has a smaller number than some that are ordered."""
    columns = log_entries.c
    ordered = connection.scalar(select(func.max(log_leaves.c.entry_id))) or 0
    found = select(columns.id, columns.entity, columns.key, columns.digest)
    if is_sqlite(connection):  # one writer at a time: numbers are in the order of the commits
        return found.where(columns.id > ordered).order_by(columns.id)
    placed = select(log_leaves.c.entry_id).where(log_leaves.c.entry_id == columns.id).exists()
    return found.where(columns.id > ordered - _LATE, ~placed).order_by(columns.id)


def _append(connection: Connection, found: Sequence[Any], folder: Path, now: datetime) -> None:
    last = latest(connection)
    tree = Frontier(0, []) if last is None else Frontier(last.size, decoded(last.frontier))
    leaves = []
    for number, entity, key, digest in found:
        leaf = leaf_hash(entry_bytes(number, entity, key, digest))
        leaves.append({"position": tree.size, "entry_id": number, "hash": leaf.hex()})
        tree.append(leaf)
    connection.execute(log_leaves.insert(), leaves)
    root = tree.root()
    note = log_key(folder).signed(tree.size, root)
    row = {"size": tree.size, "root": root.hex(), "frontier": encoded(tree.roots), "note": note, "made_at": now}
    connection.execute(log_checkpoints.insert(), [row])


def encoded(roots: Sequence[bytes]) -> str:
    return base64.b64encode(b"".join(roots)).decode()


def decoded(frontier: str) -> list[bytes]:
    raw = base64.b64decode(frontier)
    return [raw[start : start + 32] for start in range(0, len(raw), 32)]
