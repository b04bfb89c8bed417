"""Reads scenario files with the files they name under `common`; every problem names file, line, key and remedy."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from procedures.definition.loader import Place, Problem, ProcedureBroken, line_of, load, located, problem, validated
from procedures.scenario_runs.file_schema import ActDefaults, Scenario, ScenarioFile, Step
from procedures.scenario_runs.name_checks import Names, problems_of
from procedures.schema import Procedure, Words

SHIPPED = Path(__file__).parents[1] / "scenarios"


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """A step with its place in a file."""

    step: Step
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class PlacedScenario:
    """A scenario with its place in a file; the steps of lists are not filled in yet."""

    key: str
    scenario: Scenario
    file: str
    line: int
    day: date | None
    given: tuple[PlacedStep, ...]
    steps: tuple[PlacedStep, ...]


@dataclass(slots=True)
class Suite:
    """One scenario file, ready to run: its own scenarios are `own`, those of common files may be started from."""

    procedure: Procedure
    file: str
    situation: Words | None
    units: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    acts: dict[str, ActDefaults] = field(default_factory=dict)
    lists: dict[str, tuple[PlacedStep, ...]] = field(default_factory=dict)
    scenarios: dict[str, PlacedScenario] = field(default_factory=dict)
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    name: str
    content: ScenarioFile
    lines: dict[Place, int]


def shipped_files() -> list[Path]:
    """Return the scenario files of the shipped procedure."""
    return sorted(SHIPPED.glob("*.yaml"))


def read_suite(path: Path, procedure: Procedure | None = None) -> Suite:
    """Return the scenarios of a file; with `procedure` they are run on that one instead of the one the file names.

    Raises ProcedureBroken with every problem of the file, of its common files or of the procedure that it names.
    """
    file = _read(path)
    parts = [*(_read_common(file, path, name) for name in file.content.common), file]
    procedure = procedure or _procedure_of(file, path)
    names = Names.of([part.content for part in parts])
    problems = [found for part in parts for found in _name_problems(part, procedure, names)] + _twice(parts)
    if problems:
        raise ProcedureBroken(problems)
    suite = Suite(procedure, file.name, file.content.situation, own=tuple(file.content.scenarios))
    for part in parts:
        _add(suite, part)
    return suite


def _read(path: Path) -> _Read:
    content, lines = located(path.read_text(encoding="utf-8"), path.name)
    return _Read(path.name, validated(ScenarioFile, content, path.name, lines), lines)


def _read_common(file: _Read, path: Path, name: str) -> _Read:
    """The file `name` beside the scenario file."""
    other = path.parent / name
    if Path(name).name != name or not other.is_file():
        raise ProcedureBroken([problem(file.name, file.lines, ("common",), "scenario_no_file", {"found": name})])
    return _read(other)


def _procedure_of(file: _Read, path: Path) -> Procedure:
    """The shipped procedure by its name, or a procedure file beside the scenario file."""
    name, shipped = file.content.procedure, load()
    if name in (shipped.procedure, shipped.pin):
        return shipped
    other = path.parent / name
    if Path(name).name != name or not other.is_file():
        raise ProcedureBroken([problem(file.name, file.lines, ("procedure",), "scenario_no_file", {"found": name})])
    return load(other)


def _name_problems(part: _Read, procedure: Procedure, names: Names) -> list[Problem]:
    found = problems_of(part.content, procedure, names)
    return [problem(part.name, part.lines, place, code, params) for place, code, params in found]


def _twice(parts: Sequence[_Read]) -> list[Problem]:
    """Names that two of the files define."""
    seen: set[tuple[str, str]] = set()
    problems = []
    for part in parts:
        for section in ("units", "acts", "lists", "scenarios"):
            for key in getattr(part.content, section):
                name = "from" if section in ("lists", "scenarios") else section  # `from` names either
                if (name, key) in seen:
                    params = {"found": key}
                    problems.append(problem(part.name, part.lines, (section, key), "scenario_name_twice", params))
                seen.add((name, key))
    return problems


def _add(suite: Suite, part: _Read) -> None:
    suite.units |= part.content.units
    suite.acts |= part.content.acts
    for key, steps in part.content.lists.items():
        suite.lists[key] = _placed(part, ("lists", key), steps)
    for key, scenario in part.content.scenarios.items():
        place = ("scenarios", key)
        suite.scenarios[key] = PlacedScenario(
            key, scenario, part.name, line_of(part.lines, place), scenario.day or part.content.day,
            _placed(part, (*place, "given"), scenario.given), _placed(part, (*place, "steps"), scenario.steps),
        )  # fmt: skip


def _placed(part: _Read, place: Place, steps: Iterable[Step]) -> tuple[PlacedStep, ...]:
    return tuple(
        PlacedStep(step, part.name, line_of(part.lines, (*place, position))) for position, step in enumerate(steps)
    )
