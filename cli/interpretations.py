"""Unclear points of the law from the command line: the cases that hang on them, and ruling once."""

import sys
from typing import Annotated

import typer

from casework.interpretations import Question, questions, rule
from cli.output import clock, lang, lines, show_json
from models.clock import HANOI
from models.database import engine, reading
from models.errors import WrongInput
from templates.formats import date_vi
from templates.words import pick, t


def register(app: typer.Typer) -> None:
    """Hang the command on the application."""
    app.command("interpretations")(interpretations_command)


def interpretations_command(
    rule_: Annotated[str, typer.Option("--rule", help="The key of the point that is ruled on.")] = "",
    chosen: Annotated[str, typer.Option("--reading", help="The reading that holds from now on.")] = "",
    reason: str = "",
    by: Annotated[str, typer.Option(help="The sign-in name of the legal office or a city leader.")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Where the law is unclear: the cases in which the readings differ; with --rule, record a ruling."""
    given = [rule_, chosen, reason, by]
    if any(given):
        if not all(given):
            raise WrongInput("--rule", "ruling_incomplete")
        rule(engine(), rule_, chosen, reason=reason, by=by, clock=clock())
        sys.stdout.write(t("interpretations.recorded", lang(), point=rule_) + "\n")
        return
    with reading(engine()) as connection:
        found = questions(connection)
    if json:
        show_json(found)
        return
    for item in found:
        _show(item)


def _show(item: Question) -> None:
    point, ruling = item.point, item.ruling
    sys.stdout.write(f"{point.key}: {pick(point.question, lang())}\n")
    if ruling is None:
        sys.stdout.write(t("interpretations.open", lang()) + "\n")
    else:
        words, on = point.readings[ruling.reading], date_vi(ruling.at.astimezone(HANOI).date())
        told = t("interpretations.ruled", lang(), reading=words, by=ruling.by, on=on, reason=ruling.reason)
        sys.stdout.write(told + "\n")
    still = t("interpretations.still", lang())
    rows = [
        (case.ref, *(f"{pick(point.readings[key], lang())}: {date_vi(end) or still}" for key, end in case.ends.items()))
        for case in item.cases
    ]
    lines([(point.key, *row) for row in rows])
    if not rows:
        sys.stdout.write(t("interpretations.same", lang()) + "\n")
    sys.stdout.write("\n")
