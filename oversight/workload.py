"""Open cases by district, officer, stage or state: how many, how late, how many with an obstacle."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from models.tables import case_rows, obstacles, officers
from oversight.lights import GREEN, CutOffs, Light, cut_offs, is_open

_WHERE = "where"  # metadata key of a Workload field: the condition that it counts


def held_up() -> ColumnElement[bool]:
    """Condition: the case has an obstacle that has not been removed."""
    return case_rows.c.id.in_(select(obstacles.c.case_id).where(obstacles.c.lifted_on.is_(None)))


class Alike(NamedTuple):
    """What the figures tell open cases of a group apart by."""

    light: Light
    held: bool
    unassigned: bool


def _count(where: Callable[[Alike], bool]) -> Any:
    """A dataclass field that counts the open cases of a group that meet a condition."""
    return field(default=0, metadata={_WHERE: where})


@dataclass(frozen=True, slots=True)
class Workload:
    """Open cases of one group. Queries, sums and snapshots iterate over the fields: a new figure is a field.

    What is past the legal limit and what is behind the plan are never added up.

    `key` is the code of the group (district, sign-in name, stage or state); None: cases without one, or all together.
    """

    key: str | None = None
    open: int = _count(lambda case: True)
    past_legal: int = _count(lambda case: case.light == "past_legal")
    legal_soon: int = _count(lambda case: case.light == "legal_soon")
    late: int = _count(lambda case: case.light == "late")
    due_soon: int = _count(lambda case: case.light == "due_soon")
    blocked: int = _count(lambda case: case.held)
    blocked_past_legal: int = _count(lambda case: case.held and case.light == "past_legal")
    blocked_late: int = _count(lambda case: case.held and case.light == "late")
    unassigned: int = _count(lambda case: case.unassigned)

    @property
    def counts(self) -> dict[str, int]:
        """Return every figure by its name."""
        return {name: getattr(self, name) for name in FIGURES}


_FIGURES: Mapping[str, Callable[[Alike], bool]] = {
    item.name: item.metadata[_WHERE] for item in fields(Workload) if _WHERE in item.metadata
}
FIGURES: tuple[str, ...] = tuple(_FIGURES)
GROUPS: Mapping[str, ColumnElement[Any]] = {
    "district": case_rows.c.district_code,
    "officer": case_rows.c.officer_id,
    "stage": case_rows.c.stage,
    "state": case_rows.c.state,
}


def workloads(connection: Connection, by: str, today: date, *, district: str | None = None) -> list[Workload]:
    """Return the groups with open cases, worst first; `by`: a key of GROUPS; one district or all (None)."""
    return grouped_workloads(connection, [by], today, district=district)[by]


def grouped_workloads(
    connection: Connection, by: Sequence[str], today: date, *, district: str | None = None
) -> dict[str, list[Workload]]:
    """The same by each of several keys of GROUPS: the cases are read once."""
    found = list(workloads_by(connection, [GROUPS[name] for name in by], today, district=district))
    logins: dict[Any, str] = {}
    if "officer" in by:
        logins = dict(connection.execute(select(officers.c.id, officers.c.login)).tuples().all())
    return {
        name: worst_first(_added(found, place, logins if name == "officer" else {})) for place, name in enumerate(by)
    }


def _added(
    found: Sequence[tuple[tuple[Any, ...], Workload]], place: int, names: Mapping[Any, str]
) -> list[Workload]:  # fmt: skip
    """Workloads of finer groups, added up by one of their values, or by its name where it has one."""
    groups: dict[str | None, list[Workload]] = {}
    for group, work in found:
        groups.setdefault(names.get(group[place], group[place]), []).append(work)
    return [total(listed, key) for key, listed in groups.items()]


def workloads_by(
    connection: Connection, columns: Sequence[ColumnElement[Any]], today: date, *, district: str | None = None
) -> Iterator[tuple[tuple[Any, ...], Workload]]:
    """Yield open cases by the values of several columns; the first value is the key of each workload."""
    row = case_rows.c
    known: dict[Any, Any] = {} if district is None else {row.district_code: district}
    by_values = {column: place for place, column in enumerate(column for column in columns if column not in known)}
    unassigned = [] if row.officer_id in by_values else [row.officer_id.is_(None)]
    groups: dict[tuple[Any, ...], dict[str, int]] = {}
    for values, light, held, count in _alike(connection, [*by_values, *unassigned], cut_offs(today), district):
        nobody = bool(values[-1]) if unassigned else values[by_values[row.officer_id]] is None
        group = tuple(known[column] if column in known else values[by_values[column]] for column in columns)
        counts, case = groups.setdefault(group, dict.fromkeys(FIGURES, 0)), Alike(light, held, nobody)
        for name, counted in _FIGURES.items():
            counts[name] += count if counted(case) else 0
    for group, counts in groups.items():
        yield group, Workload(group[0], **counts)


def _alike(
    connection: Connection, columns: Sequence[ColumnElement[Any]], cuts: CutOffs, district: str | None
) -> Iterator[tuple[tuple[Any, ...], Light, bool, int]]:
    """Open cases by the values of columns, light, and whether they are held up.

    All are grouped by the columns alone, which an index has; by light only those whose date has come near, and those
    that are held up: most cases are neither.
    """
    by, light = [column.label(f"by_{place}") for place, column in enumerate(columns)], cuts.column().label("light")
    found = select(func.count(), *by).where(is_open())
    if district is not None:
        found = found.where(case_rows.c.district_code == district)

    def counted(statement: Select[Any], *apart: ColumnElement[Any]) -> Counter[tuple[Any, ...]]:
        rows = connection.execute(statement.add_columns(*apart).group_by(*by, *apart)).tuples()
        return Counter({tuple(values): count for count, *values in rows})

    held, near = counted(found.where(held_up()), light), counted(found.where(cuts.due()), light)
    lights = Counter({(*values, GREEN): count for values, count in counted(found).items()})
    for (*values, name), count in near.items():
        lights[*values, GREEN] -= count
        lights[*values, name] += count
    for (*values, name), count in lights.items():
        pending = held[*values, name]
        yield tuple(values), name, True, pending
        yield tuple(values), name, False, count - pending


def worst_first(listed: Iterable[Workload]) -> list[Workload]:
    """Sort by cases past the legal limit, then near it, then behind the plan, then open ones, descending."""
    return sorted(listed, key=lambda item: (-item.past_legal, -item.legal_soon, -item.late, -item.open, item.key or ""))


def total(listed: Iterable[Workload], key: str | None = None) -> Workload:
    """Return the sum of several groups."""
    counts = [item.counts for item in listed]
    return Workload(key, **{name: sum(found[name] for found in counts) for name in FIGURES})


def sum_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """SQL count of the rows of a group that meet a condition; 0 without rows."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
