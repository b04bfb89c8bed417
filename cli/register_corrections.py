"""Command for the corrections of the register that open cases do not have yet."""

import sys
from typing import Annotated

import typer
from sqlalchemy import select

from casework.office.people import actor, may_see
from casework.register_corrections import Correction, bring_over, corrections, value_text
from casework.write_back import changes_of_unit
from cli.output import clock, lang, show_json
from cli.register_import import register_app
from models.database import engine, reading
from models.errors import NotFound, WrongInput
from models.tables import units
from register.findings import field_label
from templates.words import t


def register(app: typer.Typer) -> None:
    """Register the command."""
    register_app.command("corrections")(corrections_command)
    register_app.command("changes")(changes_command)


def corrections_command(
    by: Annotated[str, typer.Option("--by", help="Who asks, or brings them over: the sign-in name.")],
    refs: Annotated[list[str] | None, typer.Argument(metavar="[REF...]", help="The cases to bring up to date.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Bring all open cases of the office up to date.")] = False,
    source: Annotated[str, typer.Option(help="Where the correction comes from.")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")] = False,
) -> None:
    """List the open cases with older data than the register, or bring them up to date: all named ones or none."""
    with reading(engine()) as connection:
        found = corrections(connection, actor(connection, by).district)
    if not refs and not every:
        show_json([_document(item) for item in found]) if json else _print(found)
        return
    if refs and every:
        raise WrongInput("--all", "correction_all_or_named")
    marks = {item.ref: item.mark for item in found if every} or dict.fromkeys(refs or (), "")
    count = bring_over(engine(), marks, source, by=by, clock=clock()) if marks else 0
    if json:
        show_json({"corrected": count})
        return
    sys.stdout.write(t("cli.corrected", lang(), count=count) + "\n")


def changes_command(
    unit: Annotated[int, typer.Argument(help="The number of the unit.")],
    by: Annotated[str, typer.Option("--by", help="Who asks: the sign-in name.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")] = False,
) -> None:
    """List what the outcomes of cases changed of a unit in the register."""
    with reading(engine()) as connection:
        district = connection.scalar(select(units.c.district_code).where(units.c.id == unit))
        if district is None or not may_see(actor(connection, by), district):
            raise NotFound("no_such_unit")
        found = changes_of_unit(connection, unit)
    if json:
        show_json(found)
        return
    for change in found:
        fields = ", ".join(f"{field_label(name, lang())} {item['new']}" for name, item in change["fields"].items())
        sys.stdout.write(f"{change['ref']}  {change['outcome'] or '–'}  {fields}\n")


def _print(found: list[Correction]) -> None:
    for item in found:
        sys.stdout.write(f"{item.ref}  {item.unit_name}\n")
        for field in item.fields:
            old, new = (value_text(field.name, value, lang()) for value in (field.old, field.new))
            sys.stdout.write(f"  {field_label(field.name, lang())}: {old or '–'} → {new or '–'}\n")


def _document(item: Correction) -> dict[str, object]:
    return {
        "ref": item.ref, "unit": item.unit_id, "unit_name": item.unit_name, "mark": item.mark,
        "fields": {field.name: {"old": field.old, "new": field.new} for field in item.fields},
        "unsigned_letters": item.unsigned, "signed_letters": item.signed,
    }  # fmt: skip
