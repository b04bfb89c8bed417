"""Commands for the papers of acts on record without one: enter from the scan, confirm, return, list."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.office.people import actor
from cli.output import clock, day, file_bytes, lang, lines, show_json
from correspondence.ink.act_papers import (
    ActPaper,
    EnteredPaper,
    confirm_act_paper,
    enter_act_paper,
    entered_papers,
    return_act_paper,
)
from models.database import engine, reading, writing
from templates.formats import date_vi
from templates.words import pick, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
Entry = Annotated[int, typer.Argument(help="The fact by which the paper was entered.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("act-paper-enter")(enter_command)
    app.command("act-paper-confirm")(confirm_command)
    app.command("act-paper-return")(return_command)
    app.command("act-papers")(list_command)


def enter_command(
    ref: str,
    act: Annotated[int, typer.Argument(help="The fact of the act that has no paper (papers_to_enter of the case).")],
    by: By,
    symbol: Annotated[str, typer.Option(help="Number and symbol on the paper, such as 15/QĐ-UBND.")],
    on: Annotated[str, typer.Option("--on", help="The day on the paper.")],
    signer: Annotated[str, typer.Option(help="The name on the paper.")],
    file: Annotated[Path, typer.Option(help="The scan: PDF, PNG, JPG, TIF.")],
    authority: Annotated[str, typer.Option(help="KT | TL | TUQ | Q; TM or nothing for the head.")] = "",
    json: Json = False,
) -> None:
    """Enter the paper of an act that was recorded without one; another person confirms it from the scan."""
    paper = ActPaper(symbol, day("--on", on), signer, authority, (file.name, file_bytes(file)))
    with writing(engine()) as connection:
        made = enter_act_paper(connection, ref, act, paper, actor(connection, by), clock=clock())
    _tell("cli.act_paper_entered", {"ref": ref, "act": act, "entry": made}, json)


def confirm_command(ref: str, entry: Entry, by: By, json: Json = False) -> None:
    """Confirm a paper as entered: the act has its paper from then on."""
    with writing(engine()) as connection:
        confirm_act_paper(connection, ref, entry, actor(connection, by), clock=clock())
    _tell("cli.act_paper_confirmed", {"ref": ref, "entry": entry}, json)


def return_command(
    ref: str, entry: Entry, by: By, remarks: Annotated[str, typer.Option(help="Why.")], json: Json = False
) -> None:
    """Return a paper that is not confirmed, or take one's own entry back."""
    with writing(engine()) as connection:
        return_act_paper(connection, ref, entry, actor(connection, by), remarks, clock=clock())
    _tell("cli.act_paper_returned", {"ref": ref, "entry": entry}, json)


def list_command(by: By, json: Json = False) -> None:
    """List the papers of acts that wait for a second person."""
    with reading(engine()) as connection:
        found = entered_papers(connection, actor(connection, by))
    if json:
        show_json([_document(item) for item in found])
        return
    lines([_line(item) for item in found])


def _document(item: EnteredPaper) -> dict[str, Any]:
    said = item.entry.data
    return {
        "ref": item.ref, "entry": item.entry.seq, "act": item.act.seq, "verb": item.act.kind, "letter": said["letter"],
        "symbol": said["symbol"], "signed_on": item.signed_on, "signer": said["signer"],
        "authority": said["authority"], "scan": list(item.entry.evidence), "entered_by": item.entry.by,
    }  # fmt: skip


def _line(item: EnteredPaper) -> tuple[str, ...]:
    said = item.entry.data
    return (
        item.ref, str(item.entry.seq), pick(item.label, lang()), said["symbol"], date_vi(item.signed_on),
        said["signer"], item.entry.by,
    )  # fmt: skip


def _tell(key: str, document: dict[str, Any], json: bool) -> None:
    if json:
        show_json(document)
        return
    sys.stdout.write(t(key, lang(), **document) + "\n")
