"""Commands for what dissolved units have not handed in: the list, and what became of a thing."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from casework.office.people import actor
from casework.outstanding_entries import OUTCOMES, Entry, confirm, enter, take_back
from cli.output import clock, day, file_bytes, lang, lines, show_json
from models.database import engine, reading, writing
from oversight.outstanding import KINDS, STATUSES, Wanted, counts_of, outstanding
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("outstanding")(list_command)
    app.command("outstanding-enter")(enter_command)
    app.command("outstanding-confirm")(confirm_command)
    app.command("outstanding-take-back")(take_back_command)


def list_command(
    by: By,
    kind: Annotated[str, typer.Option(help=" | ".join(KINDS))] = "",
    status: Annotated[str, typer.Option(help=f"{' | '.join(STATUSES)} | all; else what is not recovered.")] = "",
    commune: Annotated[str, typer.Option(help="Code of a commune.")] = "",
    year: Annotated[int | None, typer.Option(help="Of the closing.")] = None,
    json: Json = False,
) -> None:
    """List the seals, certificates and other things that dissolved units have not handed in."""
    with reading(engine()) as connection:
        items = outstanding(connection, actor(connection, by).district)
    wanted = Wanted(kind, status, commune, year)
    found = [item for item in items if wanted.takes(item)]
    if json:
        show_json({"counts": counts_of(items), "items": [asdict(item) | {"year": item.year} for item in found]})
        return
    lines(
        [
            (
                item.ref, t(f"outstanding.kind_{item.kind}", lang()), t(f"outstanding.status_{item.status}", lang()),
                date_vi(item.on), item.unit_name,
            )
            for item in found
        ]
    )  # fmt: skip


def enter_command(
    ref: str,
    kind: Annotated[str, typer.Argument(help=" | ".join(KINDS))],
    outcome: Annotated[str, typer.Argument(help=" | ".join(OUTCOMES))],
    by: By,
    on: Annotated[str, typer.Option(help="The day; today unless given.")] = "",
    paper: Annotated[str, typer.Option(help="Number of the receipt or decision.")] = "",
    holder: Annotated[str, typer.Option(help="Who received it, or had it.")] = "",
    reason: Annotated[str, typer.Option(help="Why it lacks, or cannot be recovered.")] = "",
    evidence: Annotated[list[Path] | None, typer.Option(help="The proof.")] = None,
    json: Json = False,
) -> None:
    """Record what became of a thing of a dissolved unit, also after the closing of its case."""
    office_clock = clock()
    files = [(path.name, file_bytes(path, "--evidence")) for path in evidence or []]
    entry = Entry(kind, outcome, day("--on", on) or office_clock.today(), paper, holder, reason, files)
    with writing(engine()) as connection:
        number = enter(connection, ref, entry, actor(connection, by), clock=office_clock)
    _say(number, json)


def confirm_command(number: int, by: By, json: Json = False) -> None:
    """Approve, as the second person, that a thing cannot be recovered."""
    with writing(engine()) as connection:
        made = confirm(connection, number, actor(connection, by), clock=clock())
    _say(made, json)


def take_back_command(
    number: int, by: By, reason: Annotated[str, typer.Option()] = "", json: Json = False
) -> None:  # fmt: skip
    """Take back an entry that is wrong; it stays on file with the reason."""
    with writing(engine()) as connection:
        made = take_back(connection, number, reason, actor(connection, by), clock=clock())
    _say(made, json)


def _say(number: int, json: bool) -> None:
    if json:
        show_json({"entry": number})
        return
    sys.stdout.write(t("cli.outstanding_entered", lang(), number=number) + "\n")
