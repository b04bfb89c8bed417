"""Commands for the machine's clock: what is known of it, and a person's word that it is right."""

import sys
from typing import Annotated

import typer

from casework.office import clock_confirmation
from casework.office.people import actor
from cli.output import lang, show_json
from models.clock_watch import Jump, jump_of, read_clock, shown
from models.database import engine, reading, writing
from templates.words import t

JUMPED = 7  # exit code of `show`
Json = Annotated[bool, typer.Option("--json")]
clock_app = typer.Typer(help="The machine's clock, by which is said when something was recorded.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(clock_app, name="clock")
    clock_app.command("show")(show_command)
    clock_app.command("confirm")(confirm_command)


def show_command(json: Json = False) -> None:
    """Say what the clock says, and whether it jumped; exit code 7 while nothing can be recorded because of it."""
    with reading(engine()) as connection:
        jump = jump_of(connection)
    _tell(jump, json)
    if jump is not None:
        raise typer.Exit(JUMPED)


def confirm_command(
    by: Annotated[str, typer.Option("--by", help="Administrator, manager or leader of the city.")],
    reason: Annotated[str, typer.Option("--reason")],
    json: Json = False,
) -> None:
    """Confirm that the clock is right now, although it jumped."""
    with writing(engine(), any_clock=True) as connection:
        clock_confirmation.confirm(connection, actor(connection, by), reason)
    _tell(None, json)


def _tell(jump: Jump | None, json: bool) -> None:
    now = shown(jump.now if jump else read_clock().at)
    if json:
        show_json({"now": now, "expected": shown(jump.expected) if jump else None, "jumped": jump is not None})
        return
    said = t("errors.clock_jumped", lang(), now=now, expected=shown(jump.expected)) if jump else ""
    sys.stdout.write((said or t("clock.steady", lang(), now=now)) + "\n")
