"""The search of every page, from the command line."""

from typing import Annotated

import typer

from casework.office.people import actor
from cli.output import lang, lines, show_json
from correspondence.searching import KINDS, Hit, search
from letters.catalogue import letter_types
from models.database import engine, reading
from models.errors import WrongInput
from templates.formats import date_vi
from templates.words import pick, t


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("search")(search_command)


def search_command(
    words: Annotated[list[str], typer.Argument(help="Names or numbers, in any order, with or without accents.")],
    kind: Annotated[str, typer.Option(help="Only one kind: case, unit, letter, incoming or earlier.")] = "",
    by: Annotated[str, typer.Option("--by", help="As this person sees it: the sign-in name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Hits of each kind.")] = 20,
    json: Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")] = False,
) -> None:
    """Find units, cases, letters, incoming documents and earlier papers by parts of names and numbers."""
    if kind and kind not in KINDS:
        raise WrongInput("--kind", "not_an_option", value=kind, options=", ".join(KINDS))
    text = " ".join(words)
    with reading(engine()) as connection:
        person = actor(connection, by) if by else None
        groups = search(connection, person, text, (kind,) if kind else KINDS, limit=limit)
    if json:
        show_json({"text": text, "groups": groups})
        return
    for group in groups:
        lines([(t(f"search.kind_{group.kind}", lang()), str(group.total))])
        lines([_line(hit) for hit in group.hits])
    if not groups:
        lines([(t("search.none", lang(), text=text) if text.strip() else t("search.hint", lang()),)])


def _line(hit: Hit) -> tuple[str, ...]:
    kind = letter_types().get(hit.template)
    named = f"{pick(kind.title, lang())}: {hit.name}" if kind else hit.name
    first = hit.ref if hit.kind == "case" else str(hit.id)
    rest = (
        hit.number,
        hit.body,
        hit.commune,
        hit.district,
        date_vi(hit.on),
        t("search.closed", lang()) if hit.closed else "",
    )
    return (f"  {first}", named, hit.ref if hit.kind != "case" else "", *rest)
