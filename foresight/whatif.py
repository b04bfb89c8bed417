"""What would change a forecast: an officer more, another batch, a limit moved, absences cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from foresight.counts import Chance, Course, simulate
from foresight.log import Floats
from foresight.stations import SHORTEST_STAY, Office, Staff, Station

LEVEL = 0.8
LEAST_GAIN = 1.0  # cases: less is not called a gain


@dataclass(frozen=True, slots=True)
class Change:
    """One change at one step.

    "officers": `amount` more officers (less if negative). "batch": one batch more (one council for forty), at any kind
    of step, on the day `on` of the log for at most `amount` cases. "limit": the wait of the step is `amount` days
    longer (shorter if negative), or, where officers work, the time that one takes for a case. "no_absences": nobody is
    away from now on; `amount` is not used.
    """

    kind: Literal["officers", "batch", "limit", "no_absences"]
    step: str
    amount: float = 1.0
    on: float = 0.0


@dataclass(frozen=True, slots=True)
class Effect:
    """How many more bound cases close by the end with the change: the middle and an 80% interval of the difference.

    `count`: cases closed with the change, anchored to the forecast's median. `gains`: whether a gain may be claimed:
    at least one case, and more than none in nine runs of ten.
    """

    change: Change
    count: float
    difference: float
    low: float
    high: float

    @property
    def gains(self) -> bool:
        return self.difference >= LEAST_GAIN and self.low > 0


@dataclass(frozen=True, eq=False)
class Comparison:
    """Effects, greatest first, beside the course without change.

    `base`: the forecast's median, or the queue's own count without one; `queue`: the queue's count. Where the two are
    far apart (`agrees` is False) the queue does not understand this office and its effects are doubtful.
    """

    base: float
    queue: float
    effects: tuple[Effect, ...]
    course: Course

    @property
    def agrees(self) -> bool:
        return abs(self.base - self.queue) <= max(0.25 * max(self.base, self.queue), 5.0)

    @property
    def bottleneck(self) -> str | None:
        """The step at which one officer more gains most; None where none gains."""
        best = max((one for one in self.effects if one.change.kind == "officers"), key=_by_gain, default=None)
        return best.change.step if best is not None and best.gains else None


def compare(
    office: Office, changes: Sequence[Change] = (), *, median: float | None = None, runs: int = 400, seed: int = 0
) -> Comparison:
    """Simulate the office with and without each change, under the same chances.

    `changes`: those of `more_officers` unless given. `median`: of the forecast for the same cases and the
    same end; the effects are added to it. Raises KeyError for a step that the office does not have.

    >>> from datetime import date
    >>> from foresight.log import Case, EventLog, Visit
    >>> from foresight.stations import Staff, measure
    >>> cases = [Case(str(n), n * 0.5, closed=20.0 + n if 20 + n < 200 else None) for n in range(400)]
    >>> log = EventLog.of(date(2016, 1, 4), cases, [Visit(one.id, "sign", one.opened) for one in cases])
    >>> found = compare(measure(log, 199, 30, {"sign": Staff(1)}))
    >>> found.bottleneck, 27 < found.queue < 35, 25 < found.effects[0].difference < 33
    ('sign', True, True)
    """
    chance = Chance.of(office, runs, seed)
    wanted = list(changes) or more_officers(office)
    plain, *courses = simulate(office, chance, [changed(office, change) for change in wanted])
    base = plain.closed[-1]
    anchor = float(np.median(base)) if median is None else median
    effects = [
        _effect(change, course.closed[-1] - base, anchor, office)
        for change, course in zip(wanted, courses, strict=True)
    ]
    return Comparison(anchor, float(np.median(base)), tuple(sorted(effects, key=_by_gain, reverse=True)), plain)


def more_officers(office: Office) -> list[Change]:
    """One officer more at every step where officers work and their number is known."""
    return [Change("officers", one.name) for one in office.stations if one.kind == "served" and one.staff_known]


def changed(office: Office, change: Change) -> Office:
    """The office with the change. Raises KeyError for a step that it does not have."""
    number = office.number(change.step)
    station = _CHANGES[change.kind](office.stations[number], change, office)
    stations = (*office.stations[:number], station, *office.stations[number + 1 :])
    return replace(office, stations=stations)


def _more(station: Station, change: Change, _office: Office) -> Station:
    staff = station.staff
    return replace(station, staff=Staff(max(staff.officers + change.amount, 0), staff.absences))


def _batch(station: Station, change: Change, _office: Office) -> Station:
    return replace(station, extra=(*station.extra, (change.on, change.amount)))


def _limit(station: Station, change: Change, office: Office) -> Station:
    if station.kind == "served":
        working = change.amount * float(office.works.mean())
        return replace(station, rate=1 / max(1 / station.rate + working, SHORTEST_STAY))
    return replace(
        station, wait=_shifted(station.wait, int(change.amount)), ahead=_shifted(station.ahead, int(change.amount))
    )


def _shifted(leaving: Floats, days: int) -> Floats:
    """All cases leave so many days later or, if negative, earlier (on the first day at the earliest)."""
    if days >= 0:
        return np.concatenate([np.zeros(days), leaving])[: len(leaving)]
    early = np.concatenate([leaving[-days:], np.zeros(min(-days, len(leaving)))])[: len(leaving)]
    early[0] += leaving[:-days].sum()
    return early


def _present(station: Station, _change: Change, office: Office) -> Station:
    past = tuple(one for one in station.staff.absences if one.last < office.at)
    return replace(station, staff=Staff(station.staff.officers, past))


_CHANGES = {"officers": _more, "batch": _batch, "limit": _limit, "no_absences": _present}


def _effect(change: Change, difference: Floats, anchor: float, office: Office) -> Effect:
    low, middle, high = np.quantile(difference, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    count = float(np.clip(anchor + middle, 0, office.bound.sum()))
    return Effect(change, count, float(middle), float(low), float(high))


def _by_gain(effect: Effect) -> float:
    return effect.difference
