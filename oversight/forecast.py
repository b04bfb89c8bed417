"""Will the fixed dates be made: how many of the cases bound to each are released by then, and whether to believe it.

The only place where a forecast of an office is made: page, report, weekly message, command line and the daily watch
read this. The method is that of `foresight` (docs/forecast.md).
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import is_
from typing import Literal

import numpy as np
from sqlalchemy import Connection

from foresight.forecast import Forecast as Drawn
from foresight.forecast import forecast as draw
from foresight.log import EventLog
from foresight.trials import Trial
from foresight.worktime import Worked
from oversight.case_histories import histories
from oversight.event_log import Paths, event_log, worked_days
from oversight.history_folding import History
from oversight.milestones import Milestone, milestones_of
from oversight.remembered import Latest, what_is_known

Verdict = Literal["done", "on_course", "uncertain", "short", "withheld", "unknown"]

METHOD = 2  # version of the method, kept with each forecast
SURE = 0.8  # on course from this chance that all are released; short from the opposite one down
LATELY_DAYS, SHOWN_DAYS = 91, 182  # thirteen weeks of what came; weeks of the past in a picture
FAN_POINTS = 4
QUANTILES = tuple(share / 20 for share in range(21))
SPOKEN: frozenset[Verdict] = frozenset({"on_course", "uncertain", "short"})  # those with figures


@dataclass(frozen=True, slots=True)
class PastForecast:
    """What would have been said on a day about a window of the same length, from what was known then, and what came."""

    on: date
    until: date
    bound: int
    low: int
    median: int
    high: int
    came: int

    @property
    def hit(self) -> bool:
        return self.low <= self.came <= self.high


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many of the `bound` cases are released by a day: the middle 80% from `low` to `high`, and the `median`.

    `chance`: that all are. `quantiles`: at each twentieth. All of them are None (or empty) unless the verdict is one of
    SPOKEN. `withheld`: its own past forecasts missed. `unknown`: too few windows of that length have matured, or the
    two latest trials missed on opposite sides. `trials`: the newest first, of windows that do not overlap.
    """

    on: date
    bound: int
    verdict: Verdict
    low: int | None = None
    median: int | None = None
    high: int | None = None
    chance: float | None = None
    quantiles: tuple[int, ...] = ()
    trials: tuple[PastForecast, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """A fixed date with its outlook. `fan`: outlooks of the days on the way there, where they were asked for.

    `released`, `came`: cases released from the date, and newly bound to it, in the last LATELY_DAYS. `past`: how many
    were bound, week by week up to today.
    """

    milestone: Milestone
    outlook: Outlook
    left_days: int
    released: int
    came: int
    by_district: Mapping[str, Outlook]
    past: tuple[tuple[date, int], ...]
    fan: tuple[Outlook, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return self.outlook.verdict

    @property
    def needed(self) -> float:
        """How many would have to be released in every LATELY_DAYS."""
        return LATELY_DAYS * self.outlook.bound / max(self.left_days, 1)


def forecasts(
    connection: Connection, today: date, *, district: str | None = None, known_before: datetime | None = None,
    fan: bool = False,
) -> list[Forecast]:  # fmt: skip
    """For each fixed date that is not past: of one district or of all, from what is known at the end of `today`.

    `known_before`: only what had been recorded by then (`event_log.end_of`): the forecast that was made on that day.
    `fan`: also of up to FAN_POINTS days on the way to each date.
    """
    asked, known = (today, district, known_before, fan), what_is_known(connection)
    with _collector_paused():
        return _made.of(asked, known, lambda: _make(connection, today, district, known_before, fan))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Histories of a whole city are millions of small objects that all live on: each collection would walk them again.

    A third of the time of a city of 50,000 cases.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_made: Latest[list["Forecast"]] = Latest()


def _make(
    connection: Connection, today: date, district: str | None, known_before: datetime | None, fan: bool
) -> list[Forecast]:
    found = histories(connection, today, district=district, known_before=known_before)
    ahead = milestones_of(connection, found, today, known_before)
    offices: dict[str | None, Worked] = {
        code: worked_days(connection, code, known_before) for code in {item.district for item in found}
    }
    offices[None] = worked_days(connection, district, known_before)
    logs = _logs(ahead, today)
    return [_forecast(item, cases, log, today, offices, fan) for (item, cases), log in zip(ahead, logs, strict=True)]


def _logs(ahead: Sequence[tuple[Milestone, Sequence[History]]], today: date) -> Iterator[EventLog]:
    """The log of each date; most dates have the same cases, whose paths are then read once."""
    before, paths = list[History](), None
    for item, cases in ahead:
        if paths is None or len(before) != len(cases) or not all(map(is_, before, cases)):
            before, paths = list(cases), Paths.of(cases)
        yield event_log(cases, today, item.key, paths)


def _forecast(
    item: Milestone, cases: Sequence[History], log: EventLog, today: date, offices: Mapping[str | None, Worked],
    fan: bool,
) -> Forecast:  # fmt: skip
    now, since = log.day(today), log.day(today) - LATELY_DAYS
    released, came = (int(((times > since) & (times <= now)).sum()) for times in (log.closed, log.opened))
    return Forecast(
        item, _outlook(log, today, item.on, offices[None]), (item.on - today).days, released, came,
        _by_district(log, item, cases, today, offices), _past(log, today),
        _fan(log, today, item.on, offices[None]) if fan else (),
    )  # fmt: skip


def _by_district(
    log: EventLog, item: Milestone, cases: Sequence[History], today: date, offices: Mapping[str | None, Worked]
) -> dict[str, Outlook]:
    """Of each district that ever had a case bound to the date; one with none left is done."""
    codes = sorted({history.district for history in cases if history.bound.get(item.key)})
    return {code: _outlook(log.of_office(code), today, item.on, offices[code]) for code in codes}


def _outlook(log: EventLog, today: date, on: date, worked: Worked) -> Outlook:
    at, days = log.day(today), (on - today).days
    bound = int(log.open_at(at).sum())
    if not bound or days <= 0:
        return Outlook(on, bound, "short" if bound else "done")
    return _said(log, draw(log, at, [days], worked=worked), 0, on)


def _fan(log: EventLog, today: date, until: date, worked: Worked) -> tuple[Outlook, ...]:
    """Outlooks of days on the way to the date, which is not among them."""
    at, days = log.day(today), (until - today).days
    ahead = sorted({days * point // (FAN_POINTS + 1) for point in range(1, FAN_POINTS + 1)} - {0})
    if not ahead or not log.open_at(at).any():
        return ()
    drawn = draw(log, at, ahead, worked=worked)
    return tuple(_said(log, drawn, row, today + timedelta(days=day)) for row, day in enumerate(ahead))


def _said(log: EventLog, drawn: Drawn, row: int, on: date) -> Outlook:
    """What may be said of a horizon (by its place): figures only where its own trials allow it."""
    trials = tuple(_tried(log, one) for one in drawn.trials[row])
    believed = drawn.verdicts[row]
    if believed != "enough":
        return Outlook(on, drawn.open, "withheld" if believed == "trials_failed" else "unknown", trials=trials)
    low, high = drawn.interval(row)
    chance = drawn.at_least(row, drawn.open)
    quantiles = tuple(int(one) for one in np.quantile(drawn.samples[row], QUANTILES, method="inverted_cdf"))
    return Outlook(on, drawn.open, _verdict(chance), low, drawn.median(row), high, chance, quantiles, trials)


def _verdict(chance: float) -> Verdict:
    return "on_course" if chance >= SURE else "short" if chance <= 1 - SURE else "uncertain"


def _tried(log: EventLog, one: Trial) -> PastForecast:
    on, until = (log.origin + timedelta(days=int(day)) for day in (one.at, one.at + one.horizon))
    return PastForecast(on, until, one.open, one.low, one.median, one.high, one.came)


def _past(log: EventLog, today: date) -> tuple[tuple[date, int], ...]:
    first = (today - date.min).days
    days = [today - timedelta(days=back) for back in range(SHOWN_DAYS, -1, -7) if back <= first]
    return tuple((day, int(log.open_at(log.day(day)).sum())) for day in days)
