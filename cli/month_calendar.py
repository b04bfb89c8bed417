"""The month calendar of every page, from the command line."""

from dataclasses import asdict
from typing import Annotated

import typer

from casework.lists.month_calendar import entry_label, month_dates, month_from, month_of
from casework.lists.worklist import Filter
from casework.office.people import actor
from cli.output import clock, lang, lines, show_json
from cli.rules.time import calendar_app
from models.database import engine, reading
from models.errors import WrongInput
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t


def register(_: typer.Typer) -> None:
    """Register the command."""
    calendar_app.command("month")(month_command)


def month_command(
    month: Annotated[str, typer.Argument(help="MM/YYYY or YYYY-MM; this month unless given.")] = "",
    by: Annotated[str, typer.Option("--by", help="As this person sees it: the sign-in name.")] = "",
    officer: Annotated[str, typer.Option(help="Only the cases of this case officer: the sign-in name.")] = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")] = False,
) -> None:
    """List the legal limits, dates of the plan and days set of a month, day by day."""
    today = clock().today()
    asked = month_from(month, today)
    if asked is None:
        raise WrongInput("MONTH", "not_a_month", value=month)
    first, last = month_of(asked)
    with reading(engine()) as connection:
        person = actor(connection, by) if by else None
        own = person is not None and person.role == "case_officer" and not officer
        wanted = Filter(
            district=person.district if person else None, officer=officer or None,
            officer_ids=(person.id,) if person is not None and own else (),
        )  # fmt: skip
        found, versions = month_dates(connection, wanted, first, last, today), Versions(connection)
        listed = [(entry, entry_label(versions, entry, lang())) for day in found.entries.values() for entry in day]
    if json:
        entries = [asdict(entry) | {"label": label} for entry, label in listed]
        counts = [{"on": day, **kinds} for day, kinds in sorted(found.counts.items())]
        show_json({"first": first, "last": last, "entries": entries, "counts": counts})
        return
    lines([
        (date_vi(entry.on), t(f"calendar.{entry.kind}", lang()), label, entry.ref, entry.unit_name)
        for entry, label in listed
    ])  # fmt: skip
    if not listed:
        lines([(t("calendar.nothing", lang()),)])
