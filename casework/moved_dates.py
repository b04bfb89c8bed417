"""Deadlines that a change of the rules moves: found, written, and what was said of them taken back."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, update

from casework.announced import Announced
from casework.outbox import owe_many
from models.errors import Refused
from models.tables import case_rows, deadlines
from procedures.deadlines import OURS

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that is moved: does it become late, is news of it out, and has the case an issued letter?"""

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


def moved(row: Mapping[str, Any], after: date | None, today: date) -> Moved:
    """A row of deadlines (with its case's `ref`, `unit_name` and `procedure`) whose end is now another."""
    before = row["ends_on"]
    was_late = before is not None and before < today
    late = after is not None and after < today
    return Moved(
        row["id"], row["case_id"], row["ref"], row["unit_name"], row["procedure"], row["key"], row["kind"],
        before, after, late and not was_late, announced=False, written=False,
    )  # fmt: skip


def with_news(connection: Connection, found: Sequence[Moved]) -> list[Moved]:
    """The same, saying of which deadlines a message has gone out, and which cases have an issued letter."""
    out = Announced(connection, (item.case_id for item in found))
    return [
        replace(item, announced=out.told(item.case_id, item.key) > 0, written=out.written(item.case_id))
        for item in found
    ]


def write_ends(
    connection: Connection, found: Sequence[Moved], sums: Mapping[int, Mapping[str, Any]] | None = None
) -> None:
    """Write the new ends (and, by the deadline's id, the sums they come from), and the two dates of their cases."""
    columns = deadlines.c
    if found:
        statement = update(deadlines).where(columns.id == bindparam("deadline_id")).values(ends_on=bindparam("after"))
        connection.execute(statement, [{"deadline_id": item.deadline_id, "after": item.after} for item in found])
    if sums:
        statement = update(deadlines).where(columns.id == bindparam("deadline_id"))
        statement = statement.values(sum=bindparam("total", type_=columns.sum.type))
        connection.execute(statement, [{"deadline_id": key, "total": dict(total)} for key, total in sums.items()])
    for cases in _batches(sorted({item.case_id for item in found})):
        _refresh_cases(connection, cases)


def _refresh_cases(connection: Connection, cases: Sequence[int]) -> None:
    """The earliest legal and internal dates of these cases, set-wise."""
    columns = deadlines.c

    def earliest(*kinds: str) -> Any:
        standing = and_(columns.case_id == case_rows.c.id, columns.status == "open", columns.kind.in_(kinds))
        return select(func.min(columns.ends_on)).where(standing).scalar_subquery()

    connection.execute(
        update(case_rows)
        .where(case_rows.c.id.in_(cases))
        .values(legal_on=earliest("legal"), target_on=earliest(*OURS), due_on=earliest("legal", *OURS))
    )


def take_back(connection: Connection, found: Sequence[Moved], verb: str, now: datetime) -> None:
    """What has been said of the old dates is owed a correction."""
    by_case: dict[int, list[Moved]] = {}
    for item in found:
        by_case.setdefault(item.case_id, []).append(item)
    stamp = now.strftime("%Y%m%d%H%M%S%f")
    owed = [
        (
            case_id,
            f"{items[0].ref}:{verb}:{stamp}",
            "withdraw",
            {"keys": [item.key for item in items], "seq": 0, "verb": verb},
        )
        for case_id, items in by_case.items()
    ]
    owe_many(connection, owed, now)


def digest_of(found: Sequence[Moved]) -> str:
    """What whoever confirms repeats, to say that these moves and no others were seen."""
    listed = [f"{item.ref} {item.key} {item.before} {item.after}" for item in found]
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()[:12]


def require_seen(found: Sequence[Moved], seen: str | None) -> None:
    """Raises Refused when something else moves than was seen in the preview."""
    if seen is not None and seen != digest_of(found):
        raise Refused("moves_not_seen", count=len(found))


def _batches(listed: Sequence[int]) -> Iterable[Sequence[int]]:
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))
