"""Will the fixed dates be made: what still waits for each, and what got done with it in the last weeks."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from models.tables import case_rows, deadlines
from oversight.late_items import Milestone, milestones
from oversight.pace import LEAST_DAYS, WINDOW_DAYS, Pace

SHOWN_DAYS = 2 * WINDOW_DAYS  # of the past, in a picture


@dataclass(frozen=True)
class Forecast:
    """A fixed date with the pace towards it. `trial`: the same reckoning one window ago, and what really came."""

    milestone: Milestone
    pace: Pace
    by_district: Mapping[str, Pace]
    came: int  # cases that began to wait for it within the window
    to_come: int  # open cases at an earlier step, which a date of the plan still waits for
    trial: tuple[Pace, int] | None
    past: tuple[tuple[date, int], ...]  # how many waited, week by week up to today

    @property
    def verdict(self) -> str:
        """The pace's, but nothing is done while all that has to be done stands at an earlier step."""
        return "unknown" if self.pace.verdict == "done" and self.to_come else self.pace.verdict


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many cases of a district began to wait for a date, or left off, on a day."""

    district: str
    on: date
    count: int


@dataclass(frozen=True, slots=True)
class _History:
    """By key: what waits in each district and since when the first did; who began and who left off, day by day."""

    waiting: Mapping[tuple[str, str], int]
    first: Mapping[tuple[str, str], date]
    begun: Mapping[str, Sequence[_Counted]]
    left: Mapping[str, Sequence[_Counted]]

    def of(self, keys: Sequence[str]) -> "_Run":
        counts: Counter[str] = Counter()
        for (key, where), count in self.waiting.items():
            counts[where] += count if key in keys else 0
        starts = sorted((day, where) for (key, where), day in self.first.items() if key in keys)
        begun, left = ([row for key in keys for row in found.get(key, ())] for found in (self.begun, self.left))
        return _Run(counts, {where: day for day, where in reversed(starts)}, begun, left)


@dataclass(frozen=True, slots=True)
class _Run:
    """The history of one fixed date."""

    waiting: Counter[str]
    first: Mapping[str, date]
    begun: Sequence[_Counted]
    left: Sequence[_Counted]

    def pace(self, until: date, today: date, where: str | None = None, more: int = 0) -> Pace:
        """As it looked at the end of `today`; `more` cases waited then besides those that wait now."""
        first = self.first.get(where, today) if where else min(self.first.values(), default=today)
        window = max(min(WINDOW_DAYS, (today - first).days), 0)
        done = _count(self.left, today - timedelta(days=window), today, where)
        return Pace(self.waiting[where] if where else self.waiting.total() + more, done, window, (until - today).days)


def forecasts(connection: Connection, today: date, *, district: str | None = None) -> list[Forecast]:
    """For each fixed date still ahead. Cases that have not come so far as to wait for a date are not in its count."""
    ahead = milestones(connection, today, district=district)
    history = _history(connection, {key for item in ahead for key in item.deadlines}, today, district)
    return [
        _forecast(item, history.of(item.deadlines), today, 0 if item.legal else _to_come(connection, item, district))
        for item in ahead
    ]


def _forecast(item: Milestone, run: _Run, today: date, to_come: int) -> Forecast:
    by_district = {where: run.pace(item.on, today, where) for where in run.first}
    came = _count(run.begun, today - timedelta(days=WINDOW_DAYS), today)
    return Forecast(item, run.pace(item.on, today), by_district, came, to_come, _trial(run, today), _past(run, today))


def _to_come(connection: Connection, item: Milestone, district: str | None) -> int:
    row, columns = case_rows.c, deadlines.c
    reached = select(columns.id).where(columns.case_id == row.id, columns.key.in_(item.deadlines)).exists()
    found = select(func.count()).select_from(case_rows).where(row.closed_on.is_(None), ~reached)
    return connection.scalar(found.where(row.district_code == district) if district else found) or 0


def _trial(run: _Run, today: date) -> tuple[Pace, int] | None:
    """What this reckoning said a window ago of the time until today; none where too little had been seen by then."""
    then = today - timedelta(days=WINDOW_DAYS)
    came = _count(run.left, then, today)
    pace = run.pace(today, then, more=came)
    return (pace, came) if pace.window_days >= LEAST_DAYS else None


def _past(run: _Run, today: date) -> tuple[tuple[date, int], ...]:
    days = [today - timedelta(days=back) for back in range(SHOWN_DAYS, -1, -7)]
    now = run.waiting.total()
    return tuple((day, now + _count(run.left, day, today) - _count(run.begun, day, today)) for day in days)


def _count(rows: Iterable[_Counted], after: date, until: date, where: str | None = None) -> int:
    return sum(row.count for row in rows if after < row.on <= until and where in (None, row.district))


def _history(connection: Connection, keys: set[str], today: date, district: str | None) -> _History:
    columns, where, since = deadlines.c, case_rows.c.district_code, today - timedelta(days=SHOWN_DAYS)

    def found(*wanted: Any, by: Any = where) -> Select[Any]:
        joined = select(columns.key, where, *wanted).join(case_rows, case_rows.c.id == columns.case_id)
        own = joined.where(columns.key.in_(keys)).group_by(columns.key, where, by)
        return own.where(where == district) if district else own

    def day_by_day(statement: Select[Any]) -> dict[str, list[_Counted]]:
        listed: defaultdict[str, list[_Counted]] = defaultdict(list)
        for key, *row in connection.execute(statement).tuples():
            listed[key].append(_Counted(*row))
        return listed

    waiting = found(func.count()).where(columns.status == "open", case_rows.c.closed_on.is_(None))
    first = found(func.min(columns.starts_on)).where(columns.starts_on.is_not(None))
    begun = found(columns.starts_on, func.count(), by=columns.starts_on).where(columns.starts_on > since)
    left = found(columns.ended_on, func.count(), by=columns.ended_on).where(
        columns.status.in_(("met", "dropped")), columns.ended_on > since
    )
    return _History(
        {(key, place): count for key, place, count in connection.execute(waiting)},
        {(key, place): day for key, place, day in connection.execute(first)},
        day_by_day(begun),
        day_by_day(left),
    )
