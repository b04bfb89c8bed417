"""Case flow by district: opening stock + new − closed = closing stock, on time and late."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, or_, select

from models.tables import case_rows
from oversight.lights import cut_offs
from oversight.workload import sum_where


@dataclass(frozen=True, slots=True)
class Flow:
    """Cases of one district in a period; invariant: `opening + opened - closed == closing`."""

    district: str
    opening: int
    opened: int
    closed: int
    closing: int
    past_legal: int
    late: int


def flows_of(connection: Connection, first: date, last: date, *, district: str | None = None) -> list[Flow]:
    """Return the flow of cases from `first` to `last`, both inclusive, by district.

    A case closed before the period and reopened since counts as open throughout: a row stores its last closing only.
    """
    row = case_rows.c
    was_open = (row.opened_on < first) & or_(row.closed_on.is_(None), row.closed_on >= first)
    opened = row.opened_on.between(first, last)
    closed = row.closed_on.between(first, last)
    closing = (row.opened_on <= last) & or_(row.closed_on.is_(None), row.closed_on > last)
    cuts = cut_offs(last)  # of what is still open at the end of `last`
    delays = closing & cuts.after_legal_limit(), closing & cuts.behind_plan()
    found = select(row.district_code, *(sum_where(item) for item in (was_open, opened, closed, closing, *delays)))
    if district:
        found = found.where(row.district_code == district)
    grouped = found.group_by(row.district_code).order_by(row.district_code)
    return [Flow(*values) for values in connection.execute(grouped).tuples()]


def total(flows: Iterable[Flow]) -> Flow:
    """Return the sum of all districts."""
    listed = list(flows)
    return Flow("", *(sum(getattr(flow, name) for flow in listed) for name in _COUNTS))


def month_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the month before that of `day`."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def outcomes(connection: Connection, first: date, last: date, *, district: str | None = None) -> Mapping[str, int]:
    """Return the number of closed cases of a period by outcome."""
    row = case_rows.c
    found = select(row.outcome, func.count()).where(row.closed_on.between(first, last)).group_by(row.outcome)
    if district:
        found = found.where(row.district_code == district)
    counts: dict[str, int] = dict(connection.execute(found).tuples().all())
    return counts


_COUNTS = ("opening", "opened", "closed", "closing", "past_legal", "late")
