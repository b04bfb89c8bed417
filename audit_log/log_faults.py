"""What does not agree with the office's log: every row and fact against its latest entry, every leaf against the tree.

Not covered, and said so in docs/security.md: what was changed and put back between two looks; an entry that is not in a
checkpoint yet; whatever was rewritten together with the log by who also has the signing key, unless an earlier
checkpoint lies elsewhere (`against`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from audit_log.checkpoints import Checkpoint, is_signed, log_key, public_keys, read
from audit_log.faults import Fault
from audit_log.merkle import EMPTY_ROOT, Frontier, leaf_hash
from audit_log.sequencer import encoded, entry_bytes, latest, unordered
from audit_log.time_stamps import stamp_faults
from models.history_log import FACT, LOGGED, digest_of, key_of, latest_entries, rows_of
from models.log_triggers import is_installed
from models.tables import change_notes, facts, log_checkpoints, log_entries, log_leaves, metadata


@dataclass(frozen=True, slots=True)
class LogState:
    """How much of the log is ordered: `waiting` entries have no place in the tree yet. `key`: verifies its notes."""

    size: int
    root: str
    waiting: int
    key: str

    @property
    def short(self) -> str:
        """The newest checkpoint as reports and messages print it: size and the first 8 bytes of the root."""
        return f"{self.size}-{self.root[:16]}"


def log_state(connection: Connection, folder: Path) -> LogState:
    found = latest(connection)
    size, root = (found.size, found.root) if found else (0, EMPTY_ROOT.hex())
    return LogState(size, root, unordered(connection), log_key(folder).verifier())


def log_faults(connection: Connection, folder: Path, against: Checkpoint | None = None) -> Iterator[Fault]:
    """Every disagreement of the whole office. `against`: a checkpoint kept elsewhere; all since must continue it."""
    for part in log_parts(folder, against).values():
        yield from part(connection)


def log_parts(folder: Path, against: Checkpoint | None = None) -> dict[str, Callable[[Connection], Iterator[Fault]]]:
    """The parts that the whole check is made of, by name; each can be run by itself."""
    tables = {name: partial(_rows, table=metadata.tables[name]) for name in sorted(LOGGED)}
    tree = partial(_tree, folder=folder, against=against)
    return {"guards": _guards, **tables, FACT: _facts, "tree": tree, "time_stamps": stamp_faults}


def _guards(connection: Connection) -> Iterator[Fault]:
    """Whether the triggers are there, and rows that were changed past the program."""
    if not is_installed(connection):
        yield Fault("", "fault_log_unguarded", {})
    for entity, key in connection.execute(select(change_notes.c.entity, change_notes.c.key)).tuples():
        yield Fault("", "fault_log_outside", {"entity": entity, "key": key})


def _rows(connection: Connection, table: Table) -> Iterator[Fault]:
    entries = latest_entries(connection, table.name)
    for row in rows_of(connection, table):
        key = key_of(table, row)
        known = entries.pop(key, None)
        if known is None:
            yield Fault("", "fault_log_unknown", {"entity": table.name, "key": key})
        elif known != digest_of(table.name, row):
            yield Fault("", "fault_log_changed", {"entity": table.name, "key": key})
    for key, digest in entries.items():
        if digest:
            yield Fault("", "fault_log_gone", {"entity": table.name, "key": key})


def missing_facts(connection: Connection) -> list[tuple[int, int]]:
    """(case, seq) of facts that the log knows and the database has lost."""
    return [found for found, stored, _ in _compared(connection) if stored is None]


def _facts(connection: Connection) -> Iterator[Fault]:
    for (case, seq), stored, entered in _compared(connection):
        params: dict[str, object] = {"entity": FACT, "key": f"{case}|{seq}"}
        if stored is None:
            yield Fault("", "fault_log_gone", params)
        elif not entered:
            yield Fault("", "fault_log_unknown", params)
        elif entered != {stored}:
            yield Fault("", "fault_log_changed", params)


def _compared(connection: Connection) -> Iterator[tuple[tuple[int, int], str | None, set[str]]]:
    """Facts that differ from the log: (case, seq), the stored hash if any, and the hashes entered for it."""
    entered: dict[tuple[int, int], set[str]] = {}
    found = select(log_entries.c.key, log_entries.c.digest).where(log_entries.c.entity == FACT)
    for key, digest in connection.execute(found).tuples():
        case, seq = key.split("|")
        entered.setdefault((int(case), int(seq)), set()).add(digest)
    for case_id, number, stored in connection.execute(select(facts.c.case_id, facts.c.seq, facts.c.hash)).tuples():
        known = entered.pop((case_id, number), set())
        if known != {stored}:
            yield (case_id, number), stored, known
    yield from ((key, None, known) for key, known in entered.items())


def _tree(connection: Connection, folder: Path, against: Checkpoint | None) -> Iterator[Fault]:
    notes: dict[int, Any] = {row.size: row for row in connection.execute(select(log_checkpoints))}
    tree, keys = Frontier(0, []), public_keys(folder)
    if against is not None and against.size not in notes:
        notes[against.size] = None
    for place, number, stored, entity, key, digest in connection.execute(_leaves()):
        leaf = None if entity is None else leaf_hash(entry_bytes(number, entity, key, digest))
        if place != tree.size or leaf is None or leaf.hex() != stored:
            yield Fault("", "fault_log_leaf", {"position": place})
        tree.append(bytes.fromhex(stored))
        if tree.size in notes:
            yield from _checkpoint(notes.pop(tree.size), tree, keys, against)
    for size in sorted(notes):
        if size:
            yield Fault("", "fault_log_short", {"size": size, "found": tree.size})


def _leaves() -> Any:
    columns = (log_entries.c.entity, log_entries.c.key, log_entries.c.digest)
    found = select(log_leaves, *columns).join(log_entries, log_entries.c.id == log_leaves.c.entry_id, isouter=True)
    return found.order_by(log_leaves.c.position)


def _checkpoint(row: Any, tree: Frontier, keys: Sequence[bytes], against: Checkpoint | None) -> Iterator[Fault]:
    root = tree.root()
    if row is not None and not _holds(row._mapping, tree, root, keys):
        yield Fault("", "fault_log_checkpoint", {"size": tree.size})
    if against is not None and against.size == tree.size and not root.startswith(against.root):
        yield Fault("", "fault_log_against", {"size": tree.size})


def _holds(row: Mapping[str, Any], tree: Frontier, root: bytes, keys: Sequence[bytes]) -> bool:
    said = read(row["note"])
    return (
        row["root"] == root.hex()
        and row["frontier"] == encoded(tree.roots)
        and (said.size, said.root) == (tree.size, root)
        and is_signed(row["note"], keys)
    )
