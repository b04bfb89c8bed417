"""Runs the scenarios of a file and reports what differs from what they expect."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.errors import CoopcaseError
from procedures.day_vocabulary import OWN
from procedures.law.interpretations import read_as
from procedures.legal_time.calendar import Calendars
from procedures.scenario_runs.comparing import Difference, differences, irregular_fields, refusal_differences
from procedures.scenario_runs.course import Course
from procedures.scenario_runs.file_schema import Expectation, Step
from procedures.scenario_runs.name_checks import NONE
from procedures.scenario_runs.reading import PlacedScenario, PlacedStep, Suite
from procedures.scenario_runs.touched import CheckedGuards, Touched
from procedures.state_machine.guards import watched

IN_FUTURE = "occurred_in_future"  # an act of a day to come
FIRST_DAY = date(2015, 1, 5)  # of a file that says none


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference from what a scenario expects. `refusal`: the reason that nobody expected."""

    file: str
    line: int
    scenario: str
    key: str
    expected: str
    actual: str
    refusal: CoopcaseError | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The run of one scenario. `pending`: why it cannot pass yet; `begun`: what is given was carried out."""

    scenario: str
    findings: tuple[Finding, ...]
    pending: str
    steps: int
    begun: bool

    @property
    def ok(self) -> bool:
        """A pending scenario is in order while it fails in its own steps, not in those that are given."""
        return self.begun and bool(self.findings) if self.pending else not self.findings


@dataclass(slots=True)
class _Run:
    """One case on its way: what it has touched, found and drafted."""

    label: str
    course: Course
    touched: Touched = field(default_factory=Touched)
    findings: list[Finding] = field(default_factory=list)
    steps: int = 0
    begun: bool = False


class Runner:
    """Runs the scenarios of one file; `touched` collects what the passing ones touch."""

    def __init__(self, suite: Suite, calendars: Calendars, touched: Touched) -> None:
        self.suite = suite
        self.calendars = calendars
        self.touched = touched
        self._known: dict[tuple[Any, ...], _Run] = {}

    def results(self) -> Iterator[Result]:
        """Run every scenario of the file itself, each once from each of its starts."""
        for key in self.suite.own:
            placed = self.suite.scenarios[key]
            for base in placed.scenario.from_ or ("",):
                run = self._run(placed, base)
                result = Result(run.label, tuple(run.findings), placed.scenario.pending, run.steps, run.begun)
                if not run.findings:
                    self.touched.items |= run.touched.items
                yield result

    def _finished(self, key: str, placed: PlacedScenario) -> _Run:
        """The scenario or the list of steps that `placed` starts from, run once on each day of opening."""
        if (found := self.suite.scenarios.get(key)) is not None:
            known = (key, found.day)
            if known not in self._known:
                self._known[known] = self._run(found, next(iter(found.scenario.from_), ""))
            return self._known[known]
        opened = (key, placed.day, placed.scenario.unit)
        if opened not in self._known:
            run = self._known[opened] = _Run(key, self._opened(placed))
            self._take_all(run, self.suite.lists[key])
        return self._known[opened]

    def _run(self, placed: PlacedScenario, base: str) -> _Run:
        label = f"{placed.key} ({base})" if len(placed.scenario.from_) > 1 else placed.key
        if base:
            start = self._finished(base, placed)
            run = _Run(label, start.course.copy(), Touched({*start.touched.items}), [*start.findings])
        else:
            run = _Run(label, self._opened(placed))
        run.course.procedure = read_as(run.course.procedure, placed.scenario.readings)
        self._take_all(run, placed.given)
        run.begun = not run.findings
        first = len(run.course.drafted)
        self._take_all(run, placed.steps)
        if placed.scenario.expect is not None and not run.findings:
            drafted = [template for template, _ in run.course.drafted[first:]]
            self._compare(run, placed.scenario.expect, placed.file, placed.line, drafted, whole=False)
        return run

    def _opened(self, placed: PlacedScenario) -> Course:
        unit = self.suite.units.get(placed.scenario.unit or "default", {})
        return Course.opened(self.suite.procedure, self.calendars, self.suite.acts, placed.day or FIRST_DAY, unit)

    def _take_all(self, run: _Run, steps: Iterable[PlacedStep]) -> None:
        for item in self._spread(steps):
            if run.findings:
                return
            self._take(run, item)

    def _spread(self, steps: Iterable[PlacedStep], inside: Sequence[str] = ()) -> Iterator[PlacedStep]:
        """The steps with those of lists filled in; a list that names itself ends there."""
        for item in steps:
            name = item.step.use
            if not name:
                yield item
            elif name not in inside:
                yield from self._spread(self.suite.lists[name], (*inside, name))

    def _take(self, run: _Run, item: PlacedStep) -> None:
        step, course = item.step, run.course
        checked = CheckedGuards()
        drafted: list[str] = []
        refusal: CoopcaseError | None = None
        run.steps += 1
        try:
            with watched(checked.note):
                drafted = course.take(step)
        except CoopcaseError as error:
            refusal = error
        found = _of_refusal(step, refusal)
        run.findings += [_finding(item.file, item.line, run.label, one, refusal) for one in found]
        for verb, source, target in course.moves:
            checked.record(run.touched, course.procedure, verb, refused=False)
            run.touched.moved(course.procedure, verb, source, target)
        if step.do or step.issued:
            _note_days(run, refusal)
        if step.do and refusal is None:
            run.findings += [_finding(item.file, item.line, run.label, one) for one in _of_days(step, course)]
        elif step.do:
            checked.record(run.touched, course.procedure, step.do, refused=True)
        if step.expect is not None and not run.findings:
            self._compare(run, step.expect, item.file, item.line, drafted, whole=True)

    def _compare(
        self, run: _Run, expect: Expectation, file: str, line: int, drafted: Sequence[str], *, whole: bool
    ) -> None:
        """Compare the case; `whole`: the letters are all that the step drafts, not only among the drafts."""
        found = list(differences(expect, run.course, run.touched))
        if expect.letters is not None:
            wanted, actual = sorted(expect.letters), sorted(drafted)
            if wanted != actual if whole else not set(wanted) <= set(actual):
                found.append(("letters", ", ".join(wanted), ", ".join(actual)))
        run.findings += [_finding(file, line, run.label, one) for one in found]


def _note_days(run: _Run, refusal: CoopcaseError | None) -> None:
    """Record the rules on days that the act kept, and those that it broke and that it was refused or recorded for."""
    fields = _refused_days(refusal) if refusal is not None else frozenset()
    for checked in run.course.days_checked:
        if refusal is None or (checked.broken and checked.field in fields):
            run.touched.dated(checked.item, checked.broken)


def _refused_days(refusal: CoopcaseError) -> frozenset[str]:
    """The fields whose days an act was refused for."""
    also: Sequence[CoopcaseError] = refusal.params.get("also") or ()  # type: ignore[assignment]
    found = [item for item in (refusal, *also) if item.code == IN_FUTURE or item.code.startswith("day_")]
    return frozenset(str(item.params.get("field", OWN)) for item in found)


def _of_days(step: Step, course: Course) -> list[Difference]:
    """What differs between the irregular days that a step expects, none if it says nothing, and those recorded."""
    fact = course.state.last(step.do)
    wanted, found = sorted(step.irregular or ()), sorted(irregular_fields(fact) if fact else ())
    return [] if wanted == found else [("irregular", ", ".join(wanted) or NONE, ", ".join(found) or NONE)]


def _of_refusal(step: Step, refusal: CoopcaseError | None) -> list[Difference]:
    """What differs between the refusal that a step expects, if any, and the one that came, if any."""
    if step.refused is None:
        return [(step.do or "step", "done", refusal.code)] if refusal else []
    return list(refusal_differences(step.refused, refusal)) if refusal else [("refused", step.refused.code, "done")]


def _finding(
    file: str, line: int, scenario: str, difference: Difference, refusal: CoopcaseError | None = None
) -> Finding:
    key, expected, actual = difference
    return Finding(file, line, scenario, key, expected, actual, refusal)
