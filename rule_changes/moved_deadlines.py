"""Deadlines that a change of the rules moves: compared, written, and their announcements corrected."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, case, func, or_, select, update

from casework.effect_outbox import enqueue
from models.errors import Conflict
from models.staging import fill, staged
from models.tables import case_rows, deadlines
from procedures.legal_time.deadlines import OURS
from rule_changes.announcements import Announcements

TOGETHER = 100  # cases that one effect corrects in one transaction: it bounds how long officers wait for its locks


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that moves. `announced`: a message about it was sent; `written`: the case has an issued letter."""

    deadline_id: int
    case_id: int
    ref: str
    unit: str
    procedure: str
    key: str
    kind: str
    before: date | None
    after: date | None
    becomes_late: bool
    announced: bool
    written: bool


def moved(row: Row[Any], after: date | None, today: date) -> Moved:
    """The move of a deadline row (joined with its case's `ref`, `unit_name` and `procedure`) to the end `after`."""
    before = row.ends_on
    was_late = before is not None and before < today
    late = after is not None and after < today
    return Moved(
        row.id, row.case_id, row.ref, row.unit_name, row.procedure, row.key, row.kind, before, after,
        late and not was_late, announced=False, written=False,
    )  # fmt: skip


def with_news(connection: Connection, found: Sequence[Moved]) -> list[Moved]:
    """Copies of `found` with `announced` and `written` read from messages and letters."""
    out = Announcements(connection, (item.case_id for item in found))
    return [
        replace(item, announced=out.notified(item.case_id, item.key) > 0, written=out.has_issued_letter(item.case_id))
        for item in found
    ]


Sums = Mapping[int, Mapping[str, Any]]  # that ends come from, by the deadline's id
NO_SUMS: Sums = {}


class StagedEnds:
    """New ends, and sums where they change too, in temporary tables: nobody waits while these are filled."""

    def __init__(self, connection: Connection, found: Sequence[Moved], sums: Sums = NO_SUMS) -> None:
        self._connection, self._found, self._sums = connection, list(found), sums
        self.ends = _staged(connection, "moved_deadline", "id", "case_id", "ends_on")
        rows = ({"id": item.deadline_id, "case_id": item.case_id, "ends_on": item.after} for item in found)
        fill(connection, self.ends, rows)
        self.sums = _staged(connection, "summed_deadline", "id", "sum")
        fill(connection, self.sums, ({"id": key, "sum": dict(total)} for key, total in sums.items()))

    def of(self, found: Sequence[Moved], sums: Sums = NO_SUMS) -> "StagedEnds":
        """Itself where nothing was changed since, else filled anew."""
        same = self._found == list(found) and self._sums == sums
        return self if same else StagedEnds(self._connection, found, sums)


def _staged(connection: Connection, name: str, *columns: str) -> Table:
    without = [column.name for column in deadlines.c if column.name not in columns]
    return staged(connection, deadlines, name=name, without=without, found_by=("id",))


def write_ends(connection: Connection, new: StagedEnds) -> None:
    """Write the new ends with the sums they come from, each row once, and the two dates of their cases."""
    ends, totals = new.ends, new.sums
    joined = totals.outerjoin(ends, ends.c.id == totals.c.id)
    changed = (
        select(totals.c.id, totals.c.sum, ends.c.id.label("moved"), ends.c.ends_on).select_from(joined).subquery("made")
    )
    end = case((changed.c.moved.is_not(None), changed.c.ends_on), else_=deadlines.c.ends_on)
    own = update(deadlines).where(deadlines.c.id == changed.c.id)
    connection.execute(own.values(sum=changed.c.sum, ends_on=end))
    refresh_cases(connection, ends)


def refresh_cases(connection: Connection, ends: Table) -> None:
    """The earliest legal and internal dates of these deadlines' cases, set-wise; each has an open deadline.

    Grouped by case, so that no database is tempted to search all open deadlines for the earliest of every single one.
    """
    columns = deadlines.c

    def earliest(name: str, *kinds: str) -> Any:
        return func.min(case((columns.kind.in_(kinds), columns.ends_on))).label(name)

    dates = (
        select(
            columns.case_id, earliest("legal", "legal"), earliest("target", *OURS), earliest("due", "legal", *OURS)
        )
        .where(columns.case_id.in_(select(ends.c.case_id)), columns.status == "open")
        .group_by(columns.case_id)
        .subquery("dates")
    )  # fmt: skip
    new = {"legal_on": dates.c.legal, "target_on": dates.c.target, "due_on": dates.c.due}
    differs = or_(*(case_rows.c[name].is_distinct_from(value) for name, value in new.items()))
    connection.execute(update(case_rows).where(case_rows.c.id == dates.c.case_id, differs).values(new))


def enqueue_corrections(connection: Connection, found: Sequence[Moved], verb: str, now: datetime) -> None:
    """Enqueue corrections of the announced old dates: one effect for up to 100 cases.

    `verb` (`calendar` or `ruling`) says what moved them.
    """
    keys: dict[int, list[str]] = {}
    for item in found:
        keys.setdefault(item.case_id, []).append(item.key)
    stamp, cases = now.strftime("%Y%m%d%H%M%S%f"), list(keys.items())
    pending = [
        (f"{verb}:{stamp}:{place}", "withdraw", {"cases": cases[place : place + TOGETHER], "verb": verb})
        for place in range(0, len(cases), TOGETHER)
    ]
    enqueue(connection, None, pending, now)


def digest_of(found: Sequence[Moved]) -> str:
    """The digest (12 hex digits) of a preview, which the person who confirms repeats: see `require_seen`."""
    listed = [f"{item.ref} {item.key} {item.before} {item.after}" for item in found]
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()[:12]


def require_seen(found: Sequence[Moved], seen: str | None) -> None:
    """Raises Conflict when `seen` is not the digest of these moves. None is not checked."""
    if seen is not None and seen != digest_of(found):
        raise Conflict("moves_not_seen", count=len(found))
