"""What flowed through every office in a period: opened, closed, got better."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, or_, select

from models.tables import case_rows, deadlines, obstacles
from notifications.recipients import Person
from notifications.workload_snapshot import sum_where, within


@dataclass(frozen=True, slots=True)
class Flow:
    """Cases from a first to a last day; `opening + opened - closed == closing` always holds."""

    district: str
    opening: int
    opened: int
    closed: int
    closing: int


@dataclass(frozen=True, slots=True)
class Better:
    """What was settled from a first to a last day."""

    district: str
    lifted: int
    met: int


class Figures:
    """The figures of every district from a day up to the eve of another; a person sees those of their own office."""

    def __init__(self, connection: Connection, first: date, day: date) -> None:
        last = day - timedelta(days=1)
        self.first, self.last = first, last
        self._flows = _flows(connection, first, last)
        lifted, met = _lifted(connection, first, last), _met(connection, first, last)
        self._better = [Better(code, lifted.get(code, 0), met.get(code, 0)) for code in sorted({*lifted, *met})]

    def flows(self, person: Person) -> list[Flow]:
        return within(self._flows, person)

    def total(self, person: Person) -> Flow:
        found = self.flows(person)
        names = ("opening", "opened", "closed", "closing")
        return Flow("", *(sum(getattr(item, name) for item in found) for name in names))

    def better(self, person: Person) -> Mapping[str, int]:
        found = within(self._better, person)
        settled = {"lifted": sum(item.lifted for item in found), "met": sum(item.met for item in found)}
        return {"closed": self.total(person).closed} | settled


def _flows(connection: Connection, first: date, last: date) -> list[Flow]:
    row = case_rows.c
    was_open = (row.opened_on < first) & or_(row.closed_on.is_(None), row.closed_on >= first)
    opened = row.opened_on.between(first, last)
    closed = row.closed_on.between(first, last)
    closing = (row.opened_on <= last) & or_(row.closed_on.is_(None), row.closed_on > last)
    found = select(row.district_code, *(sum_where(item) for item in (was_open, opened, closed, closing)))
    grouped = found.group_by(row.district_code).order_by(row.district_code)
    return [Flow(*values) for values in connection.execute(grouped).tuples()]


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
