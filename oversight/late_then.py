"""Where it was late on a day gone by: the same counts, from rows folded as the cases stood then."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from oversight.late_items import Milestone, ObstacleCount, Unserved, milestones_of
from oversight.workload import FIGURES, Workload, worst_first
from rulebook.versions import Versions

Row = Mapping[str, Any]  # as casework.past_cases gives them
GROUPS: Mapping[str, Callable[[Row], str | None]] = {
    "district": lambda row: str(row["district_code"]),
    "officer": lambda row: row["officer"],
    "stage": lambda row: str(row["stage"]),
}


def workloads(rows: Iterable[Row], by: str) -> list[Workload]:
    """Counts of the cases that were open, by district, officer or stage; the worst group first."""
    counts: dict[str | None, Counter[str]] = {}
    for row in _open(rows):
        group = counts.setdefault(GROUPS[by](row), Counter())
        held = ["blocked", *(["blocked_overdue"] if row["light"] in ("past_legal", "late") else [])]
        nobody = ["unassigned"] if row["officer_id"] is None else []
        group.update(["open", row["light"], *(held if row["obstacles"] else []), *nobody])
    return worst_first(Workload(key, **{name: group[name] for name in FIGURES}) for key, group in counts.items())


def obstacle_counts(rows: Iterable[Row], today: date) -> list[ObstacleCount]:
    """Cases that were open, by the obstacle that stood in their way."""
    found: dict[str, list[tuple[date, bool]]] = {}
    for row in _open(rows):
        overdue = row["due_on"] is not None and row["due_on"] < today
        for code, since in row["in_the_way"]:
            found.setdefault(code, []).append((since, overdue))
    listed = [
        ObstacleCount(code, len(items), sum(overdue for _, overdue in items), min(since for since, _ in items))
        for code, items in found.items()
    ]
    return sorted(listed, key=lambda item: (-item.overdue, -item.cases, item.code))


def awaited(rows: Iterable[Row]) -> dict[str, int]:
    """Overdue cases that nothing stood in the way of, by the role that the oldest date of each waited for."""
    counts = Counter(str(row["who"]) for row in rows if row["who"] is not None and not row["obstacles"])
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def unserved(rows: Iterable[Row]) -> list[Unserved]:
    """Deadlines that waited for proof of service, by kind; the longest waiting first."""
    found: dict[tuple[str, tuple[str, ...]], list[date]] = {}
    for row in _open(rows):
        for key, letters, since in row["unserved"]:
            found.setdefault((key, tuple(letters)), []).append(since)
    listed = [Unserved(key, letters, len(days), min(days)) for (key, letters), days in found.items()]
    return sorted(listed, key=lambda item: (item.since, item.key))


def milestones(connection: Connection, rows: Iterable[Row], today: date) -> list[Milestone]:
    """For each programme date that was still ahead: the cases that had it open, and those with an obstacle."""
    counts: dict[tuple[str, str], Sequence[int]] = {}
    for row in _open(rows):
        for key in row["programme"]:
            waiting, held = counts.get((row["procedure"], key), (0, 0))
            counts[row["procedure"], key] = (waiting + 1, held + bool(row["obstacles"]))
    return milestones_of(Versions(connection), counts, today)


def _open(rows: Iterable[Row]) -> Iterable[Row]:
    return (row for row in rows if row["closed_on"] is None)
