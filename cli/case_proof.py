"""The command that proves a case with one file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from audit_log.sequencer import sequence
from casework.case_view import find
from casework.office.people import actor
from cli.output import lang, show_json, write_file
from correspondence.case_proof import prove
from models.clock import SystemClock
from models.database import engine, reading
from models.settings import settings
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("prove")(prove_command)


def prove_command(
    ref: Annotated[str, typer.Argument(help="The case.")],
    by: Annotated[str, typer.Option("--by", help="Login of the person who asks.")],
    into: Annotated[Path, typer.Option("--into", help="Folder for the file.")] = Path(),
    json: Json = False,
) -> None:
    """Write one file that proves a case: facts, papers, evidence, sums of dates, their places in the signed log."""
    folder, now = settings().data.resolve(), SystemClock().now()
    with reading(engine()) as connection:
        find(connection, ref, actor(connection, by))
    sequence(engine(), folder, now)
    with reading(engine()) as connection:
        proof = prove(connection, ref, folder, now, lang())
    path = into / proof.name
    write_file(path, proof.content)
    if json:
        show_json({"case": ref, "file": str(path), "bytes": len(proof.content)})
    else:
        sys.stdout.write(t("cli.proven", lang(), path=path) + "\n")
