"""The register from the command line: look first, then take it in."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from casework.register_import import commit, preview
from cli.output import clock, lang, lines, show_json
from cli.progress import bar
from models.database import engine
from models.errors import WrongInput
from procedures.facts import CLOCK
from register.findings import say_finding
from register.gate import Plan
from register.give_back import annotate
from templates.words import t

register_app = typer.Typer(help="The register of cooperatives.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands on the application."""
    app.add_typer(register_app, name="register")


@register_app.command("import")
def import_command(
    file: Path,
    by: Annotated[str, typer.Option("--by", help="Who brings it in; the system itself unless named.")] = CLOCK,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")] = False,
    comments: Annotated[str, typer.Option(help="Write the same workbook with the comments in its cells.")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Take a register file in: accepted rows all together or not at all, and a case for every flagged unit."""
    data = _read(file)
    if dry_run or comments:
        plan = preview(engine(), data, file.name, by=by)
        if comments:
            Path(comments).write_bytes(annotate(data, file.name, plan, lang()))
        _show_plan(plan, json)
        if dry_run:
            return
    result = commit(engine(), data, file.name, by=by, clock=clock(), track=bar(t("cli.opening", lang())))
    if json:
        show_json(result)
        return
    counts = {name: getattr(result, name) for name in ("new", "changed", "unchanged", "rejected", "doubtful")}
    sys.stdout.write(t("cli.imported", lang(), **counts, cases=len(result.cases)) + "\n")


def _show_plan(plan: Plan, json: bool) -> None:
    counts = {name: len(getattr(plan, name)) for name in ("new", "changed", "unchanged", "rejected", "doubtful")}
    if json:
        findings = [
            {"sheet": item.sheet, "row": item.row, "column": item.column, "value": item.value,
             "severity": item.severity.value, "say": say_finding(item, lang())}
            for item in plan.findings
        ]  # fmt: skip
        show_json({**counts, "findings": findings})
        return
    lines(
        [
            (item.sheet, str(item.row), item.column, t(f"cli.{item.severity.value}", lang()), say_finding(item, lang()))
            for item in plan.findings
        ]
    )
    sys.stdout.write(t("cli.would_import", lang(), **counts) + "\n")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise WrongInput("FILE", "no_such_file", path=str(file)) from None
