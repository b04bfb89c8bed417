"""The list of cases; apart from what is done to cases, so that a list imports nothing of letters and acts."""

import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from casework.as_of import AsOf
from casework.lists.as_of_tables import lists_as_of
from casework.lists.listed_case import ListedCase
from casework.lists.worklist import Filter, worklist
from cli.output import clock, day, lang, lines, show_json
from models.database import engine, reading
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("cases")(cases_command)


def cases_command(
    stage: str = "",
    district: str = "",
    officer: str = "",
    late: bool = False,
    obstacle: str = "",
    search: str = "",
    closed: bool = False,
    unserved: Annotated[bool, typer.Option("--unserved", help="A clock waits for proof of service.")] = False,
    as_of: Annotated[str, typer.Option(help="As they were on a day.")] = "",
    known_on: Annotated[str, typer.Option(help="As they were known on a day.")] = "",
    limit: int = 200,
    json: Json = False,
) -> None:
    """List cases, worst first; now, or as they were or were known on a day."""
    filters = Filter(
        district=district or None,
        officer=officer or None,
        stage=stage or None,
        obstacle=obstacle or None,
        search=search or None,
        late=late,
        closed=closed,
        unserved=unserved,
    )
    today, at = clock().today(), AsOf(day("--as-of", as_of), day("--known-on", known_on))
    with reading(engine()) as connection, lists_as_of(connection, at, filters.district):
        page = worklist(connection, filters, at.day(today), limit=limit)
    if json:
        days = {"today": today, "as_of": at.as_of, "known_on": at.known_on}
        show_json(days | {"total": page.total, "cases": [_short(row) for row in page.rows]})
        return
    lines([_line(row) for row in page.rows])
    sys.stdout.write(t("cli.cases_total", lang(), shown=len(page.rows), total=page.total) + "\n")


_HIDDEN = ("id", "unit_id", "officer_name")


def _short(row: ListedCase) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if name not in _HIDDEN}


def _line(row: ListedCase) -> tuple[str, ...]:
    light = t(f"casework.light_{row.light}", lang())
    return row.ref, light, date_vi(row.legal_on), date_vi(row.target_on), row.state, row.unit_name
