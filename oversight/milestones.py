"""The fixed dates of the programme that lie ahead, and the cases that are bound to each, whatever their step."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from models.tables import procedure_versions
from oversight.case_histories import histories
from oversight.history_folding import History
from procedures.schema import Procedure, Words
from rulebook.versions import Versions


@dataclass(frozen=True, slots=True)
class Milestone:
    """A fixed date with how many cases are bound to it, and how many of those have an obstacle.

    `waiting` counts undecided cases, those in any measure, and those whose measure was given up. `deadlines` are the
    keys of those that end on it; `legal` when the law sets the day, not the plan.
    """

    key: str
    label: Words
    on: date
    waiting: int
    blocked: int
    deadlines: tuple[str, ...] = ()
    legal: bool = False


def milestones(
    connection: Connection, today: date, *, district: str | None = None, known_before: datetime | None = None
) -> list[Milestone]:
    """Each programme date that is not past on `today`, in order of days; of one district or of all.

    Every case by its own version: where two versions name another day, both days are listed. `known_before`: see
    `histories`.
    """
    found = histories(connection, today, district=district, known_before=known_before)
    return [item for item, _ in milestones_of(connection, found, today, known_before)]


def bound_cases(
    connection: Connection, today: date, name: str, *, district: str | None = None, known_before: datetime | None = None
) -> tuple[int, ...]:
    """The ids of the cases that a milestone counts; none where no programme has a date of that name."""
    found = histories(connection, today, district=district, known_before=known_before)
    return tuple(history.case_id for history in found if history.is_bound(name))


def milestones_of(
    connection: Connection, found: Sequence[History], today: date, known_before: datetime | None = None
) -> list[tuple[Milestone, list[History]]]:
    """The same from histories that have been read, each with the cases for which it is that day."""
    versions = Versions(connection)
    by_pin: dict[str, list[History]] = {_in_force(connection, versions, known_before): []}
    for history in found:
        by_pin.setdefault(history.procedure, []).append(history)
    days: defaultdict[tuple[date, str], list[tuple[Procedure, list[History]]]] = defaultdict(list)
    for pin, own in by_pin.items():
        procedure = versions.of(pin)
        for name, day in procedure.programme.items():
            if day.on >= today and any(kind.until == name for kind in procedure.deadlines.values()):
                days[day.on, name].append((procedure, own))
    return [_milestone(name, on, listed) for (on, name), listed in sorted(days.items())]


def _milestone(
    name: str, on: date, listed: Sequence[tuple[Procedure, list[History]]]
) -> tuple[Milestone, list[History]]:
    cases = [history for _, own in listed for history in own]
    bound = [history for history in cases if history.is_bound(name)]
    kinds = {key: kind for procedure, _ in listed for key, kind in procedure.deadlines.items() if kind.until == name}
    legal = any(kind.kind == "legal" for kind in kinds.values())
    label = listed[0][0].programme[name].label
    held = sum(history.held for history in bound)
    return Milestone(name, label, on, len(bound), held, tuple(sorted(kinds)), legal), cases


def _in_force(connection: Connection, versions: Versions, known_before: datetime | None) -> str:
    """The version for new cases, now or at an instant; its dates are listed even if no case is pinned to it yet."""
    if known_before is None:
        return versions.in_force.pin
    columns = procedure_versions.c
    then = select(columns.pin).where(columns.adopted_at < known_before).order_by(columns.adopted_at.desc())
    return connection.scalar(then.limit(1)) or versions.in_force.pin
