"""Commands for letters signed in ink: enter from the scan, confirm, return, take back, list."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.office.people import actor
from cli.output import clock, day, file_bytes, lang, lines, show_json
from correspondence.ink.ink_lists import to_confirm, to_enter
from correspondence.ink.signed_papers import InkPaper, confirm_papers, enter_papers, return_paper, withdraw_paper
from letters.catalogue import letter_type
from models.database import engine, reading, writing
from templates.formats import date_vi
from templates.words import pick, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
_ENTRY = ("id", "letter_id", "template", "ref", "signer", "authority", "number", "signed_on", "name", "sha256",
          "entered_by", "entered_at")  # fmt: skip
_WAITING = ("id", "template", "status", "ref", "unit_name", "since_on")


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("letter-enter-signed")(enter_command)
    app.command("letter-confirm-signed")(confirm_command)
    app.command("letter-return-signed")(return_command)
    app.command("letters-signed")(list_command)


def enter_command(
    letter: int,
    by: By,
    signer: Annotated[str, typer.Option(help="The name on the paper.")],
    on: Annotated[str, typer.Option("--on", help="The day on the paper.")],
    file: Annotated[Path, typer.Option(help="The scan: PDF, PNG, JPG, TIF.")],
    authority: Annotated[str, typer.Option(help="KT | TL | TUQ | Q; TM or nothing for the head.")] = "",
    number: Annotated[str, typer.Option(help="The number on the paper, where the book is kept on paper.")] = "",
    json: Json = False,
) -> None:
    """Enter a letter that was signed in ink; another person confirms it from the scan."""
    paper = InkPaper(letter, signer, authority, day("--on", on), number, (file.name, file_bytes(file)))
    with writing(engine()) as connection:
        made = enter_papers(connection, [paper], actor(connection, by), clock=clock())[0]
    _tell("cli.ink_entered", {"paper": made, "letter": letter}, json)


def confirm_command(papers: list[int], by: By, json: Json = False) -> None:
    """Confirm one or many entries, all or none; where the book is on paper the letters are issued by it."""
    with writing(engine()) as connection:
        issued = confirm_papers(connection, papers, actor(connection, by), clock=clock())
    _tell("cli.ink_confirmed", {"papers": papers, "issued": issued, "count": len(papers)}, json)


def return_command(
    paper: int,
    by: By,
    remarks: Annotated[str, typer.Option(help="Why; needed of a second person.")] = "",
    take_back: Annotated[bool, typer.Option("--take-back", help="Take one's own entry back.")] = False,
    json: Json = False,
) -> None:
    """Send an entry back to who made it, or take one's own back."""
    with writing(engine()) as connection:
        person = actor(connection, by)
        if take_back:
            withdraw_paper(connection, paper, person, clock=clock())
        else:
            return_paper(connection, paper, person, remarks, clock=clock())
    _tell("cli.ink_undone", {"paper": paper}, json)


def list_command(
    by: By, waiting: Annotated[bool, typer.Option(help="Letters to enter.")] = False, json: Json = False
) -> None:
    """List the entries that wait to be confirmed, or the letters that can be entered."""
    with reading(engine()) as connection:
        person = actor(connection, by)
        found = to_enter(connection, person) if waiting else [item["entry"] for item in to_confirm(connection, person)]
    names = _WAITING if waiting else _ENTRY
    rows: list[dict[str, Any]] = [_columns(row, names) for row in found]  # type: ignore[arg-type]
    if json:
        show_json(rows)
        return
    lines([_line(row) for row in rows])


def _columns(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    name = pick(letter_type(row["template"]).title, lang())
    if "signer" not in row:
        return str(row["id"]), t(f"letters.status_{row['status']}", lang()), row["ref"], name
    right = f"{row['authority']}. " if row["authority"] else ""
    number = "" if row["number"] is None else str(row["number"])
    return str(row["id"]), row["ref"], name, right + row["signer"], number, date_vi(row["signed_on"]), row["entered_by"]


def _tell(key: str, document: dict[str, Any], json: bool) -> None:
    if json:
        show_json(document)
        return
    sys.stdout.write(t(key, lang(), **document) + "\n")
