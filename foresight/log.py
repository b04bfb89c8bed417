"""The event log: cases with their visits to steps, as plain arrays in days since the log's first day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import compress
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CLOSED, RUNNING = -1, -2  # in place of the next step


class LogError(ValueError):
    """A log that cannot be read. `code` names the fault, `where` the line or case, `detail` the offending text."""

    def __init__(self, code: str, where: str = "", **detail: object) -> None:
        super().__init__(f"{code} at {where}: {detail}")
        self.code, self.where, self.detail = code, where, detail


@dataclass(frozen=True, slots=True)
class Visit:
    """A case enters a step, in days since the log's origin; it leaves with its next visit, or when it closes."""

    case: str
    step: str
    entered: float


@dataclass(frozen=True, slots=True)
class Case:
    """A case in days since the log's origin. `closed` is None while open; `due` is its legal or promised day.

    `bound` says to which dates (by name) the case is bound and since which day.
    """

    id: str
    opened: float
    closed: float | None = None
    office: str = ""
    due: float | None = None
    bound: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class EventLog:
    """Cases and visits as arrays; all times are days (fractions allowed) since `origin`, NaN where nothing happened.

    Per case: `opened`, `closed`, `due`, `office` (index in `offices`), `bound[name]` (day since which it is bound to
    that date, NaN if not). Per visit: `case` and `step` (indices), `entered`, `left`, `next` (step index, CLOSED or
    RUNNING), sorted by case and entry. `observed_from`: first day on which closings were recorded; a case opened
    earlier is known only because it was still open then (delayed entry), so it counts at risk from that day on.

    >>> log = EventLog.of(
    ...     date(2016, 1, 4),
    ...     [Case("A", 0, closed=9), Case("B", 2)],
    ...     [Visit("A", "intake", 0), Visit("A", "decision", 3), Visit("B", "intake", 2)],
    ... )
    >>> log.open_at(5).tolist(), log.open_at(9).tolist()
    ([True, True], [False, True])
    """

    origin: date
    ids: tuple[str, ...]
    opened: Floats
    closed: Floats
    due: Floats
    offices: tuple[str, ...]
    office: Ints
    bound: Mapping[str, Floats]
    steps: tuple[str, ...]
    case: Ints
    step: Ints
    entered: Floats
    left: Floats
    next: Ints
    observed_from: float = -np.inf

    @classmethod
    def of(
        cls, origin: date, cases: Iterable[Case], visits: Iterable[Visit], observed_from: float = -np.inf
    ) -> "EventLog":
        """Visits in any order; those of the same time keep theirs. What comes with or after the closing is the closing.

        A case whose first visit comes after its opening, or that has none, is in the step "" until then.
        Raises LogError for a visit of an unknown case, a case that closes before it opens, or one listed twice.
        """
        listed = list(cases)
        place = _places(listed)
        stays = _stays(listed, place, visits)
        steps = list(dict.fromkeys(step for _, _, step in stays))
        offices = sorted({one.office for one in listed})
        step_number, office_number = ({name: at for at, name in enumerate(names)} for names in (steps, offices))
        case = np.array([at for at, _, _ in stays], dtype=np.int64)
        step = np.array([step_number[name] for _, _, name in stays], dtype=np.int64)
        entered, closed = _floats(when for _, when, _ in stays), _floats(one.closed for one in listed)
        left, following = ends(case, step, entered, closed)
        return cls(
            origin, tuple(place), _floats(one.opened for one in listed), closed, _floats(one.due for one in listed),
            tuple(offices), np.array([office_number[one.office] for one in listed], dtype=np.int64),
            _bindings(listed), tuple(steps), case, step, entered, left, following, observed_from,
        )  # fmt: skip

    def day(self, on: date) -> float:
        """The day as counted in this log: 0 at the start of `origin`."""
        return float(on.toordinal() - self.origin.toordinal())

    @property
    def last(self) -> float:
        """The latest time at which anything happened; 0 in an empty log."""
        times = np.concatenate([self.opened, self.closed, self.entered, self.left])
        return float(np.nanmax(times)) if np.isfinite(times).any() else 0.0

    def open_at(self, at: float) -> Bools:
        """Per case: opened by then and not closed by then."""
        return (self.opened <= at) & ~(self.closed <= at)

    def bound_at(self, name: str | None, at: float) -> Bools:
        """Per case: bound to the named date by `at`; all cases when `name` is None. Raises KeyError."""
        return np.ones(len(self.ids), dtype=bool) if name is None else self.bound[name] <= at

    def of_office(self, name: str) -> "EventLog":
        """The cases of one office with their visits; empty when the log has no office of that name."""
        wanted = self.offices.index(name) if name in self.offices else -1
        return self._part(self.office == wanted)

    def _part(self, seen: Bools) -> "EventLog":
        kept, number = seen[self.case], np.cumsum(seen) - 1
        return replace(
            self, ids=tuple(compress(self.ids, seen.tolist())),
            opened=self.opened[seen], closed=self.closed[seen], due=self.due[seen], office=self.office[seen],
            bound={name: since[seen] for name, since in self.bound.items()}, case=number[self.case[kept]],
            step=self.step[kept], entered=self.entered[kept], left=self.left[kept], next=self.next[kept],
        )  # fmt: skip

    def until(self, at: float) -> "EventLog":
        """What was known at `at`: later openings, entries and closings are unknown, as if the log ended there."""
        seen, kept = self.opened <= at, self.entered <= at
        kept &= seen[self.case]
        number = np.cumsum(seen) - 1
        left = np.where(self.left[kept] <= at, self.left[kept], np.nan)
        return replace(
            self, ids=tuple(compress(self.ids, seen.tolist())),
            opened=self.opened[seen], closed=np.where(self.closed[seen] <= at, self.closed[seen], np.nan),
            due=self.due[seen], office=self.office[seen],
            bound={name: np.where(since[seen] <= at, since[seen], np.nan) for name, since in self.bound.items()},
            case=number[self.case[kept]], step=self.step[kept], entered=self.entered[kept], left=left,
            next=np.where(np.isnan(left), RUNNING, self.next[kept]),
        )  # fmt: skip


def ends(case: Ints, step: Ints, entered: Floats, closed: Floats) -> tuple[Floats, Ints]:
    """When each visit (sorted by case and entry) ended and which step followed: RUNNING, CLOSED or its index."""
    if not len(case):
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    follows = np.append(case[1:] == case[:-1], False)
    left = np.where(follows, np.append(entered[1:], np.nan), closed[case])
    after = np.where(follows, np.append(step[1:], CLOSED), CLOSED)
    return left, np.where(np.isnan(left), RUNNING, after)


def _places(cases: list[Case]) -> dict[str, int]:
    place: dict[str, int] = {}
    for at, one in enumerate(cases):
        if one.id in place:
            raise LogError("case_twice", one.id)
        if one.closed is not None and one.closed < one.opened:
            raise LogError("closed_before_opened", one.id, opened=one.opened, closed=one.closed)
        place[one.id] = at
    return place


def _stays(cases: list[Case], place: Mapping[str, int], visits: Iterable[Visit]) -> list[tuple[int, float, str]]:
    """Visits as (case, entered, step) in order, none before its case opens or when it has closed."""
    rows = []
    for visit in visits:
        if visit.case not in place:
            raise LogError("unknown_case", visit.case)
        at = place[visit.case]
        closed = cases[at].closed
        if closed is None or visit.entered < closed:
            rows.append((at, max(visit.entered, cases[at].opened), visit.step))
    rows.sort(key=itemgetter(0, 1))
    begun = {at: when for at, when, _ in reversed(rows)}
    waiting = [(at, one.opened, "") for at, one in enumerate(cases) if begun.get(at, np.inf) > one.opened]
    return sorted(waiting + rows, key=itemgetter(0, 1)) if waiting else rows


def _floats(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _bindings(cases: list[Case]) -> dict[str, Floats]:
    names = sorted({name for one in cases for name in one.bound})
    return {name: _floats(one.bound.get(name) for one in cases) for name in names}
