"""Commands for the register: preview and import files, define headings."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.office.heading_words import LEFT_OUT, forget_heading, map_heading, mapped_headings
from casework.office.people import actor
from casework.register_import import Preview, Result, commit, preview
from cli.output import clock, lang, lines, mark_in, scanned_bytes, show_json, write_file
from cli.progress import bar
from models.database import engine, reading
from models.errors import WrongInput
from procedures.facts import CLOCK
from register.annotation import annotate
from register.findings import field_label, say_finding
from register.gate import Decision, Plan
from register.tables.skips import say_skipped
from templates.words import t

register_app = typer.Typer(help="The register of cooperatives.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(register_app, name="register")


@register_app.command("import")
def import_command(
    file: Path,
    by: Annotated[str, typer.Option("--by", help="Who brings it in; the system itself unless named.")] = CLOCK,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")] = False,
    comments: Annotated[str, typer.Option(help="Write the same workbook with the comments in its cells.")] = "",
    another: Annotated[
        list[str] | None, typer.Option("--another", help="SHEET:ROW of a row that waits: it is another unit.")
    ] = None,
    same: Annotated[
        list[str] | None, typer.Option("--same", help="SHEET:ROW of a row that waits: it is the very unit.")
    ] = None,
    json: Json = False,
) -> None:
    """Import a register file: all accepted rows or none, and a case for every flagged unit."""
    data = scanned_bytes(file)
    decisions = _decisions(Decision.ANOTHER, another) | _decisions(Decision.SAME, same)
    if dry_run or comments:
        looked = preview(engine(), data, file.name, by=by, clock=clock(), decisions=decisions)
        if comments:
            write_file(Path(comments), annotate(data, file.name, looked.plan, lang(), mark_in(lang())))
        if dry_run:
            _show(looked, "cli.would_import", json=json)
            return
    track = bar(t("cli.opening", lang()))
    result = commit(engine(), data, file.name, by=by, clock=clock(), track=track, decisions=decisions)
    _show(result, "register.imported", json=json)


@register_app.command("headings")
def headings_command(by: Annotated[str, typer.Option("--by", help="Whose office.")], json: Json = False) -> None:
    """List the meanings of headings of register files in an office."""
    with reading(engine()) as connection:
        district = actor(connection, by).district
    found = mapped_headings(engine(), district)
    if json:
        show_json(found)
    elif found:
        lines([(item["heading"], _field(item["field"]), item["district_code"] or "", item["by"]) for item in found])
    else:
        sys.stdout.write(t("cli.no_headings", lang()) + "\n")


@register_app.command("heading")
def heading_command(
    heading: Annotated[str, typer.Argument(help="The heading as written in the file.")],
    field: Annotated[
        str, typer.Argument(help="The field that it means, as certificate_number; none: left out.")
    ] = LEFT_OUT,
    by: Annotated[str, typer.Option("--by", help="Who says so, for their office.")] = "",
    forget: Annotated[bool, typer.Option("--forget", help="It is no longer mapped.")] = False,
) -> None:
    """Set the meaning of a heading of register files in an office."""
    if forget:
        forget_heading(engine(), heading, by=by)
        said = "cli.heading_forgotten"
    else:
        map_heading(engine(), heading, field, by=by, clock=clock())
        said = "cli.heading_mapped" if field else "cli.heading_left_out"
    sys.stdout.write(t(said, lang(), heading=heading, field=_field(field)) + "\n")


def _field(name: str) -> str:
    return field_label(name, lang()) if name else t("cli.left_out", lang())


def _decisions(decision: Decision, places: list[str] | None) -> dict[tuple[str, int], Decision]:
    found = {}
    for place in places or ():
        sheet, mark, row = place.rpartition(":")
        if not mark or not row.isdecimal():
            raise WrongInput(f"--{decision}", "not_a_place_of_a_row", value=place[:60])
        found[sheet, int(row)] = decision
    return found


def _show(done: Preview | Result, sentence: str, *, json: bool) -> None:
    counts = done.plan.counts()
    if json:
        show_json(
            {
                **counts,
                "by_sheet": done.plan.by_sheet(),
                "cases": done.cases,
                "no_case": done.no_case,
                **_said(done.plan),
            }
        )
        return
    _show_lines(done.plan)
    cases = done.cases if isinstance(done.cases, int) else len(done.cases)
    sys.stdout.write(t(sentence, lang(), **counts, cases=cases) + "\n")
    by_sheet = done.plan.by_sheet()
    for sheet, found in by_sheet.items() if len(by_sheet) > 1 else ():
        sys.stdout.write(t("cli.sheet_counts", lang(), sheet=sheet, **found) + "\n")
    if done.no_case:
        sys.stdout.write(_say_no_case(done.no_case) + "\n")
    if done.plan.doubtful:
        sys.stdout.write(t("cli.to_decide", lang()) + "\n")


def _say_no_case(no_case: Mapping[str, int]) -> str:
    reasons = "; ".join(f"{count} {t(f'register.no_case.{reason}', lang())}" for reason, count in no_case.items())
    return t("cli.no_case", lang(), count=sum(no_case.values()), reasons=reasons)


def _said(plan: Plan) -> dict[str, Any]:
    findings = [
        {"sheet": item.sheet, "row": item.row, "column": item.column, "value": item.value,
         "severity": item.severity.value, "code": item.code, "say": say_finding(item, lang())}
        for item in plan.findings
    ]  # fmt: skip
    left_out = [
        {"sheet": item.sheet, "row": item.row, "text": item.text, "reason": item.reason.value,
         "doubtful": item.doubtful, "say": say_skipped(item, lang())}
        for item in plan.skipped
    ]  # fmt: skip
    return {"findings": findings, "left_out": left_out}


def _show_lines(plan: Plan) -> None:
    found = [
        (item.sheet, str(item.row), item.column, t(f"cli.{item.severity.value}", lang()), say_finding(item, lang()))
        for item in plan.findings
    ]
    left_out = t("cli.skipped", lang())
    found += [
        (item.sheet, str(item.row), "", left_out, f"«{item.text[:60]}» {say_skipped(item, lang())}")
        for item in plan.skipped
    ]
    lines(found)
