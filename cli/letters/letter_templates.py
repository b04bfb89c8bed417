"""Commands for letter templates: list, check, preview."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import day, lang, lines, show_json, write_file
from letters.catalogue import LetterType, TemplateError, documents, letter_type, letter_types
from letters.checking import problems
from letters.output.docx import docx
from letters.output.pdf import pdf
from letters.output.plain import plain
from letters.specimen import SIGNING_DAY, preview
from models.errors import WrongInput
from templates.words import pick, t


class Level(StrEnum):
    """The level of the case of a letter."""

    DISTRICT = "district"
    CITY = "city"


template_app = typer.Typer(help="Letter templates.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(template_app, name="template")


@template_app.command("list")
def list_command(json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List every letter type with its number in the catalogue, and the documents that only come in."""
    kinds = sorted(letter_types().values(), key=lambda kind: (kind.document, kind.name))
    only_in = {key: item for key, item in documents().items() if item["by"] == "others"}
    if json:
        show_json([_listed(kind) for kind in kinds] + [_only_in(key, item) for key, item in only_in.items()])
        return
    rows = [(kind.document, kind.name, kind.type, pick(kind.title, lang())) for kind in kinds]
    rows += [(key, "-", "-", pick(item, lang())) for key, item in only_in.items()]
    lines(sorted(rows))


def _listed(kind: LetterType) -> dict[str, Any]:
    about = {"name": kind.name, "document": kind.document, "type": kind.type, "title": dict(kind.title)}
    return about | {"levels": list(kind.levels), "incoming": kind.incoming}


def _only_in(document: str, item: Mapping[str, str]) -> dict[str, Any]:
    title = {language: item[language] for language in ("vi", "en")}
    return {"name": None, "document": document, "type": None, "title": title, "levels": [], "incoming": True}


@template_app.command("check")
def check_command() -> None:
    """Report problems of all templates: undefined names, unknown articles, missing recipients."""
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
    level: Annotated[Level, typer.Option(help="Whose case it is about.")] = Level.DISTRICT,
    voluntary: Annotated[bool, typer.Option(help="Of a unit whose members resolved to dissolve.")] = False,
    blank: Annotated[bool, typer.Option(help="Nothing filled in.")] = False,
    pdf_to: Annotated[Path | None, typer.Option("--pdf")] = None,
    docx_to: Annotated[Path | None, typer.Option("--docx")] = None,
) -> None:
    """Show a letter type filled with invented data, or as a blank form."""
    kind, way = letter_type(name), "voluntary" if voluntary else "compulsory"
    if level not in kind.levels:
        raise WrongInput("--level", "not_an_option", value=level.value, options=", ".join(kind.levels))
    try:
        letter = preview(name, day("--on", on) or SIGNING_DAY, level, way, empty=blank)
    except TemplateError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from None
    if pdf_to is not None:
        write_file(pdf_to, pdf(letter))
    if docx_to is not None:
        write_file(docx_to, docx(letter))
    if pdf_to is None and docx_to is None:
        sys.stdout.write(plain(letter))
    for item in letter.unverified:
        sys.stderr.write(t("cli.to_be_verified", lang(), text=item.text, source=item.source) + "\n")
