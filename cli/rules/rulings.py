"""Commands for unclear points of the law: the affected cases, and rulings."""

import sys
from typing import Annotated

import typer

from casework.office.people import actor
from cli.output import clock, lang, lines, show_json
from cli.rules.moved_deadlines import show_moves
from models.clock import HANOI
from models.database import engine, reading
from models.errors import WrongInput
from rule_changes.rulings import Question, preview_ruling, questions, rule
from templates.formats import date_vi
from templates.words import pick, t


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("interpretations")(interpretations_command)


def interpretations_command(
    rule_: Annotated[str, typer.Option("--rule", help="The key of the point that is ruled on.")] = "",
    chosen: Annotated[str, typer.Option("--reading", help="The reading that holds from now on.")] = "",
    reason: str = "",
    by: Annotated[str, typer.Option(help="The sign-in name of the legal office or a city leader.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="What the ruling would move; nothing is changed.")] = False,
    seen: Annotated[str, typer.Option(help="The digest of the preview: other moves are refused.")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show unclear points of the law and the cases in which the readings differ; with --rule, record a ruling."""
    if any((rule_, chosen, reason, by, preview, seen)):
        if not all((rule_, chosen, by, reason or preview)):
            raise WrongInput("--rule", "ruling_incomplete")
        _rule(rule_, chosen, reason, by, preview, seen or None, json)
        return
    with reading(engine()) as connection:
        found = questions(connection)
    if json:
        show_json(found)
        return
    for item in found:
        _show(item)


def _rule(key: str, chosen: str, reason: str, by: str, preview: bool, seen: str | None, json: bool) -> None:
    if preview:
        with reading(engine()) as connection:
            moved = preview_ruling(connection, key, chosen, actor(connection, by), clock().today())
        show_moves(moved, json, "cli.would_move")
        return
    moved = rule(engine(), key, chosen, reason=reason, by=by, clock=clock(), seen=seen)
    if not json:
        sys.stdout.write(t("interpretations.recorded", lang(), point=key) + "\n")
    show_moves(moved, json, "cli.has_moved")


def _show(item: Question) -> None:
    point, ruling = item.point, item.ruling
    sys.stdout.write(f"{point.key}: {pick(point.question, lang())}\n")
    if ruling is None:
        sys.stdout.write(t("interpretations.open", lang()) + "\n")
    else:
        words, on = point.readings[ruling.reading], date_vi(ruling.at.astimezone(HANOI).date())
        line = t("interpretations.ruled", lang(), reading=words, by=ruling.by, on=on, reason=ruling.reason)
        sys.stdout.write(line + "\n")
    still = t("interpretations.still", lang())
    rows = [
        (case.ref, *(f"{pick(point.readings[key], lang())}: {date_vi(end) or still}" for key, end in case.ends.items()))
        for case in item.cases
    ]
    lines([(point.key, *row) for row in rows])
    if not rows:
        sys.stdout.write(t("interpretations.same", lang()) + "\n")
    sys.stdout.write("\n")
