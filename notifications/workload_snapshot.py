"""The workload of every office on a day, as heads read it in the weekly message; kept from week to week."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypedDict, TypeVar

from sqlalchemy import Connection, select

from models.tables import case_rows, day_runs
from notifications.recipients import Person
from oversight.late_items import ObstacleCount, added, district_obstacles
from oversight.workload import FIGURES, Workload, total, workloads_by, worst_first

LEDGER, KEPT = "weekly_reminders", "standing"  # the duty that keeps it, and its name among the counts of that duty


@dataclass(frozen=True, slots=True)
class OfficerWorkload:
    """The open cases of one officer in a district; `officer_id` is None for unassigned cases."""

    district: str
    officer_id: int | None
    work: Workload


@dataclass(frozen=True, slots=True)
class DistrictObstacle:
    """The open cases of a district that one kind of obstacle holds up."""

    district: str
    count: ObstacleCount


class KeptObstacle(TypedDict):
    """An obstacle count as it is kept (JSON); `since` is an ISO date."""

    district: str
    code: str
    cases: int
    past_legal: int
    late: int
    since: str


class KeptSnapshot(TypedDict):
    """A snapshot as it is kept with the weekly run (JSON); `cases` holds district, officer_id and every figure."""

    cases: list[dict[str, Any]]
    obstacles: list[KeptObstacle]


class OfDistrict(Protocol):
    @property
    def district(self) -> str: ...


Item = TypeVar("Item", bound=OfDistrict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All offices on a day; a person reads their own."""

    workloads: tuple[OfficerWorkload, ...]
    obstacles: tuple[DistrictObstacle, ...]

    def groups(self, person: Person) -> list[tuple[int | None, Workload]]:
        """(officer_id, workload) by officer for a district; (None, workload by district) for the city. Worst first."""
        mine = within(self.workloads, person)
        if person.district is None:
            by_district: dict[str, list[Workload]] = defaultdict(list)
            for item in mine:
                by_district[item.district].append(item.work)
            return [(None, work) for work in worst_first(total(found, key) for key, found in by_district.items())]
        officer_of = {item.work.key: item.officer_id for item in mine}
        return [(officer_of[work.key], work) for work in worst_first(item.work for item in mine)]

    def blocked(self, person: Person) -> list[ObstacleCount]:
        """By obstacle, those that hold up most cases past the legal limit first."""
        return added(item.count for item in within(self.obstacles, person))

    def total(self, person: Person) -> Mapping[str, int]:
        """The whole office of a person: cases past the legal limit, those behind the plan, and obstacles."""
        everything = total(item.work for item in within(self.workloads, person))
        held_up = sum(item.count.cases for item in within(self.obstacles, person))
        return {"past": everything.past_legal, "late": everything.late, "blocked": held_up}

    def document(self) -> KeptSnapshot:
        """The snapshot as it is kept; `of_document` reads it."""
        cases = [
            {"district": item.district, "officer_id": item.officer_id, **item.work.counts} for item in self.workloads
        ]
        obstacles = [
            KeptObstacle(
                district=item.district, code=item.count.code, cases=item.count.cases,
                past_legal=item.count.past_legal, late=item.count.late, since=item.count.since.isoformat(),
            )
            for item in self.obstacles
        ]  # fmt: skip
        return {"cases": cases, "obstacles": obstacles}


def of_document(document: KeptSnapshot) -> Snapshot:
    """The snapshot of a kept document. A figure not counted in that week is 0, one no longer counted is left out."""
    workloads = [
        OfficerWorkload(
            item["district"],
            item["officer_id"],
            Workload(_key(item["officer_id"]), **{name: item.get(name, 0) for name in FIGURES}),
        )
        for item in document["cases"]
    ]
    obstacles = [
        DistrictObstacle(
            item["district"],
            ObstacleCount(
                item["code"],
                item["cases"],
                item.get("past_legal", 0),
                item.get("late", 0),
                date.fromisoformat(item["since"]),
            ),
        )
        for item in document["obstacles"]
    ]
    return Snapshot(tuple(workloads), tuple(obstacles))


def snapshot(connection: Connection, day: date) -> Snapshot:
    """The workload of all offices on a day."""
    columns = (case_rows.c.district_code, case_rows.c.officer_id)
    workloads = [
        OfficerWorkload(district, officer, total([work], _key(officer)))
        for (district, officer), work in workloads_by(connection, columns, day)
    ]
    obstacles = [DistrictObstacle(where, count) for where, count in district_obstacles(connection, day)]
    return Snapshot(tuple(workloads), tuple(obstacles))


def kept(connection: Connection, before: date) -> Snapshot | None:
    """The snapshot of the last weekly run before a day; None where that run kept none."""
    columns = day_runs.c
    found = select(columns.counts).where(columns.name == LEDGER, columns.day < before, columns.done_at.is_not(None))
    counts = connection.scalar(found.order_by(columns.day.desc()).limit(1)) or {}
    document = counts.get(KEPT)
    return None if document is None else of_document(document)


def within(items: Iterable[Item], person: Person) -> list[Item]:
    """The items of the person's own district; all of them for the city."""
    return [item for item in items if person.district in (None, item.district)]


def _key(officer: int | None) -> str | None:
    return None if officer is None else str(officer)
