"""Commands for papers that the office issued before it used the software: list, record, add a case."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from casework.office.people import actor
from cli.output import clock, day, file_bytes, lang, lines, show_json
from correspondence.ink.earlier_papers import EarlierPaper, earlier, record_earlier, tie_earlier
from models.database import engine, reading, writing
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
earlier_app = typer.Typer(help="Papers from before the software.", no_args_is_help=True)
_KEYS = (
    "id",
    "office",
    "body",
    "symbol",
    "issued_on",
    "summary",
    "signer",
    "template",
    "sha256",
    "name",
    "recorded_by",
)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(earlier_app, name="earlier-papers")
    for name, command in (("list", list_command), ("add", add_command), ("tie", tie_command)):
        earlier_app.command(name)(command)


def list_command(by: By, search: str = "", json: Json = False) -> None:
    """List the papers of the person's office."""
    with reading(engine()) as connection:
        rows = earlier(connection, actor(connection, by), search=search)
    if json:
        show_json([{key: row[key] for key in _KEYS} | {"refs": [ref for ref, _ in row["refs"]]} for row in rows])  # type: ignore[literal-required]
        return
    lines(
        [
            (str(row["id"]), row["symbol"], date_vi(row["issued_on"]), row["body"], row["summary"],
             ", ".join(ref for ref, _ in row["refs"]))
            for row in rows
        ]
    )  # fmt: skip


def add_command(
    body: Annotated[str, typer.Argument(help="The issuer, as the paper names it.")],
    symbol: Annotated[str, typer.Argument(help="Number and symbol, such as 15/QĐ-UBND.")],
    on: Annotated[str, typer.Option("--on", help="The day of the paper.")],
    summary: Annotated[str, typer.Option(help="What it says in short.")],
    by: By,
    signer: str = "",
    template: Annotated[str, typer.Option(help="The letter type it corresponds to.")] = "",
    ref: Annotated[list[str] | None, typer.Option("--ref", help="A case; may be given many times.")] = None,
    file: Annotated[Path | None, typer.Option(help="Its scan.")] = None,
    json: Json = False,
) -> None:
    """Record a paper; it gets no place in a number book."""
    scan = (file.name, file_bytes(file)) if file is not None else None
    paper = EarlierPaper(body, symbol, day("--on", on), summary, signer, template, ref or (), scan)
    with writing(engine()) as connection:
        made = record_earlier(connection, paper, by=actor(connection, by), clock=clock())
    if json:
        show_json({"id": made})
        return
    sys.stdout.write(t("cli.earlier_recorded", lang(), number=made) + "\n")


def tie_command(paper: int, ref: str, by: By, json: Json = False) -> None:
    """Record that a paper is about a case too."""
    with writing(engine()) as connection:
        tie_earlier(connection, paper, ref, by=actor(connection, by))
    if json:
        show_json({"id": paper})
