"""Verifies the whole office in `NIGHTS` nights: each a share of it, within bounded time, from where the last one ended.

A fault stays on the list until its part has been looked at again without it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from audit_log.faults import Fault
from audit_log.log_faults import log_parts
from casework.upkeep.integrity import verify_cases
from correspondence.paper_integrity import book_faults, verify_papers
from models.clock import Clock, stopwatch
from models.database import reading
from models.tables import case_rows, nightly_checks

NIGHTS = 7
AT_LEAST, AT_MOST = 60.0, 600.0  # seconds of a night: a small office is verified whole
CASES, BOOKS = "cases", "books"
_AT_ONCE = 100  # cases
_KEPT = 500  # faults that are kept in words; all are counted


@dataclass(slots=True)
class Progress:
    """How far the round through all parts is; kept as the result of a night.

    `after`: the last case looked at of the part `part`. `faults`: [part, after, case, code, params] of each.
    """

    part: str = CASES
    after: int = 0
    began_at: str = ""
    ended_at: str = ""  # of the last whole round
    faults: list[list[Any]] = field(default_factory=list)

    def as_document(self, looked: int) -> dict[str, Any]:
        return {
            "part": self.part, "after": self.after, "began_at": self.began_at, "ended_at": self.ended_at,
            "looked": looked, "count": len(self.faults), "faults": self.faults[:_KEPT],
        }  # fmt: skip


def verify_some(
    bind: Engine, folder: Path, clock: Clock, *, at_least: float = AT_LEAST, at_most: float = AT_MOST
) -> dict[str, Any]:
    """Verify a night's share: a seventh of all batches, more while `at_least` seconds last, never over `at_most`."""
    with reading(bind) as connection:
        progress, share = _last(connection, clock.now()), _share(connection, folder)
    began, looked = stopwatch(), 0
    while True:
        with reading(bind) as connection:
            ended = _look(connection, folder, progress)
        looked += 1
        if ended:
            now = clock.now().isoformat()
            progress.ended_at, progress.began_at = now, now
        spent = stopwatch() - began
        if ended or spent >= at_most or (looked >= share and spent >= at_least):
            return progress.as_document(looked)


def _last(connection: Connection, now: datetime) -> Progress:
    columns = nightly_checks.c
    found = select(columns.found).where(columns.kind == "verify", columns.ok).order_by(columns.id.desc()).limit(1)
    kept: Mapping[str, Any] | None = connection.scalar(found)
    if kept is None:
        return Progress(began_at=now.isoformat())
    return Progress(kept["part"], kept["after"], kept["began_at"], kept["ended_at"], list(kept["faults"]))


def _share(connection: Connection, folder: Path) -> int:
    """How many batches a night has to look at for all to be seen in `NIGHTS` nights."""
    cases = connection.scalar(select(func.count()).select_from(case_rows)) or 0
    batches = -(-cases // _AT_ONCE) + 1 + len(log_parts(folder))
    return -(-batches // NIGHTS)


def _look(connection: Connection, folder: Path, progress: Progress) -> bool:
    """Look at the next batch and move on; whether the round has ended with it."""
    parts = log_parts(folder)
    order = [CASES, BOOKS, *parts]
    if progress.part not in order:  # of a release with other parts
        progress.part, progress.after = CASES, 0
    part, after = progress.part, progress.after
    if part == CASES:
        ids = _next_cases(connection, after)
        found = list(_case_faults(connection, ids))
        done, last = len(ids) < _AT_ONCE, ids[-1] if ids else after
    else:
        found = list(book_faults(connection) if part == BOOKS else parts[part](connection))
        done, last = True, 0
    _replace(progress, part, after, None if done else last, found)
    if not done:
        progress.after = last
        return False
    place = order.index(part) + 1
    progress.part, progress.after = order[place % len(order)], 0
    return place == len(order)


def _next_cases(connection: Connection, after: int) -> list[int]:
    found = select(case_rows.c.id).where(case_rows.c.id > after).order_by(case_rows.c.id).limit(_AT_ONCE)
    return list(connection.scalars(found))


def _case_faults(connection: Connection, ids: list[int]) -> Iterator[Fault]:
    """Chains and lists of these cases, their letters' files and their evidence."""
    yield from verify_cases(connection, ids)
    for ref in connection.scalars(select(case_rows.c.ref).where(case_rows.c.id.in_(ids))).all():
        yield from verify_papers(connection, ref)


def _replace(progress: Progress, part: str, after: int, last: int | None, found: list[Fault]) -> None:
    """What was known of this batch is replaced by what was found now."""
    kept = [
        one for one in progress.faults
        if one[0] != part or not (after <= one[1] and (last is None or one[1] < last))
    ]  # fmt: skip
    new = [[part, after, fault.ref, fault.code, {k: str(v) for k, v in fault.params.items()}] for fault in found]
    progress.faults = kept + new
