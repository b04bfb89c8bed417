"""What this process folded of a case before, by the hash of its last fact: only what came since is read and folded.

The hash of the last fact covers every fact before it, so what is kept under it cannot be out of date: another process
that records a fact gives the case another hash. It is used only where the row of the case, which the act has locked,
names that hash, or where the facts since then continue it link by link; otherwise the case is read and folded whole.
A fact that changes what earlier ones say (an annulment, what was found later of a take-over) folds all of them again.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC
from threading import Lock

from cachetools import LRUCache
from sqlalchemy import Connection, bindparam, select

from models.driver_sql import DriverStatement
from models.tables import facts
from models.typed_rows.case_shapes import CaseRow
from procedures.facts import COMPLETED, CaseState, FactView
from procedures.schema import Procedure
from procedures.state_machine.fold import fold, step

FACTS_KEPT = 20_000  # of all cases together, some 30 MB at most
VIEW = (
    facts.c.seq, facts.c.kind, facts.c.occurred_on, facts.c.by, facts.c.role, facts.c.data, facts.c.evidence,
    facts.c.annuls, facts.c.recorded_at,
)  # fmt: skip
_SINCE = DriverStatement(
    select(*VIEW, facts.c.previous, facts.c.hash)
    .where(facts.c.case_id == bindparam("asked"), facts.c.seq > bindparam("known"))
    .order_by(facts.c.seq)
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A case as its facts up to the hash `head` make it under a version of the procedure. `state` is never changed."""

    procedure: Procedure
    head: str
    facts: tuple[FactView, ...]
    state: CaseState


class Kept:
    """The cases of this process that were folded last, by their references. `most`: their facts together."""

    def __init__(self, most: int) -> None:
        self._lock = Lock()  # threads share it
        self._found: LRUCache[str, Folded] = LRUCache(most, getsizeof=lambda folded: len(folded.facts))

    def get(self, ref: str) -> Folded | None:
        with self._lock:
            return self._found.get(ref)

    def put(self, ref: str, folded: Folded) -> None:
        with self._lock, suppress(ValueError):  # one case with more facts than all may have is not kept
            self._found[ref] = folded

    def all(self) -> list[Folded]:
        with self._lock:
            return list(self._found.values())

    def clear(self) -> None:
        with self._lock:
            self._found.clear()


kept = Kept(FACTS_KEPT)


def folded(connection: Connection, row: CaseRow, procedure: Procedure) -> Folded:
    """The case of a row, folded under a procedure; callers copy the state before they change it."""
    known = kept.get(row["ref"])
    if known is not None and _holds(known, row, procedure):
        return known
    found = _continued(connection, row, procedure, known) if known is not None else None
    if found is None:
        listed, hashes = _read(connection, row["id"], 0)
        head = hashes[-1][1] if hashes else ""
        found = Folded(procedure, head, listed, fold(procedure, listed))
    if found.head == row["head"] and found.facts:
        kept.put(row["ref"], found)
    return found


def known_fold(row: CaseRow, procedure: Procedure) -> Folded | None:
    """The case of a row as this process folded it before; None where that is not known."""
    known = kept.get(row["ref"])
    return known if known is not None and _holds(known, row, procedure) else None


def keep_fold(row: CaseRow, procedure: Procedure, every: Sequence[FactView], state: CaseState) -> None:
    """Keep what all the facts of a case came to; `row` names the hash of the last of them. `state` changes no more."""
    if every:
        kept.put(row["ref"], Folded(procedure, row["head"], tuple(every), state))


def _holds(known: Folded, row: CaseRow, procedure: Procedure) -> bool:
    return known.head == row["head"] and known.procedure is procedure


def _continued(connection: Connection, row: CaseRow, procedure: Procedure, known: Folded) -> Folded | None:
    """What is known, with what was recorded since; None where it does not continue what is known."""
    newer, hashes = _read(connection, row["id"], known.facts[-1].seq)
    head = known.head
    for previous, following in hashes:
        if previous != head:
            return None
        head = following
    if head != row["head"]:
        return None
    every = (*known.facts, *newer)
    if known.procedure is not procedure:
        return Folded(procedure, head, every, fold(procedure, every))
    return Folded(procedure, head, every, led_on(procedure, known.state, every, newer))


def known_once(
    ref: str, procedure: Procedure, head: str, every: Sequence[FactView], state: CaseState
) -> Callable[[], None]:
    """What to keep once the last of these facts is committed. `state`: after all of them, by `step` from a fold."""
    return lambda: kept.put(ref, Folded(procedure, head, tuple(every), state))


def led_on(procedure: Procedure, state: CaseState, every: Sequence[FactView], newer: Sequence[FactView]) -> CaseState:
    """The state after the newer ones of all facts, as `fold` makes it; the given state is not changed."""
    if any(fact.annuls is not None or fact.kind == COMPLETED for fact in newer):
        return fold(procedure, every)
    state = state.copy()
    for fact in newer:
        step(procedure, state, fact)
    return state


def as_read(fact: FactView) -> FactView:
    """A fact that is about to be written as it will be read again."""
    recorded = fact.recorded_at.astimezone(UTC) if fact.recorded_at else None
    return replace(fact, data=json.loads(json.dumps(fact.data)), recorded_at=recorded)


def _read(connection: Connection, case_id: int, known: int) -> tuple[tuple[FactView, ...], Sequence[tuple[str, str]]]:
    """The facts behind a number, and for each the hash of the one before and its own."""
    rows = _SINCE.rows(connection, {"asked": case_id, "known": known})
    return tuple([viewed(row) for row in rows]), [(row[9], row[10]) for row in rows]


def viewed(row: Sequence[object]) -> FactView:
    """A row with the columns of VIEW as a FactView."""
    seq, kind, occurred_on, by, role, data, evidence, annuls, recorded_at, *_ = row
    return FactView(
        seq, kind, occurred_on, by, role, data, tuple(evidence), annuls, recorded_at  # type: ignore[arg-type]
    )  # fmt: skip
