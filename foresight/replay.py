"""Runs opened cases through the steps of a procedure on a virtual clock, in memory: where it peaks and jams."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile

import numpy as np

from foresight.log import Floats
from foresight.worktime import Worked

WEEK = 7
JAMMED_WEEKS = 4  # a step is jammed while its queue is more than so many weeks of its work, for at least as long


@dataclass(frozen=True, slots=True)
class Rate:
    """How a step goes.

    `rate`: cases a day by one officer, `officers` of them; without officers the step takes nobody's work. `days`: least
    working days in the step (a legal term, an answer awaited). `nexts`: next steps with their chances, which may add
    up to less than 1: the rest closes. `letters`, `reminders`: sent for a case as it enters the step, and every
    `reminder_days` days in it. `batch`: the step is left on these days only.
    """

    nexts: tuple[tuple[str, float], ...] = ()
    officers: float = 0.0
    rate: float = 0.0
    days: int = 0
    letters: float = 0.0
    reminders: float = 0.0
    reminder_days: int = 7
    batch: frozenset[date] | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A case of the register: the day it is opened and the step it begins in."""

    id: str
    on: date
    step: str


@dataclass(frozen=True, slots=True)
class StepCourse:
    """What a step went through: the most cases at once and when, in and out by week, and since when it is jammed."""

    step: str
    peak: int
    peak_on: date
    waiting: tuple[int, ...]  # at the end of each week
    left: tuple[int, ...]
    letters: tuple[float, ...]
    reminders: tuple[float, ...]
    jammed_since: date | None


@dataclass(frozen=True, eq=False)
class Replayed:
    """The course of a replay week by week from `start`; `closed` and `open` at the end of each week.

    `closed_on`: by case. `bottleneck`: the jammed step with the most waiting at the end, None if none is jammed.
    """

    start: date
    steps: tuple[StepCourse, ...]
    closed: tuple[int, ...]
    open: tuple[int, ...]
    closed_on: Mapping[str, date]

    @property
    def bottleneck(self) -> str | None:
        jammed = [one for one in self.steps if one.jammed_since is not None]
        return max(jammed, key=lambda one: one.waiting[-1]).step if jammed else None


class ReplayError(ValueError):
    """A replay that cannot run: `code` is unknown_step, chances_above_one, no_rate or negative; `where` the step."""

    def __init__(self, code: str, where: str) -> None:
        super().__init__(f"{code}: {where}")
        self.code, self.where = code, where


def run(
    opened: Sequence[Opened], rates: Mapping[str, Rate], until: date, *, worked: Worked | None = None, seed: int = 0
) -> Replayed:
    """Replay the cases through the steps from the first opening up to the end of `until`. Nothing is sent or stored.

    `rates`: by step; officers take the oldest case first. `worked`: the calendar; every day is worked without one.
    `seed`: of the routing. Raises ReplayError for rates that contradict themselves, ValueError without cases.

    >>> cases = [Opened(str(n), date(2016, 1, 4), "notify") for n in range(100)]
    >>> rates = {
    ...     "notify": Rate((("decide", 1.0),), officers=2, rate=10, letters=1),
    ...     "decide": Rate((), officers=1, rate=1),
    ... }
    >>> found = run(cases, rates, date(2016, 3, 6))
    >>> found.bottleneck, found.steps[1].peak, found.steps[0].letters[0], found.open[-1]
    ('decide', 95, 100.0, 37)
    """
    _check(opened, rates)
    start = min(one.on for one in opened)
    office = _Replay(rates, (until - start).days + 1, np.random.default_rng(seed))
    coming: dict[date, list[Opened]] = {}
    for one in opened:
        coming.setdefault(one.on, []).append(one)
    for number in range(office.days):
        today = start + timedelta(days=number)
        for one in coming.get(today, ()):
            office.enter(one.id, one.step, number)
        if worked is None or worked(today):
            office.work(today, number)
        office.end(number)
    return office.result(start)


def _check(opened: Sequence[Opened], rates: Mapping[str, Rate]) -> None:
    if not opened:
        raise ValueError("opened")
    for name in {one.step for one in opened} | {step for rate in rates.values() for step, _ in rate.nexts}:
        if name not in rates:
            raise ReplayError("unknown_step", name)
    for name, rate in rates.items():
        if sum(chance for _, chance in rate.nexts) > 1 + 1e-9:
            raise ReplayError("chances_above_one", name)
        if rate.officers and not rate.rate:
            raise ReplayError("no_rate", name)
        if min(rate.officers, rate.rate, rate.days, rate.letters, rate.reminders, rate.reminder_days - 1) < 0:
            raise ReplayError("negative", name)


@dataclass(slots=True)
class _Queue:
    """A step's cases in the order of coming, each with the count of working days from which it is ready."""

    rate: Rate
    cases: deque[tuple[str, int, int]] = field(default_factory=deque)  # case, day of entry, ready at
    began: Counter[int] = field(default_factory=Counter)  # by day of entry modulo the reminders' days
    power: float = 0.0  # work that officers have put into the next case

    def enter(self, case: str, day: int, working: int) -> None:
        self.cases.append((case, day, working + self.rate.days))
        self.began[day % self.rate.reminder_days] += 1

    def leave(self, today: date, working: int) -> list[str]:
        """Those who leave on a working day; officers take the oldest first and may be part through the next one."""
        rate = self.rate
        if rate.batch is not None and today not in rate.batch:
            return []
        self.power += rate.officers * rate.rate
        gone = []
        while self.cases and self.cases[0][2] <= working and (not rate.officers or self.power >= 1 - 1e-9):
            case, day, _ = self.cases.popleft()
            self.began[day % rate.reminder_days] -= 1
            self.power -= 1
            gone.append(case)
        self.power = min(max(self.power, 0.0), 1.0)  # an idle day is not made up for
        return gone

    def due(self, day: int) -> int:
        """How many get a reminder today: a whole number of intervals after they came."""
        today = sum(1 for _ in takewhile(lambda one: one[1] == day, reversed(self.cases)))
        return self.began[day % self.rate.reminder_days] - today


class _Replay:
    """The state of a replay: a queue for each step, and what each day brought."""

    def __init__(self, rates: Mapping[str, Rate], days: int, rng: np.random.Generator) -> None:
        self.queues = {name: _Queue(rate) for name, rate in rates.items()}
        self.rng, self.days, self.working = rng, days, 0
        shape = (len(rates), days)
        self.stock, self.left, self.letters, self.reminders = (np.zeros(shape) for _ in range(4))
        self.closed = np.zeros(days)
        self.closed_on: dict[str, date] = {}
        self.number = {name: at for at, name in enumerate(rates)}

    def enter(self, case: str, step: str, day: int) -> None:
        queue = self.queues[step]
        queue.enter(case, day, self.working)
        self.letters[self.number[step], day] += queue.rate.letters

    def work(self, today: date, day: int) -> None:
        """A working day: terms run, officers take what is ready, batches are held. What moves on waits for tomorrow."""
        moved = {name: queue.leave(today, self.working) for name, queue in self.queues.items()}
        self.working += 1
        for name, cases in moved.items():
            self.left[self.number[name], day] = len(cases)
            for case in cases:
                self._onward(case, name, today, day)

    def _onward(self, case: str, name: str, today: date, day: int) -> None:
        drawn = self.rng.random()
        for step, chance in self.queues[name].rate.nexts:
            if drawn < chance:
                self.enter(case, step, day)
                return
            drawn -= chance
        self.closed[day] += 1
        self.closed_on[case] = today

    def end(self, day: int) -> None:
        for name, queue in self.queues.items():
            at = self.number[name]
            self.stock[at, day] = len(queue.cases)
            if queue.rate.reminders:
                self.reminders[at, day] = queue.due(day) * queue.rate.reminders

    def result(self, start: date) -> Replayed:
        steps = tuple(self._course(at, name, start) for name, at in self.number.items())
        closed = _whole(np.cumsum(_sums(self.closed)))
        return Replayed(start, steps, closed, _whole(_ends(self.stock.sum(axis=0))), self.closed_on)

    def _course(self, at: int, name: str, start: date) -> StepCourse:
        stock, left = self.stock[at], _sums(self.left[at])
        peak, waiting = int(stock.argmax()), _ends(stock)
        jammed = _jammed(waiting, left) if self.queues[name].rate.officers else None
        return StepCourse(
            name, int(stock[peak]), start + timedelta(days=peak), _whole(waiting), _whole(left),
            tuple(_sums(self.letters[at]).tolist()), tuple(_sums(self.reminders[at]).tolist()),
            None if jammed is None else start + timedelta(weeks=jammed),
        )  # fmt: skip


def _sums(daily: Floats) -> Floats:
    """By week; the last may be short."""
    return np.add.reduceat(daily, np.arange(0, len(daily), WEEK))


def _ends(daily: Floats) -> Floats:
    """The last day of each week."""
    return daily[np.minimum(np.arange(0, len(daily), WEEK) + WEEK - 1, len(daily) - 1)]


def _whole(values: Floats) -> tuple[int, ...]:
    return tuple(int(one) for one in values)


def _jammed(waiting: Floats, left: Floats) -> int | None:
    """The first week from which, to the end, a queue is longer than four weeks of its work; None if for less long."""
    recent = [left[max(at - JAMMED_WEEKS + 1, 0) : at + 1].mean() for at in range(len(left))]
    free = np.flatnonzero(waiting <= JAMMED_WEEKS * np.maximum(recent, 1e-9))
    first = int(free[-1]) + 1 if len(free) else 0
    return first if len(waiting) - first >= JAMMED_WEEKS else None
