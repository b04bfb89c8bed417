"""Letter templates from the command line: which there are, whether they hold together, how one looks."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.output import day, lang, lines, show_json
from letters.catalogue import TemplateError, letter_types
from letters.docx import docx
from letters.pdf import pdf
from letters.plain import plain
from letters.specimen import SIGNING_DAY, preview, problems
from templates.words import pick, t

template_app = typer.Typer(help="Letter templates.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Hang the commands on the application."""
    app.add_typer(template_app, name="template")


@template_app.command("list")
def list_command(json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Every letter type with its number in the catalogue."""
    kinds = sorted(letter_types().values(), key=lambda kind: (kind.document, kind.name))
    if json:
        show_json([{"name": kind.name, "document": kind.document, "title": dict(kind.title)} for kind in kinds])
        return
    lines([(kind.document, kind.name, kind.type, pick(kind.title, lang())) for kind in kinds])


@template_app.command("check")
def check_command() -> None:
    """Say what does not hold in any template: undefined names, unknown articles, missing recipients."""
    try:
        found = list(dict.fromkeys(problems()))
        count = len(letter_types())
    except TemplateError as error:
        found, count = [str(error)], 0
    for problem in found:
        sys.stderr.write(problem + "\n")
    if found:
        raise typer.Exit(2)
    sys.stdout.write(t("cli.templates_hold", lang(), count=count) + "\n")


@template_app.command("preview")
def preview_command(
    name: str,
    on: Annotated[str, typer.Option(help="Day of issue: chooses the form and the law.")] = "",
    pdf_to: Annotated[Path | None, typer.Option("--pdf")] = None,
    docx_to: Annotated[Path | None, typer.Option("--docx")] = None,
) -> None:
    """Show a letter type filled with invented data."""
    letter = preview(name, day("--on", on) or SIGNING_DAY)
    if pdf_to is not None:
        pdf_to.write_bytes(pdf(letter))
    if docx_to is not None:
        docx_to.write_bytes(docx(letter))
    if pdf_to is None and docx_to is None:
        sys.stdout.write(plain(letter))
    for item in letter.unverified:
        sys.stderr.write(t("cli.to_be_verified", lang(), text=item.text, source=item.source) + "\n")
