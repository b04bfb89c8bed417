"""The flow of cases of every office in a period: opened, closed, obstacles lifted, deadlines met."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from models.tables import case_rows, deadlines, obstacles
from notifications.recipients import Person
from notifications.workload_snapshot import within
from oversight.case_flow import Flow, flows_of, total


@dataclass(frozen=True, slots=True)
class Better:
    """The obstacles lifted and the deadlines met in a district in a period."""

    district: str
    lifted: int
    met: int


class Figures:
    """The figures of every district from `first` up to the day before `day`; a person reads those of their office."""

    def __init__(self, connection: Connection, first: date, day: date) -> None:
        last = day - timedelta(days=1)
        self.first, self.last = first, last
        self._flows = flows_of(connection, first, last)
        lifted, met = _lifted(connection, first, last), _met(connection, first, last)
        self._better = [Better(code, lifted.get(code, 0), met.get(code, 0)) for code in sorted({*lifted, *met})]

    def flows(self, person: Person) -> list[Flow]:
        return within(self._flows, person)

    def total(self, person: Person) -> Flow:
        return total(self.flows(person))

    def better(self, person: Person) -> Mapping[str, int]:
        """The cases closed, obstacles lifted and deadlines met (closed, lifted, met)."""
        found = within(self._better, person)
        settled = {"lifted": sum(item.lifted for item in found), "met": sum(item.met for item in found)}
        return {"closed": self.total(person).closed} | settled


def _lifted(connection: Connection, first: date, last: date) -> dict[str, int]:
    found = (
        select(case_rows.c.district_code, func.count())
        .join(obstacles, obstacles.c.case_id == case_rows.c.id)
        .where(obstacles.c.lifted_on.between(first, last))
        .group_by(case_rows.c.district_code)
    )
    return dict(connection.execute(found).tuples().all())


def _met(connection: Connection, first: date, last: date) -> dict[str, int]:
    found = (
        select(case_rows.c.district_code, func.count())
        .join(deadlines, deadlines.c.case_id == case_rows.c.id)
        .where(deadlines.c.status == "met", deadlines.c.ended_on.between(first, last))
        .group_by(case_rows.c.district_code)
    )
    return dict(connection.execute(found).tuples().all())
