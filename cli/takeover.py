"""Commands for cases that began before Coopcase: take over one or a workbook of them, list and confirm their gaps."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.ledger import load_case
from casework.office.people import actor
from casework.takeover.found_later import add_found
from casework.takeover.gaps import TakenOver, confirm_gaps, gap_label, taken_over
from casework.takeover.known import Known, items_of
from casework.takeover.taking_over import Request, take_over, unit_of_case
from casework.takeover.workbook import candidates, step_label, template
from casework.takeover.workbook_reading import Previewed, commit, preview
from cli.output import assigned, clock, lang, lines, mark_in, scanned_bytes, show_json, write_file
from models.database import engine, reading
from models.errors import WrongInput
from procedures.state_machine.earlier_acts import step_named, steps
from rulebook.versions import in_force
from templates.words import pick, say, t

takeover_app = typer.Typer(help="Cases that began before Coopcase.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(takeover_app, name="take-over")


@takeover_app.command("steps")
def steps_command(json: Json = False) -> None:
    """List the steps at which a case can be taken over."""
    with reading(engine()) as connection:
        procedure = in_force(connection)
    found = [{"key": step.key, "label": step_label(procedure, step, lang())} for step in steps(procedure)]
    if json:
        show_json(found)
        return
    lines([(one["key"], one["label"]) for one in found])


@takeover_app.command("items")
def items_command(step: str, json: Json = False) -> None:
    """List what can be given of a case at a step: the keys of `--set`. One that is `asked` is a gap when left out."""
    with reading(engine()) as connection:
        procedure = in_force(connection)
    chosen = step_named(procedure, step)
    if chosen is None:
        raise WrongInput("STEP", "takeover_no_step", value=step)
    found = [
        {
            "key": item.key, "verb": item.act.verb, "part": item.part, "type": item.need.type,
            "asked": item.act.asked and not item.part, "label": pick(item.need.label, lang()),
            "options": {code: pick(words, lang()) for code, words in item.need.options.items()},
        }
        for item in items_of(procedure, chosen)
    ]  # fmt: skip
    if json:
        show_json(found)
        return
    lines([("*" if one["asked"] else "", *(str(one[name]) for name in ("key", "type", "label"))) for one in found])


@takeover_app.command("case")
def case_command(
    by: By,
    step: Annotated[str, typer.Option(help="The step it is at; see `take-over steps`.")],
    source: Annotated[str, typer.Option(help="Where this is known from.")],
    ref: Annotated[str, typer.Argument(help="Its case.")] = "",
    unit: Annotated[int | None, typer.Option(help="The unit, where it has no case yet.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE; see `take-over items`.")] = None,
    json: Json = False,
) -> None:
    """Take over one case. What is not given is a gap; a second person confirms the gaps."""
    if bool(ref) == (unit is not None):
        raise WrongInput("REF", "takeover_case_or_unit")
    if unit is None:
        with reading(engine()) as connection:
            unit = unit_of_case(connection, ref)
    request = Request(unit, Known(step, source, assigned(set_ or [])))
    done = take_over(engine(), request, by=by, clock=clock())
    if json:
        show_json(done)
        return
    sys.stdout.write(t("cli.taken_over", lang(), ref=done.ref, seq=done.seq, state=done.state) + "\n")


@takeover_app.command("add")
def add_command(
    ref: str,
    by: By,
    source: Annotated[str, typer.Option(help="Where it was found.")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="KEY=VALUE; see `take-over items`.")] = None,
    json: Json = False,
) -> None:
    """Add days, values and papers that were found after the take-over; the list of gaps gets shorter."""
    values = assigned(set_ or [])
    done = add_found(engine(), ref, values, source=source, by=by, clock=clock())
    with reading(engine()) as connection:
        left = sorted(load_case(connection, ref).state.gaps)
    if json:
        show_json({"ref": done.ref, "seq": done.seq, "gaps": left})
        return
    sys.stdout.write(t("cli.found_added", lang(), ref=done.ref, count=len(values), gaps=len(left)) + "\n")


@takeover_app.command("template")
def template_command(
    file: Path,
    by: By,
    step: Annotated[list[str] | None, typer.Option("--step", help="Only the columns of these steps.")] = None,
) -> None:
    """Write the workbook with the units of a person's office that can be taken over."""
    with reading(engine()) as connection:
        procedure = in_force(connection)
        listed = candidates(connection, actor(connection, by), procedure, clock().today())
    write_file(file, template(procedure, listed, step or (), lang(), mark_in(lang())))


@takeover_app.command("file")
def file_command(
    file: Path,
    by: By,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Take over the cases of a workbook: all or none."""
    data = scanned_bytes(file)
    found = preview(engine(), data, file.name, by=by, clock=clock())
    wrong = [cell for one in found for cell in one.wrong]
    refs = [] if dry_run or wrong else commit(engine(), data, file.name, by=by, clock=clock())
    if json:
        show_json({"cases": refs, "wrong": len(wrong), "lines": [_line(one) for one in found]})
    else:
        lines([(cell.place, say(cell.error, lang())) for cell in wrong])
        done = t("cli.taken_over_many", lang(), count=len(refs))
        sys.stdout.write((done if refs else t("cli.takeover_lines", lang(), count=len(found), wrong=len(wrong))) + "\n")
    if wrong:
        raise typer.Exit(2)


def _line(one: Previewed) -> dict[str, Any]:
    return {
        "row": one.line.row, "unit": one.line.request.unit_id, "name": one.looked.unit_name, "ref": one.looked.ref,
        "step": one.line.request.known.step, "gaps": list(one.looked.gaps),
        "irregular": [pick(day.text, lang()) for day in one.looked.irregular],
        "wrong": [{"cell": cell.place, "error": say(cell.error, lang())} for cell in one.wrong],
    }  # fmt: skip


@takeover_app.command("gaps")
def gaps_command(by: By, json: Json = False) -> None:
    """List the cases of a person's office that were taken over, with what is not on file of each."""
    with reading(engine()) as connection:
        found = taken_over(connection, actor(connection, by).district)
    if json:
        show_json([_taken(one) for one in found])
        return
    for one in found:
        labels = "; ".join(gap_label(one.procedure, gap, lang()) for gap in one.open)
        sys.stdout.write(f"{one.ref}  {one.unit_name}  {labels}\n")


def _taken(one: TakenOver) -> dict[str, Any]:
    return {
        "ref": one.ref, "unit_name": one.unit_name, "state": one.state, "by": one.by, "seq": one.seq,
        "open": list(one.open), "confirmed": list(one.confirmed),
    }  # fmt: skip


@takeover_app.command("confirm")
def confirm_command(refs: Annotated[list[str], typer.Argument(metavar="REF...")], by: By, json: Json = False) -> None:
    """Confirm, as the second person, that of these cases nothing more is on file."""
    count = confirm_gaps(engine(), refs, by=by, clock=clock())
    if json:
        show_json({"confirmed": count})
        return
    sys.stdout.write(t("cli.gaps_confirmed", lang(), count=count) + "\n")
