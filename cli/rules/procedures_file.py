"""Commands for procedure files: begin, check and draw."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from cli.output import lang
from letters.template_terms import named_in_letters
from models.errors import WrongInput
from procedures.definition.drawing import mermaid, svg
from procedures.definition.loader import ProcedureBroken, load
from templates.words import t

STARTER = "starter.yaml"
procedure_app = typer.Typer(help="Procedure files.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(procedure_app, name="procedure")


@contextmanager
def explaining() -> Iterator[None]:
    """Print every problem of an invalid file: file, line, key, remedy."""
    try:
        yield
    except ProcedureBroken as broken:
        for problem in broken.problems:
            sys.stderr.write(t(f"errors.{problem.code}", lang(), **problem.params) + "\n")
        raise typer.Exit(2) from None


@procedure_app.command("check")
def check_command(file: Path) -> None:
    """Check a procedure file and report every problem."""
    if not file.is_file():
        raise WrongInput("FILE", "no_such_file", path=str(file))
    with explaining():
        procedure = load(file, named_in_letters())
    if procedure.procedure != (own := load().procedure):
        raise WrongInput("procedure", "another_procedure", found=procedure.procedure, own=own)
    counts = {name: len(getattr(procedure, name)) for name in ("states", "verbs", "deadlines")}
    sys.stdout.write(t("procedure.holds", lang(), file=file.name, **counts) + "\n")


@procedure_app.command("new")
def new_command(file: Path) -> None:
    """Write a small procedure to start from into a new file; docs/procedure-reference.md has every word of it."""
    text = files("procedures").joinpath(STARTER).read_text(encoding="utf-8")
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise WrongInput("FILE", "file_is_there", path=str(file)) from None
    except OSError as error:
        raise WrongInput("FILE", "file_not_written", path=str(file), why=error.strerror or "") from None
    sys.stdout.write(t("procedure.begun", lang(), file=str(file)) + "\n")


@procedure_app.command("draw")
def draw_command(
    file: Annotated[Path | None, typer.Argument()] = None,
    as_mermaid: Annotated[bool, typer.Option("--mermaid", help="Mermaid text instead of SVG.")] = False,
) -> None:
    """Draw the states and the verbs between them, to standard output."""
    procedure = load(file)
    sys.stdout.write(mermaid(procedure, lang()) if as_mermaid else svg(procedure, lang()))
