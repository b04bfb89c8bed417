"""Runs the scenarios of a file and reports what differs from what they expect."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.errors import CoopcaseError
from procedures.legal_time.calendar import Calendars
from procedures.scenario_runs.comparing import Difference, differences, refusal_differences
from procedures.scenario_runs.course import Course
from procedures.scenario_runs.file_schema import Expectation, Step
from procedures.scenario_runs.reading import PlacedScenario, PlacedStep, Suite
from procedures.scenario_runs.touched import CheckedGuards, Touched
from procedures.state_machine.guards import watched

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
    """The run of one scenario. `pending`: why it is not expected to pass yet."""

    scenario: str
    findings: tuple[Finding, ...]
    pending: str
    steps: int

    @property
    def ok(self) -> bool:
        """A pending scenario is in order while it fails."""
        return bool(self.findings) == bool(self.pending)


@dataclass(slots=True)
class _Run:
    """One case on its way: what it has touched, found and drafted."""

    label: str
    course: Course
    touched: Touched = field(default_factory=Touched)
    findings: list[Finding] = field(default_factory=list)
    steps: int = 0


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
                result = Result(run.label, tuple(run.findings), placed.scenario.pending, run.steps)
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
            run = _Run(label, start.course.copy(), findings=[*start.findings])
        else:
            run = _Run(label, self._opened(placed))
        self._take_all(run, placed.given)
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
        source, checked = course.state.state, CheckedGuards()
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
        if step.do:
            checked.record(run.touched, course.procedure, step.do, refused=refusal is not None)
            if refusal is None:
                run.touched.moved(course.procedure, step.do, source, course.state.state)
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
