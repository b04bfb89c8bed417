"""Checks that every name in a scenario file is defined: acts and their fields, states, deadlines, letters, lists."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procedures.day_vocabulary import OWN
from procedures.law.interpretations import unclear_points
from procedures.scenario_runs.file_schema import ActDefaults, Expectation, Scenario, ScenarioFile, Step, TakeOver
from procedures.schema import Procedure
from procedures.state_machine.acts_on_paper import letters_of

Place = tuple[str | int, ...]
Finding = tuple[Place, str, dict[str, Any]]
NONE = "none"
STATUSES = ("waiting", "open", "met", "dropped", "unknown")


@dataclass(frozen=True, slots=True)
class Names:
    """The names that the file and its common files define."""

    units: frozenset[str]
    lists: frozenset[str]
    scenarios: frozenset[str]

    @classmethod
    def of(cls, parts: Sequence[ScenarioFile]) -> "Names":
        """Collect the names of several files."""
        return cls(
            frozenset(key for part in parts for key in part.units),
            frozenset(key for part in parts for key in part.lists),
            frozenset(key for part in parts for key in part.scenarios),
        )


def problems_of(file: ScenarioFile, procedure: Procedure, names: Names) -> Iterator[Finding]:
    """Yield every problem as (place in the file, words key under `errors.`, parameters of the message)."""
    for key, act in file.acts.items():
        yield from _unknown(("acts", key), [key], procedure.verbs)
        yield from _act(("acts", key), key, act, procedure)
    for key, steps in file.lists.items():
        yield from _steps(("lists", key), steps, procedure, names)
    for key, scenario in file.scenarios.items():
        yield from _scenario(("scenarios", key), scenario, procedure, names)


def _unknown(place: Place, found: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
    for item in found:
        if item and item not in known:
            yield place, "scenario_unknown", {"found": item, "known": ", ".join(sorted(known)[:60])}


def _scenario(place: Place, scenario: Scenario, procedure: Procedure, names: Names) -> Iterator[Finding]:
    yield from _unknown((*place, "from"), scenario.from_, names.scenarios | names.lists)
    yield from _unknown((*place, "unit"), [scenario.unit], names.units)
    yield from _unknown((*place, "readings"), scenario.readings, unclear_points())
    for point, reading in scenario.readings.items():
        if point in unclear_points():
            yield from _unknown((*place, "readings", point), [reading], unclear_points()[point].readings)
    yield from _steps((*place, "given"), scenario.given, procedure, names)
    yield from _steps((*place, "steps"), scenario.steps, procedure, names)
    if scenario.expect is not None:
        yield from _expectation((*place, "expect"), scenario.expect, procedure)


def _steps(place: Place, steps: Iterable[Step], procedure: Procedure, names: Names) -> Iterator[Finding]:
    letters = {letter for verb in procedure.verbs.values() for letter in letters_of(verb)}
    for position, step in enumerate(steps):
        spot = (*place, position)
        yield from _unknown((*spot, "use"), [step.use], names.lists)
        yield from _unknown((*spot, "issued"), [step.issued], letters)
        yield from _unknown((*spot, "served"), [step.served], letters)
        for key in ("do", "annul", "confirm", "accept", "withdrawn"):
            yield from _unknown((*spot, key), [getattr(step, key)], procedure.verbs)
        yield from _fields((*spot, "irregular"), step.do, step.irregular or (), procedure, OWN)
        if step.taken_over is not None:
            yield from _take_over((*spot, "taken_over"), step.taken_over, procedure)
        if step.refused is None:  # a wrong name of a field may be what is to be refused
            yield from _act(spot, step.do, step, procedure)
            yield from _fields((*spot, "without"), step.do, step.without, procedure)
        if step.expect is not None:
            yield from _expectation((*spot, "expect"), step.expect, procedure)


def _take_over(place: Place, said: TakeOver, procedure: Procedure) -> Iterator[Finding]:
    yield from _unknown((*place, "state"), [said.state], procedure.states)
    yield from _unknown((*place, "gaps"), (gap.partition(".")[0] for gap in said.gaps), procedure.verbs)
    for position, act in enumerate(said.acts):
        yield from _unknown((*place, "acts", position), [act.do], procedure.verbs)
        yield from _fields((*place, "acts", position, "data"), act.do, act.data, procedure)


def _act(place: Place, verb: str, act: ActDefaults, procedure: Procedure) -> Iterator[Finding]:
    yield from _unknown((*place, "by"), [act.by], procedure.roles)
    yield from _fields((*place, "data"), verb, act.data, procedure)


def _fields(place: Place, verb: str, found: Iterable[str], procedure: Procedure, *more: str) -> Iterator[Finding]:
    if verb in procedure.verbs:
        yield from _unknown(place, found, {*procedure.verbs[verb].needs, *more})


def _expectation(place: Place, expect: Expectation, procedure: Procedure) -> Iterator[Finding]:
    known: Mapping[str, tuple[Iterable[str], Collection[str]]] = {
        "state": ([expect.state], procedure.states),
        "stage": ([expect.stage], procedure.stages),
        "outcome": ([expect.outcome], {*procedure.outcomes, NONE}),
        "deadlines": (expect.deadlines, procedure.deadlines),
        "letters": (expect.letters or (), {letter for verb in procedure.verbs.values() for letter in letters_of(verb)}),
        "overlays": (expect.overlays or (), procedure.overlays),
        "obstacles": (expect.obstacles or (), procedure.obstacles),
        "grounds": (expect.grounds or (), procedure.grounds),
        "irregular": (expect.irregular, procedure.verbs),
        "prepared": (expect.prepared or (), procedure.verbs),
        "holds": (expect.holds or (), {*procedure.closing.papers, *procedure.closing.holds}),
        "may": (expect.may, procedure.verbs),
        "may_not": (expect.may_not, procedure.verbs),
    }
    for key, (found, section) in known.items():
        yield from _unknown((*place, key), found, section)
