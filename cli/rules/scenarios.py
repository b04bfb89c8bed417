"""Commands for scenario files: run them, list what no scenario touches, write the table of situations."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import lang, show_json
from cli.rules.procedures_file import explaining, procedure_app
from models.errors import WrongInput
from procedures.definition.loader import load
from procedures.legal_time.calendar import load_calendars
from procedures.scenario_runs.reading import Suite, read_suite, shipped_files
from procedures.scenario_runs.running import Finding, Result, Runner
from procedures.scenario_runs.situations import table_of
from procedures.scenario_runs.touched import Touched, untouched
from procedures.schema import Procedure
from templates.words import say, t

Files = Annotated[list[Path] | None, typer.Argument(help="Scenario files; none: those of the shipped procedure.")]
ProcedureFile = Annotated[
    Path | None, typer.Option("--procedure", help="Run them on this procedure file instead of the one they name.")
]
Untouched = Annotated[
    bool, typer.Option("--untouched", help="Also list what no scenario touches; exit code 1 if there is anything.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]


@dataclass(slots=True)
class _Outcome:
    """What the run of some files has shown."""

    touched: Touched = field(default_factory=Touched)
    results: list[tuple[str, Result]] = field(default_factory=list)
    procedures: dict[str, Procedure] = field(default_factory=dict)

    def untouched(self) -> list[str]:
        return [item for procedure in self.procedures.values() for item in untouched(procedure, self.touched)]


def register(app: typer.Typer) -> None:
    """Register the commands on `coopcase procedure`, which cli.rules.procedures_file creates."""
    procedure_app.command("test")(test_command)
    procedure_app.command("scenarios")(scenarios_command)


def test_command(
    files: Files = None, procedure: ProcedureFile = None, also_untouched: Untouched = False, json: Json = False
) -> None:
    """Run scenario files in memory and report what differs from what they expect."""
    outcome = _Outcome()
    with explaining():
        for suite in _suites(files, procedure):
            outcome.procedures[suite.procedure.pin] = suite.procedure
            runner = Runner(suite, load_calendars(), outcome.touched)
            outcome.results += [(suite.file, result) for result in runner.results()]
    left = outcome.untouched() if also_untouched else []
    if json:
        show_json({"scenarios": [_as_json(*item) for item in outcome.results], "untouched": left})
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _report(outcome, left, also_untouched)))
    if left or not all(result.ok for _, result in outcome.results):
        raise typer.Exit(1)


def scenarios_command(files: Files = None) -> None:
    """Print the table of situations of scenario files, in Markdown."""
    with explaining():
        sys.stdout.write(table_of(list(_suites(files, None)), lang()))


def _suites(files: list[Path] | None, procedure: Path | None) -> Iterator[Suite]:
    for file in [*(files or ()), *([procedure] if procedure else [])]:
        if not file.is_file():
            raise WrongInput("FILE", "no_such_file", path=str(file))
    chosen = load(procedure) if procedure else None
    for file in files or shipped_files():
        yield read_suite(file, chosen)


def _report(outcome: _Outcome, left: list[str], also_untouched: bool) -> Iterator[str]:
    for _, result in outcome.results:
        if result.pending and not result.findings:
            yield t("scenarios.pending_passes", lang(), scenario=result.scenario, why=result.pending)
        elif not result.ok:
            yield from map(_line, result.findings)
    if also_untouched:
        yield from (t("scenarios.untouched", lang(), item=item) for item in left)
    failed = sum(1 for _, result in outcome.results if not result.ok)
    pending = sum(1 for _, result in outcome.results if result.pending)
    steps = sum(result.steps for _, result in outcome.results)
    yield t("scenarios.total", lang(), count=len(outcome.results), steps=steps, failed=failed, pending=pending)


def _line(finding: Finding) -> str:
    text = t(
        "scenarios.differs", lang(), file=finding.file, line=finding.line, scenario=finding.scenario,
        key=finding.key, expected=finding.expected, actual=finding.actual,
    )  # fmt: skip
    return text if finding.refusal is None else f"{text} ({say(finding.refusal, lang())})"


def _as_json(file: str, result: Result) -> dict[str, Any]:
    found = [
        {"file": item.file, "line": item.line, "key": item.key, "expected": item.expected, "actual": item.actual}
        for item in result.findings
    ]
    about = {"file": file, "scenario": result.scenario, "ok": result.ok, "steps": result.steps}
    return about | {"pending": result.pending or None, "findings": found}
