"""Open cases counted by district, officer, stage or state: how many, how late, how many held up."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, true

from models.tables import case_rows, obstacles, officers
from oversight.lights import CutOffs, cut_offs, is_open

_WHERE = "where"  # under this name a field of Workload keeps the condition that it counts


def held_up() -> ColumnElement[bool]:
    """An obstacle that is not lifted stands in the way of the case."""
    found = select(obstacles.c.case_id).where(obstacles.c.case_id == case_rows.c.id, obstacles.c.lifted_on.is_(None))
    return found.exists()


def _count(where: Callable[[CutOffs], ColumnElement[bool]]) -> Any:
    """A field that counts the open cases of a group which meet a condition."""
    return field(default=0, metadata={_WHERE: where})


@dataclass(frozen=True, slots=True)
class Workload:
    """Open cases of one group. A figure is its field here: whatever counts, adds up or keeps workloads takes it up.

    `key` is the code of the group (district, sign-in name, stage or state); None: cases without one, or all together.
    """

    key: str | None = None
    open: int = _count(lambda cuts: true())
    past_legal: int = _count(lambda cuts: cuts.where("past_legal"))
    late: int = _count(lambda cuts: cuts.where("late"))
    due_soon: int = _count(lambda cuts: cuts.where("due_soon"))
    blocked: int = _count(lambda cuts: held_up())
    blocked_overdue: int = _count(lambda cuts: and_(held_up(), cuts.overdue()))
    unassigned: int = _count(lambda cuts: case_rows.c.officer_id.is_(None))

    @property
    def overdue(self) -> int:
        return self.past_legal + self.late

    @property
    def counts(self) -> dict[str, int]:
        """Every figure by its name."""
        return {name: getattr(self, name) for name in FIGURES}


FIGURES: tuple[str, ...] = tuple(item.name for item in fields(Workload) if _WHERE in item.metadata)
GROUPS: Mapping[str, ColumnElement[Any]] = {
    "district": case_rows.c.district_code,
    "officer": officers.c.login,
    "stage": case_rows.c.stage,
    "state": case_rows.c.state,
}


def workloads(connection: Connection, by: str, today: date, *, district: str | None = None) -> list[Workload]:
    """The groups of GROUPS with open cases, the worst first; of one district or of all."""
    return worst_first([work for _, work in workloads_by(connection, [GROUPS[by]], today, district=district)])


def workloads_by(
    connection: Connection, columns: Sequence[ColumnElement[Any]], today: date, *, district: str | None = None
) -> Iterator[tuple[tuple[Any, ...], Workload]]:
    """Open cases by the values of several columns; the first of them is the key of each workload."""
    cuts = cut_offs(today)
    figures = (sum_where(item.metadata[_WHERE](cuts)) for item in fields(Workload) if _WHERE in item.metadata)
    found = (
        select(*columns, *figures)
        .select_from(case_rows.outerjoin(officers, officers.c.id == case_rows.c.officer_id))
        .where(is_open())
        .group_by(*columns)
    )
    if district:
        found = found.where(case_rows.c.district_code == district)
    for values in connection.execute(found).tuples():
        group, counts = values[: len(columns)], values[len(columns) :]
        yield tuple(group), Workload(group[0], *counts)


def worst_first(listed: Iterable[Workload]) -> list[Workload]:
    """Most cases past the legal limit first, then most late ones, then most open ones."""
    return sorted(listed, key=lambda item: (-item.past_legal, -item.late, -item.open, item.key or ""))


def total(listed: Iterable[Workload], key: str | None = None) -> Workload:
    """Several groups as one."""
    counts = [item.counts for item in listed]
    return Workload(key, **{name: sum(found[name] for found in counts) for name in FIGURES})


def sum_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group meet a condition; 0 where there is no row."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
