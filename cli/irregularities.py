"""Irregularities from the command line: listed, confirmed many at once, accepted in writing."""

import sys
from typing import Annotated

import typer

from casework.irregularities import CaseIrregularity, accept, confirm, shown, unsettled
from casework.office.people import actor
from cli.output import clock, lang, lines, show_json
from models.database import engine, reading
from models.errors import WrongInput
from templates.formats import date_vi
from templates.words import pick, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who asks or does it: the sign-in name.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    group = typer.Typer(no_args_is_help=True, help="Days against the rules: the open ones, and how they are settled.")
    group.command("list")(list_command)
    group.command("confirm")(confirm_command)
    group.command("accept")(accept_command)
    app.add_typer(group, name="irregularities")


def list_command(
    by: By, district: Annotated[str, typer.Option(help="Code of a district.")] = "", json: Json = False
) -> None:
    """The irregularities of open cases that are neither cured nor accepted."""
    with reading(engine()) as connection:
        found = unsettled(connection, actor(connection, by), district or None)
    if json:
        show_json([{"ref": item.ref, "unit": item.unit_name, **shown(item, lang())} for item in found])
        return
    lines([_line(item) for item in found])


def _line(item: CaseIrregularity) -> tuple[str, ...]:
    days = "; ".join(pick(day.text, lang()) for day in item.days)
    status = t(f"days.status_{item.status}", lang())
    return f"{item.ref}:{item.seq}", date_vi(item.occurred_on), pick(item.label, lang()), status, days


def confirm_command(
    entries: Annotated[list[str], typer.Argument(help="REF:NUMBER of each entry.")],
    by: By,
    reason: Annotated[str, typer.Option(help="One reason for all of them.")],
    json: Json = False,
) -> None:
    """Confirm irregularities that another officer recorded: all of them or none."""
    done = confirm(engine(), [_entry(text) for text in entries], by=by, reason=reason, clock=clock())
    if json:
        show_json([{"ref": ref, "seq": seq} for ref, seq in done])
        return
    sys.stdout.write(t("days.confirmed", lang(), count=len(done)) + "\n")


def accept_command(
    entry: Annotated[str, typer.Argument(help="REF:NUMBER of the entry.")],
    by: By,
    paper: Annotated[str, typer.Option(help="Number and symbol of the paper by which it is accepted.")],
    paper_on: Annotated[str, typer.Option(help="Its day.")],
    body: Annotated[str, typer.Option(help="The body that accepts it.")],
    json: Json = False,
) -> None:
    """Record that the deciding body accepted an irregularity in writing."""
    ref, seq = _entry(entry)
    done = accept(engine(), ref, seq, by=by, paper=paper, paper_on=paper_on, body=body, clock=clock())
    if json:
        show_json({"ref": ref, "seq": done})
        return
    sys.stdout.write(t("days.accepted", lang()) + "\n")


def _entry(text: str) -> tuple[str, int]:
    ref, _, seq = text.rpartition(":")
    if not ref or not seq.isdecimal() or len(seq) > 6:
        raise WrongInput("ENTRIES", "irregularities_none_chosen")
    return ref, int(seq)
