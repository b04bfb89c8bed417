"""Commands for numbers from books on paper: list the letters that wait, number many at once."""

import re
from pathlib import Path
from typing import Annotated

import typer

from casework.office.people import actor
from cli.letters.bulk import By, Json, bulk_app, say, watched
from cli.output import clock, lang, lines, mark_in, scanned_bytes, show_json, write_file
from correspondence.bulk.batch_rows import one_batch
from correspondence.bulk.number_file import number_form, read_numbers
from correspondence.bulk.paper_numbers import PaperNumber, number_from_paper, to_number
from correspondence.number_book import issuer_names
from letters.catalogue import letter_type
from models.database import engine, reading
from models.errors import WrongInput
from templates.formats import date_vi
from templates.words import pick
from templates.words import say as sentence

_PAIR = re.compile(r"(\d{1,9})=([^@]*)(?:@(.*))?", re.ASCII)


def register(app: typer.Typer) -> None:
    """Register the commands on `bulk`."""
    bulk_app.command("to-number")(list_command)
    bulk_app.command("number")(number_command)


def list_command(
    by: By,
    batch: Annotated[int | None, typer.Option(help="Only the letters of a batch.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write them as an XLSX to fill in.")] = None,
    json: Json = False,
) -> None:
    """List the signed letters that wait for a number from a book on paper."""
    with reading(engine()) as connection:
        person = actor(connection, by)
        if batch is not None:
            one_batch(connection, batch, person)
        found = to_number(connection, person, clock().today(), batch)
        book_name = issuer_names(connection)
    if out is not None:
        write_file(out, number_form(found, book_name, lang(), mark_in(lang())))
    names = ("id", "template", "symbol", "ref", "unit_name", "batch_id")
    if json:
        show_json(
            [{name: item.row[name] for name in names} | {"book": item.book, "signed_on": item.signed_on}  # type: ignore[literal-required]
             for item in found]
        )  # fmt: skip
        return
    lines([
        (str(item.row["id"]), item.row["symbol"], item.book, date_vi(item.signed_on), item.row["ref"],
         pick(letter_type(item.row["template"]).title, lang()))
        for item in found
    ])  # fmt: skip


def number_command(
    by: By,
    pairs: Annotated[list[str] | None, typer.Argument(metavar="LETTER=NUMBER[@DAY]...")] = None,
    file: Annotated[Path | None, typer.Option(help="XLSX or CSV as `to-number --out` writes it, filled in.")] = None,
    on: Annotated[str, typer.Option("--on", help="The day of every letter that has none of its own.")] = "",
    json: Json = False,
) -> None:
    """Number letters as the clerk wrote on the papers, all or none; gaps and any order are right."""
    with reading(engine()) as connection:
        person = actor(connection, by)
    try:
        typed = [_pair(text, on) for text in pairs or ()]
        if file is not None:
            typed += read_numbers(scanned_bytes(file), file.name, on)
        with watched(json, "bulk.printing") as progress:
            issued = number_from_paper(engine(), typed, person, clock=clock(), progress=progress)
    except WrongInput as error:
        _show_wrong(error, json)
        raise typer.Exit(2) from None
    if json:
        show_json({"issued": issued, "count": len(issued), "wrong": []})
        return
    say("paper_numbers.done", count=len(issued))


def _show_wrong(error: WrongInput, json: bool) -> None:
    """Every wrong cell, with the letter of its line."""
    cells = [(*one.field.partition(".")[::2], sentence(one, lang())) for one in error.every]
    if json:
        wrong = [{"cell": cell, "letter": int(letter or 0), "error": text} for cell, letter, text in cells]
        show_json({"issued": [], "count": 0, "wrong": wrong})
        return
    lines([(letter, text) for _, letter, text in cells])


def _pair(text: str, day: str) -> PaperNumber:
    found = _PAIR.fullmatch(text.strip())
    if found is None:
        raise WrongInput("LETTER=NUMBER", "numbers_not_a_pair", value=text[:60])
    return PaperNumber(int(found[1]), found[2], found[3] or day)
